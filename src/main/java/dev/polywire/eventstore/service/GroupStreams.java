package dev.polywire.eventstore.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.binding.BindingOptions;
import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.session.Attendance;
import dev.polywire.eventstore.session.EventStoreClient;
import dev.polywire.eventstore.session.PersistentBooks;
import dev.polywire.eventstore.session.PersistentChanges;
import dev.polywire.eventstore.wire.PersistentSubscriptionSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Persistent subscriptions of {@link EventStoreService}: their changes, their streams and their bindings. */
final class GroupStreams {

    /** That of a group whose settings do not say. */
    private static final int MESSAGE_TIMEOUT_MILLIS = 30_000;
    /** Before a message timeout an event must be settled or back. */
    private static final int SPARE_MILLIS = 5_000;
    /** Where no message times out. */
    private static final int BINDING_MILLIS = 30_000;

    private static final int MAX_IN_FLIGHT = 2_000;

    private final Vertx vertx;
    private final Connector connector;
    private final EventStoreClient client;
    private final PersistentChanges changes;
    private final PersistentBooks books = new PersistentBooks();
    private final MessageTimeouts timeouts = new MessageTimeouts();

    GroupStreams(Vertx vertx, Connector connector, EventStoreClient client) {
        this.vertx = vertx;
        this.connector = connector;
        this.client = client;
        this.changes = new PersistentChanges(client);
    }

    Future<Void> create(String streamId, String group, @Nullable JsonObject settings, Deadline deadline) {
        PersistentSubscriptionSettings read = GroupSettingsJson.read(streamId, group, Fields.at("settings", settings));
        return changes.create(read, null, deadline).onSuccess(done -> known(read));
    }

    Future<Void> update(String streamId, String group, @Nullable JsonObject settings, Deadline deadline) {
        PersistentSubscriptionSettings read = GroupSettingsJson.read(streamId, group, Fields.at("settings", settings));
        return changes.update(read, null, deadline).onSuccess(done -> known(read));
    }

    private void known(PersistentSubscriptionSettings settings) {
        timeouts.known(
                settings.eventStreamId(), settings.subscriptionGroupName(), settings.messageTimeoutMilliseconds());
    }

    Future<Void> delete(String streamId, String group, Deadline deadline) {
        return changes.delete(streamId, group, null, deadline).onSuccess(done -> timeouts.forget(streamId, group));
    }

    Future<JsonObject> consume(String streamId, String group, @Nullable JsonObject options, Deadline deadline) {
        Fields json = Fields.at("options", options);
        Attendance attendance =
                attendance(streamId, group, json.int32("inFlight", Attendance.IN_FLIGHT, 1, MAX_IN_FLIGHT));
        boolean text = ReadOptions.text(json);
        StreamForm form = json.oneOf("form", StreamForm.class, StreamForm.JSON);
        json.done();
        Supplier<Future<? extends StreamSource>> opening =
                () -> GroupStream.open(vertx, client, attendance, books, form, text, Long.MAX_VALUE, deadline);
        return connector.streams().open(form, opening);
    }

    Future<JsonObject> bind(
            String streamId, String group, String address, @Nullable JsonObject options, Deadline deadline) {
        Fields json = Fields.at("options", options);
        boolean text = ReadOptions.text(json);
        Integer known = timeouts.of(streamId, group);
        Integer timeoutMillis = json.has("messageTimeoutMillis")
                ? (Integer) json.int32("messageTimeoutMillis", 0, Integer.MAX_VALUE)
                : known;
        JsonObject others = options == null ? new JsonObject() : options.copy();
        others.remove("text");
        others.remove("messageTimeoutMillis");
        if (!others.containsKey("timeoutMillis")) {
            others.put("timeoutMillis", bindingMillis(timeoutMillis));
        }
        BindingOptions binding = BindingOptions.of(address, Fields.at("options", others));
        Attendance attendance = attendance(streamId, group, binding.prefetch());
        long keepMillis = mayKeepMillis(timeoutMillis);
        return connector
                .bindings()
                .bind(
                        binding,
                        () -> GroupStream.open(
                                vertx, client, attendance, books, StreamForm.JSON, text, keepMillis, deadline));
    }

    /** How long a binding waits for an answer: less than the server, which gives a late one to two consumers. */
    private static long bindingMillis(@Nullable Integer messageTimeoutMillis) {
        int said = messageTimeoutMillis == null ? MESSAGE_TIMEOUT_MILLIS : messageTimeoutMillis;
        return said == 0 ? BINDING_MILLIS : Math.max(1, mayKeepMillis(said));
    }

    private static long mayKeepMillis(@Nullable Integer messageTimeoutMillis) {
        return messageTimeoutMillis == null || messageTimeoutMillis == 0
                ? Long.MAX_VALUE
                : messageTimeoutMillis - Math.min(SPARE_MILLIS, messageTimeoutMillis / 2);
    }

    private static Attendance attendance(String streamId, String group, int inFlight) {
        return new Attendance(streamId, group, inFlight, Attendance.MAX_HELD_BYTES, null);
    }

    /** {@link PersistentBooks#counts}, of all streams and bindings. */
    JsonObject status() {
        JsonObject counts = new JsonObject();
        books.counts().forEach(counts::put);
        return counts;
    }
}
