package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.server.EventStoreServerOptions;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.ListeningNode;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.server.NodeEndpoints;
import dev.polywire.eventstore.server.ServerVersion;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.HeartbeatTimes;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Relay;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A server, a writer, and a reader whose connections go through a relay. */
final class FlowRoom implements AutoCloseable {

    private static final UserCredentials ADMIN = new UserCredentials.Password("admin", "changeit");
    /** A dead connection is noticed soon. */
    private static final HeartbeatTimes HEARTBEATS = new HeartbeatTimes(HeartbeatTimes.Rule.AFTER_SILENCE, 100, 200);

    private static final int LOGIN_MILLIS = 500;
    private static final int IN_FLIGHT = 100;
    private static final long DEADLINE_MILLIS = 20_000;

    final LocalEventStore store =
            LocalEventStore.start(EventStoreServerOptions.DEFAULT.like(ServerVersion.V20_10), NodeEndpoints.loopback());
    final ListeningNode node = store.server().nodes().get(0);
    final Relay relay = new Relay(store.port());
    final Vertx vertx = Vertx.vertx();
    final Context context = vertx.getOrCreateContext();
    final EventStoreClient writer = client(store.port(), ADMIN);
    final EventStoreClient client = client(relay.port(), ADMIN);

    /** One more, on the same context. @param user null: anonymous */
    EventStoreClient client(int port, UserCredentials user) {
        return client(port, user, HEARTBEATS, TcpPackage.MAX_BYTES);
    }

    /** One that takes no longer packages; an administrator, through the relay. */
    EventStoreClient limitedTo(int maxPackageBytes) {
        return client(relay.port(), ADMIN, HeartbeatTimes.CLIENT, maxPackageBytes);
    }

    private EventStoreClient client(int port, UserCredentials user, HeartbeatTimes heartbeats, int maxPackageBytes) {
        EventStoreClientOptions options = new EventStoreClientOptions(
                user,
                CredentialsLayout.PASSWORDS_OR_TOKEN,
                "flows",
                heartbeats,
                IN_FLIGHT,
                LOGIN_MILLIS,
                maxPackageBytes);
        return on(() -> {
            EventStoreClient made = new EventStoreClient(
                    vertx,
                    EndpointOptions.of("127.0.0.1", port),
                    EventStoreClusterOptions.NONE,
                    options,
                    Spi.NONE,
                    (state, cause) -> {},
                    QuickPauses.PAUSES);
            return made.start().map(made);
        });
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
        relay.close();
        store.close();
    }

    <T> T on(Supplier<Future<T>> work) {
        return Outcome.on(context, work);
    }

    /** What something is on the context. */
    <T> T ask(Supplier<T> what) {
        return on(() -> Future.succeededFuture(what.get()));
    }

    FlowReader reader(Supplier<EventFlow> open) {
        return new FlowReader(context, ask(open));
    }

    FlowReader catchUp(EventSource source, Resume from, FlowLimits limits) {
        return catchUp(client, source, from, limits);
    }

    FlowReader catchUp(EventStoreClient client, EventSource source, Resume from, FlowLimits limits) {
        return reader(() -> CatchUpFlow.open(client, source, from, limits));
    }

    FlowReader subscribe(EventStoreClient client, EventSource source, FlowLimits limits, long millis) {
        return reader(() -> VolatileFlow.open(client, source, limits, Deadline.after(vertx, millis)));
    }

    /** Events whose data are the numbers from {@code first} on. */
    void write(String stream, int first, int count) {
        write(stream, numbered(first, count));
    }

    /** The same with those numbers, each once whatever happens to connections. */
    void append(String stream, int first, int count) {
        send(new WriteMessage.WriteEvents(stream, first - 1, numbered(first, count), true));
    }

    private static List<NewEvent> numbered(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(number -> event("t", Integer.toString(number)))
                .toList();
    }

    void write(String stream, List<NewEvent> events) {
        send(new WriteMessage.WriteEvents(stream, -2, events, true));
    }

    static NewEvent event(String type, String data) {
        return new NewEvent(UUID.randomUUID(), type, NewEvent.BINARY, Buffer.buffer(data), Buffer.buffer());
    }

    void metadata(String stream, String json) {
        write(
                "$$" + stream,
                List.of(new NewEvent(
                        UUID.randomUUID(), "$metadata", NewEvent.JSON, Buffer.buffer(json), Buffer.buffer())));
    }

    void delete(String stream, boolean hard) {
        send(new WriteMessage.DeleteStream(stream, -2, true, hard));
    }

    EventStoreMessage send(EventStoreMessage question) {
        return on(() -> writer.send(
                new EventStoreCall(question, null, Deadline.after(vertx, DEADLINE_MILLIS)), Repetition.SAME_IDS));
    }

    void fail(FaultPlan plan) {
        Outcome.value(node.fail(plan));
    }

    /** All connections end, and nobody listens for that long; the store stays. */
    void closeListener(long millis) {
        Outcome.value(node.close());
        if (millis > 0) {
            Outcome.value(vertx.timer(millis));
        }
        Outcome.value(node.open());
    }

    /** The connections are there and say nothing more: the heartbeats find it. */
    void halfOpen() {
        relay.halfOpen();
    }

    void garbage() {
        relay.babble("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    static <T> T failure(Class<T> type, FlowReader reader) {
        return assertInstanceOf(type, reader.failure());
    }
}
