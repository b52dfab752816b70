package dev.polywire.eventstore.service;

import dev.polywire.core.bus.Connector;
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

    static final int MAX_IN_FLIGHT = 2_000;

    private final Vertx vertx;
    private final Connector connector;
    private final EventStoreClient client;
    private final int inFlight;
    private final PersistentChanges changes;
    private final PersistentBooks books = new PersistentBooks();
    private final MessageTimeouts timeouts = new MessageTimeouts();

    /** @param inFlight events of a stream that does not say */
    GroupStreams(Vertx vertx, Connector connector, EventStoreClient client, int inFlight) {
        this.vertx = vertx;
        this.connector = connector;
        this.client = client;
        this.inFlight = inFlight;
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
        Attendance attendance = attendance(streamId, group, json.int32("inFlight", inFlight, 1, MAX_IN_FLIGHT));
        boolean text = ReadOptions.text(json);
        StreamForm form = json.oneOf("form", StreamForm.class, StreamForm.JSON);
        json.done();
        Supplier<Future<? extends StreamSource>> opening =
                () -> GroupStream.open(vertx, client, attendance, books, form, text, Long.MAX_VALUE, deadline);
        return connector.streams().open(form, opening);
    }

    Future<JsonObject> bind(
            String streamId, String group, String address, @Nullable JsonObject options, Deadline deadline) {
        GroupBinding binding =
                GroupBinding.of(streamId, group, address, Fields.at("options", options), timeouts.of(streamId, group));
        return connector.bindings().bind(binding.options(), () -> open(binding, deadline));
    }

    /** The events of a binding. */
    Future<GroupStream> open(GroupBinding binding, Deadline deadline) {
        Attendance attendance = attendance(
                binding.streamId(), binding.group(), binding.options().prefetch());
        return GroupStream.open(
                vertx, client, attendance, books, StreamForm.JSON, binding.text(), binding.mayKeepMillis(), deadline);
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
