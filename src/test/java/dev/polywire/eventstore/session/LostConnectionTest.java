package dev.polywire.eventstore.session;

import static dev.polywire.eventstore.session.PersistentRoom.STREAM;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What docs/eventstore.md says under "When a connection is lost" of requests, groups and transactions, for each way to lose it. */
@Timeout(60)
class LostConnectionTest {

    private static final long SHORT_MILLIS = 500;

    private final PersistentRoom room = new PersistentRoom();

    @AfterEach
    void close() {
        room.close();
    }

    /** And another one is made. */
    private void lose(Kill kill) {
        int before = room.relay.connections();
        kill.at(room.relay);
        await().until(() -> room.relay.connections() > before);
    }

    /** The connection is lost behind the request, and before its answer. */
    private <T> Future<T> inFlight(Kill kill, TcpCommand command, CommandFault fault, Supplier<Future<T>> request) {
        room.fail(FaultPlan.NONE.command(command, 1, fault));
        Future<T> outcome = room.on(() -> Future.succeededFuture(request.get()));
        await().until(() -> room.store.server().counters().appliedFaults() == 1);
        lose(kill);
        return outcome;
    }

    private Future<EventStoreMessage> send(EventStoreMessage question, Repetition repetition, long millis) {
        return room.client.send(new EventStoreCall(question, null, Deadline.after(room.vertx, millis)), repetition);
    }

    private Future<EventStoreMessage> append(Kill kill, long expectedVersion, Repetition repetition) {
        List<NewEvent> events = List.of(PersistentRoom.event("a"));
        return inFlight(
                kill,
                TcpCommand.WRITE_EVENTS,
                new CommandFault.LoseAnswer(),
                () -> send(
                        new WriteMessage.WriteEvents(STREAM, expectedVersion, events, true),
                        repetition,
                        PersistentRoom.LONG_MILLIS));
    }

    private static Reason reason(Future<?> outcome) {
        return assertInstanceOf(CallException.class, Outcome.failure(outcome)).reason();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kill.class,
            names = {"RESET", "HALF_OPEN", "GARBAGE"})
    void anAppendWithAnExactVersion(Kill kill) {
        WriteMessage.WriteEventsCompleted done =
                (WriteMessage.WriteEventsCompleted) Outcome.value(append(kill, -1, Repetition.SAME_IDS));
        assertEquals(0, done.lastEventNumber());
        assertEquals(List.of("a"), room.data(STREAM), "one copy");
    }

    @ParameterizedTest
    @EnumSource(
            value = Kill.class,
            names = {"RESET", "HALF_OPEN", "GARBAGE"})
    void anAppendWithAnyVersion(Kill kill) {
        assertEquals(Reason.UNKNOWN_OUTCOME, reason(append(kill, -2, Repetition.ONCE)));
        assertEquals(List.of("a"), room.data(STREAM));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kill.class,
            names = {"RESET", "HALF_OPEN", "GARBAGE"})
    void aRead(Kill kill) {
        room.write(1);
        ReadMessage question = new ReadMessage.ReadStreamEvents(ReadDirection.FORWARD, STREAM, 0, 10, false, false);
        ReadMessage.ReadStreamEventsCompleted page = (ReadMessage.ReadStreamEventsCompleted) Outcome.value(inFlight(
                kill,
                TcpCommand.READ_STREAM_EVENTS_FORWARD,
                new CommandFault.Ignore(),
                () -> send(question, Repetition.READ, PersistentRoom.LONG_MILLIS)));
        assertEquals(1, page.events().size());
    }

    @ParameterizedTest
    @EnumSource(
            value = Kill.class,
            names = {"RESET", "HALF_OPEN", "GARBAGE"})
    void aPing(Kill kill) {
        ConnectionMessage.Ping ping = new ConnectionMessage.Ping(Buffer.buffer());
        Outcome.value(inFlight(
                kill,
                TcpCommand.PING,
                new CommandFault.Ignore(),
                () -> send(ping, Repetition.READ, PersistentRoom.LONG_MILLIS)));
        assertTrue(room.on(() -> Future.succeededFuture(room.client.repeated())) > 0);
    }

    /** It has changed nothing, so nobody can be in doubt about it. */
    @Test
    void aPingWithoutAnotherConnection() {
        ConnectionMessage.Ping ping = new ConnectionMessage.Ping(Buffer.buffer());
        room.fail(FaultPlan.NONE.command(TcpCommand.PING, 1, new CommandFault.Ignore()));
        Future<EventStoreMessage> never =
                room.on(() -> Future.succeededFuture(send(ping, Repetition.READ, SHORT_MILLIS)));
        await().until(() -> room.store.server().counters().appliedFaults() == 1);
        room.relay.refuse(true);
        room.relay.reset();
        assertEquals(Reason.UNAVAILABLE, reason(never));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kill.class,
            names = {"RESET", "HALF_OPEN", "GARBAGE"})
    void aClientOfAGroup(Kill kill) {
        // That a connection is half open the server notices later, by its own heartbeats; what it has given there comes
        // then.
        boolean known = kill != Kill.HALF_OPEN;
        room.create(PersistentRoom.settings());
        Attended client = room.attend(2);
        room.write(3);
        client.awaits(2);
        client.acknowledges = true;
        lose(kill);
        client.awaits(known ? 5 : 3);
        assertEquals(List.of(1L, 2L), client.lapses.subList(0, 2));
        assertTrue(!client.ack(1), "it has lapsed");
        await().until(() -> room.count("acked") >= (known ? 3 : 1) && client.with(PersistentConsumer::unsettled) == 0);
        assertEquals(Set.of("0", "1", "2"), Set.copyOf(client.data()));
        assertTrue(room.count("connected") > 1);
        room.balance();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kill.class,
            names = {"RESET", "HALF_OPEN", "GARBAGE"})
    void anOpenTransaction(Kill kill) {
        EventStoreTransaction transaction = start();
        room.on(() -> write(transaction, "a"));
        lose(kill);
        room.on(() -> write(transaction, "b"));
        lose(kill);
        room.on(() -> transaction.commit(room.deadline()));
        assertEquals(List.of("a", "b"), room.data(STREAM));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kill.class,
            names = {"RESET", "HALF_OPEN", "GARBAGE"})
    void aTransactionInAWrite(Kill kill) {
        EventStoreTransaction transaction = start();
        assertEquals(
                Reason.CONNECTION_LOST,
                reason(inFlight(
                        kill,
                        TcpCommand.TRANSACTION_WRITE,
                        new CommandFault.LoseAnswer(),
                        () -> write(transaction, "a"))));
        assertInstanceOf(CallException.class, room.failure(() -> transaction.commit(room.deadline())));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kill.class,
            names = {"RESET", "HALF_OPEN", "GARBAGE"})
    void aTransactionInItsCommit(Kill kill) {
        EventStoreTransaction transaction = start();
        room.on(() -> write(transaction, "a"));
        Outcome.value(inFlight(
                kill,
                TcpCommand.TRANSACTION_COMMIT,
                new CommandFault.LoseAnswer(),
                () -> transaction.commit(room.deadline())));
        assertEquals(List.of("a"), room.data(STREAM), "one copy");
    }

    private EventStoreTransaction start() {
        return room.on(() -> EventStoreTransaction.start(
                room.client, new EventStoreTransaction.Terms(STREAM, -1, true, false, null), room.deadline()));
    }

    private Future<Void> write(EventStoreTransaction transaction, String data) {
        return transaction.write(List.of(PersistentRoom.event(data)), room.deadline());
    }
}
