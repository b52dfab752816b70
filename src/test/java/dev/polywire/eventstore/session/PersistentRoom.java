package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.HeartbeatTimes;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.PersistentSubscriptionSettings;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Relay;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server of our own behind a relay, a client of it that is an administrator, and a group of a stream. */
final class PersistentRoom implements AutoCloseable {

    static final String STREAM = "ponies";
    static final String GROUP = "g";
    static final String PARKED = "$persistentsubscription-ponies::g-parked";
    static final long LONG_MILLIS = 20_000;

    private static final UserCredentials ADMIN = new UserCredentials.Password("admin", "changeit");

    final LocalEventStore store = LocalEventStore.start();
    final Relay relay = new Relay(store.port());
    final PersistentBooks books = new PersistentBooks();
    final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final HeartbeatTimes heartbeats;
    final EventStoreClient client;
    final PersistentChanges changes;

    PersistentRoom() {
        this(HeartbeatTimes.CLIENT);
    }

    private PersistentRoom(HeartbeatTimes heartbeats) {
        this.heartbeats = heartbeats;
        this.client = client(ADMIN);
        this.changes = new PersistentChanges(client);
    }

    /** One whose client soon notices that a connection is dead; on a busy machine it may think so of a live one. */
    static PersistentRoom watchful() {
        return new PersistentRoom(new HeartbeatTimes(HeartbeatTimes.Rule.AFTER_SILENCE, 100, 200));
    }

    EventStoreClient client(@Nullable UserCredentials credentials) {
        EventStoreClient made = on(() -> Future.succeededFuture(new EventStoreClient(
                vertx,
                EndpointOptions.of("127.0.0.1", relay.port()),
                EventStoreClusterOptions.NONE,
                options(credentials),
                Spi.NONE,
                (state, cause) -> {},
                QuickPauses.PAUSES)));
        on(made::start);
        return made;
    }

    private EventStoreClientOptions options(@Nullable UserCredentials credentials) {
        return new EventStoreClientOptions(
                credentials,
                CredentialsLayout.PASSWORDS,
                "groups",
                heartbeats,
                EventStoreClientOptions.MAX_IN_FLIGHT,
                EventStoreClientOptions.LOGIN_TIMEOUT_MILLIS,
                TcpPackage.MAX_BYTES);
    }

    <T> T on(Supplier<Future<T>> work) {
        return Outcome.on(context, work);
    }

    /** As {@link #on}, for a failure. */
    Throwable failure(Supplier<Future<?>> work) {
        return on(() -> {
            try {
                return work.get().transform((value, cause) -> Future.succeededFuture((Throwable) cause));
            } catch (RuntimeException thrown) {
                return Future.succeededFuture(thrown);
            }
        });
    }

    Deadline deadline() {
        return Deadline.after(vertx, LONG_MILLIS);
    }

    void fail(FaultPlan plan) {
        Outcome.value(store.server().nodes().get(0).fail(plan));
    }

    void create(PersistentSubscriptionSettings settings) {
        on(() -> changes.create(settings, null, deadline()));
    }

    /** A group as this, from the stream's first event. */
    static PersistentSubscriptionSettings settings() {
        return settings(30_000, 0, "RoundRobin", 100, 500);
    }

    static PersistentSubscriptionSettings settings(
            int timeoutMillis, int maxClients, String strategy, int readBatch, int buffer) {
        return new PersistentSubscriptionSettings(
                GROUP,
                STREAM,
                true,
                0,
                timeoutMillis,
                false,
                500,
                readBatch,
                buffer,
                10,
                false,
                2_000,
                1_000,
                10,
                maxClients,
                strategy);
    }

    Attended attend(int inFlight) {
        Attended attended = new Attended(this, Attendance.MAX_HELD_BYTES, inFlight);
        attended.connect();
        return attended;
    }

    void write(int events) {
        write(0, events);
    }

    /** @param first the number that is the first one's data */
    void write(int first, int events) {
        List<NewEvent> all = IntStream.range(first, first + events)
                .mapToObj(number -> event(Integer.toString(number)))
                .toList();
        ask(new WriteMessage.WriteEvents(STREAM, -2, all, true));
    }

    static NewEvent event(String data) {
        return new NewEvent(UUID.randomUUID(), "t", NewEvent.BINARY, Buffer.buffer(data), Buffer.buffer());
    }

    /** What the server answers. */
    EventStoreMessage ask(EventStoreMessage question) {
        return on(() -> client.send(new EventStoreCall(question, null, deadline()), Repetition.READ));
    }

    /** The data of the events of a stream. */
    List<String> data(String stream) {
        ReadMessage.ReadStreamEventsCompleted read = (ReadMessage.ReadStreamEventsCompleted)
                ask(new ReadMessage.ReadStreamEvents(ReadDirection.FORWARD, stream, 0, 4_000, false, false));
        return read.events().stream()
                .map(each -> Objects.requireNonNull(each.event()).data().toString())
                .toList();
    }

    /** Why a stream cannot be read. */
    EventStoreException.Reason refusal(String stream) {
        ReadMessage.ReadStreamEvents read =
                new ReadMessage.ReadStreamEvents(ReadDirection.FORWARD, stream, 0, 1, false, false);
        EventStoreCall call = new EventStoreCall(read, null, deadline());
        return ((EventStoreException) failure(() -> client.send(call, Repetition.READ))).reason();
    }

    long count(String name) {
        return on(() ->
                Future.succeededFuture(Objects.requireNonNull(books.counts().get(name))));
    }

    /** All that was said of events. */
    long settled() {
        return Stream.of("acked", "retried", "parked", "skipped", "stopped")
                .mapToLong(this::count)
                .sum();
    }

    /** When nothing is unsettled. */
    void balance() {
        balanceWith(0);
    }

    void balanceWith(int unsettled) {
        assertEquals(count("given"), settled() + count("lapsed") + unsettled);
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
        relay.close();
        store.close();
    }
}
