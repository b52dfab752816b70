package dev.polywire.eventstore.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.session.EventStoreClient;
import dev.polywire.eventstore.session.EventStoreTransaction;
import dev.polywire.eventstore.session.ReceivedEvent;
import dev.polywire.eventstore.session.Repetition;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ResolvedIndexedEvent;
import dev.polywire.eventstore.wire.WriteMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers {@link EventStoreService}. */
final class EventStoreEndpoint implements EventStoreService {

    private static final int DEFAULT_COUNT = 100;
    private static final long LAST = -1;

    private final Connector connector;
    private final EventStoreOptions configured;
    private final ServerCalls calls;
    private final StreamSettings settings;
    private final EventStreams streams;
    private final GroupStreams groups;
    private final EventStoreTransactions transactions;

    EventStoreEndpoint(Vertx vertx, Connector connector, EventStoreClient client, EventStoreOptions configured) {
        this.connector = connector;
        this.configured = configured;
        this.calls = new ServerCalls(client);
        this.settings = new StreamSettings(calls);
        this.streams = new EventStreams(connector, client, configured);
        this.groups = new GroupStreams(vertx, connector, client, configured.inFlight());
        this.transactions = new EventStoreTransactions(connector, client);
    }

    ServerCalls calls() {
        return calls;
    }

    GroupStreams groups() {
        return groups;
    }

    @Override
    public Future<JsonObject> append(
            String streamId, long expectedVersion, List<JsonObject> events, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        Fields json = Fields.at("options", options);
        boolean retryAny = retryAny(json);
        WriteMessage.WriteEvents write = new WriteMessage.WriteEvents(
                WriteJson.stream("streamId", streamId),
                WriteJson.expected(expectedVersion),
                WriteJson.events(events),
                requireLeader(json));
        json.done();
        return calls.ask(
                        write,
                        WriteMessage.WriteEventsCompleted.class,
                        WriteJson.repetition(expectedVersion, retryAny),
                        deadline)
                .map(WriteJson::json);
    }

    @Override
    public Future<JsonObject> deleteStream(String streamId, long expectedVersion, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        Fields json = Fields.at("options", options);
        boolean retryAny = retryAny(json);
        WriteMessage.DeleteStream delete = new WriteMessage.DeleteStream(
                WriteJson.stream("streamId", streamId),
                WriteJson.expected(expectedVersion),
                requireLeader(json),
                json.flag("hardDelete", false));
        json.done();
        return calls.ask(
                        delete,
                        WriteMessage.DeleteStreamCompleted.class,
                        WriteJson.repetition(expectedVersion, retryAny),
                        deadline)
                .map(WriteJson::json);
    }

    @Override
    public Future<JsonObject> readEvent(String streamId, long eventNumber, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        Fields json = Fields.at("options", options);
        if (eventNumber < LAST) {
            throw new FieldException("eventNumber", eventNumber + " (expected: 0 or more, or -1)");
        }
        ReadMessage.ReadEvent read = new ReadMessage.ReadEvent(
                WriteJson.stream("streamId", streamId),
                eventNumber,
                ReadOptions.resolveLinkTos(json),
                requireLeader(json));
        boolean text = ReadOptions.text(json);
        json.done();
        return calls.ask(read, ReadMessage.ReadEventCompleted.class, Repetition.READ, deadline)
                .map(done -> event(done.event(), text));
    }

    /** A stream of the system whose other stream is there: the server answers with success, and no event. */
    private static JsonObject event(ResolvedIndexedEvent read, boolean text) {
        if (read.event() == null && read.link() == null) {
            throw Failure.NOT_FOUND.because("NotFound", false, false, new JsonObject().put("reason", "NotFound"));
        }
        return EventJson.of(ReceivedEvent.of(read), text);
    }

    @Override
    public Future<JsonObject> readStream(String streamId, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        Fields json = Fields.at("options", options);
        ReadDirection direction = ReadOptions.direction(json);
        ReadMessage.ReadStreamEvents read = new ReadMessage.ReadStreamEvents(
                direction,
                WriteJson.stream("streamId", streamId),
                ReadOptions.from(json, direction),
                json.int32("maxCount", DEFAULT_COUNT, 1, EventStoreOptions.MAX_PAGE_EVENTS),
                ReadOptions.resolveLinkTos(json),
                requireLeader(json));
        SliceJson slice = new SliceJson(configured.maxSliceBytes(), ReadOptions.text(json));
        json.done();
        return calls.ask(read, ReadMessage.ReadStreamEventsCompleted.class, Repetition.READ, deadline)
                .map(slice::of);
    }

    @Override
    public Future<JsonObject> readAll(@Nullable JsonObject options) {
        Deadline deadline = deadline();
        Fields json = Fields.at("options", options);
        ReadDirection direction = ReadOptions.direction(json);
        Position from = ReadOptions.position(json, direction);
        int maxCount = json.int32("maxCount", DEFAULT_COUNT, 1, EventStoreOptions.MAX_PAGE_EVENTS);
        boolean resolve = ReadOptions.resolveLinkTos(json);
        boolean leader = requireLeader(json);
        SliceJson slice = new SliceJson(configured.maxSliceBytes(), ReadOptions.text(json));
        Filter filter = FilterJson.read(json);
        int window = json.int32("maxSearchWindow", maxCount, 1, Integer.MAX_VALUE);
        json.done();
        if (filter == null) {
            return calls.ask(
                            new ReadMessage.ReadAllEvents(direction, from, maxCount, resolve, leader),
                            ReadMessage.ReadAllEventsCompleted.class,
                            Repetition.READ,
                            deadline)
                    .map(slice::of);
        }
        return calls.ask(
                        new ReadMessage.FilteredReadAllEvents(
                                direction, from, maxCount, window, resolve, leader, filter),
                        ReadMessage.FilteredReadAllEventsCompleted.class,
                        Repetition.READ,
                        deadline)
                .map(slice::of);
    }

    @Override
    public Future<JsonObject> open(String streamId, @Nullable JsonObject options) {
        return streams.read(streamId, options);
    }

    @Override
    public Future<JsonObject> subscribeToStream(String streamId, @Nullable JsonObject options) {
        return streams.subscribe(streamId, options);
    }

    @Override
    public Future<JsonObject> subscribeToStreamFrom(
            String streamId, @Nullable JsonObject resume, @Nullable JsonObject options) {
        return streams.catchUp(streamId, resume, options);
    }

    @Override
    public Future<Void> createPersistentSubscription(String streamId, String group, @Nullable JsonObject settings) {
        return groups.create(streamId, group, settings, deadline());
    }

    @Override
    public Future<Void> updatePersistentSubscription(String streamId, String group, @Nullable JsonObject settings) {
        return groups.update(streamId, group, settings, deadline());
    }

    @Override
    public Future<Void> deletePersistentSubscription(String streamId, String group) {
        return groups.delete(streamId, group, deadline());
    }

    @Override
    public Future<JsonObject> consume(String streamId, String group, @Nullable JsonObject options) {
        return groups.consume(streamId, group, options, deadline());
    }

    @Override
    public Future<JsonObject> bind(String streamId, String group, String address, @Nullable JsonObject options) {
        return groups.bind(streamId, group, address, options, deadline());
    }

    @Override
    public Future<JsonObject> begin(String streamId, long expectedVersion, @Nullable JsonObject options) {
        Fields json = Fields.at("options", options);
        EventStoreTransaction.Terms terms =
                new EventStoreTransaction.Terms(streamId, expectedVersion, requireLeader(json), retryAny(json), null);
        json.done();
        return transactions.begin(terms);
    }

    @Override
    public Future<JsonObject> streamMetadata(String streamId) {
        return settings.metadata(streamId, configured.requireLeader(), deadline());
    }

    @Override
    public Future<JsonObject> setStreamMetadata(
            String streamId, long expectedVersion, JsonObject metadata, @Nullable JsonObject options) {
        Deadline deadline = deadline();
        Fields json = Fields.at("options", options);
        boolean leader = requireLeader(json);
        boolean retryAny = retryAny(json);
        json.done();
        return settings.setMetadata(streamId, expectedVersion, metadata, leader, retryAny, deadline);
    }

    @Override
    public Future<@Nullable JsonObject> systemSettings() {
        return settings.systemSettings(configured.requireLeader(), deadline());
    }

    @Override
    public Future<JsonObject> setSystemSettings(JsonObject settings) {
        return this.settings.setSystemSettings(settings, configured.requireLeader(), configured.retryAny(), deadline());
    }

    @Override
    public Future<JsonObject> scavenge() {
        return calls.send(new ConnectionMessage.ScavengeDatabase(), Repetition.ONCE, deadline())
                .map(ScavengeJson::of);
    }

    @Override
    public Future<JsonObject> ping() {
        return calls.send(new ConnectionMessage.Ping(Buffer.buffer()), Repetition.READ, deadline())
                .map(pong -> new JsonObject().put("node", calls.client().node()));
    }

    @Override
    public Future<JsonObject> status() {
        return Future.succeededFuture(connector
                .status()
                .put("subscriptions", streams.status())
                .put("persistentSubscriptions", groups.status())
                .put("node", calls.client().node()));
    }

    private boolean requireLeader(Fields json) {
        return json.flag("requireLeader", configured.requireLeader());
    }

    private boolean retryAny(Fields json) {
        return json.flag("retryAny", configured.retryAny());
    }

    private Deadline deadline() {
        return connector.requests().current().deadline();
    }
}
