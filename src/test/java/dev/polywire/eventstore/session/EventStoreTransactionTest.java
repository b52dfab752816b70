package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage.TransactionCommitCompleted;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions at our own server, and what a lost connection does to them. */
@Timeout(60)
class EventStoreTransactionTest {

    private static final long ANY = -2;
    private static final long NO_STREAM = -1;
    private static final long LONG_MILLIS = PersistentRoom.LONG_MILLIS;
    private static final int SHORT_MILLIS = 300;

    private final PersistentRoom room = new PersistentRoom();

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void eventsAreThereWhenItIsCommitted() {
        EventStoreTransaction transaction = start(NO_STREAM);
        write(transaction, "a", "b");
        write(transaction, "c");
        TransactionCommitCompleted done = commit(transaction);
        assertEquals(0, done.firstEventNumber());
        assertEquals(2, done.lastEventNumber());
        assertEquals(List.of("a", "b", "c"), room.data(PersistentRoom.STREAM));
        assertNotNull(transaction.ended());
        reason(CallException.Reason.NOT_FOUND, room.failure(() -> transaction.commit(room.deadline())));
        reason(CallException.Reason.NOT_FOUND, room.failure(() -> transaction.write(List.of(), room.deadline())));
    }

    @Test
    void whatIsRolledBackIsNeverThere() {
        EventStoreTransaction transaction = start(ANY);
        write(transaction, "a");
        transaction.rollback();
        reason(CallException.Reason.NOT_FOUND, room.failure(() -> transaction.commit(room.deadline())));
        assertEquals(0, commit(start(NO_STREAM)).firstEventNumber());
    }

    @Test
    void theVersionIsLookedAtWhenItIsCommitted() {
        EventStoreTransaction transaction = start(7);
        EventStoreException why =
                assertInstanceOf(EventStoreException.class, room.failure(() -> transaction.commit(room.deadline())));
        assertEquals(EventStoreException.Reason.WRONG_EXPECTED_VERSION, why.reason());
    }

    @Test
    void whatIsWrongIsNotSent() {
        long before = room.relay.bytesFromClients();
        for (long wrong : List.of(-3L, -4L)) {
            reason(
                    CallException.Reason.BAD_REQUEST,
                    room.failure(() -> EventStoreTransaction.start(
                            room.client, terms(PersistentRoom.STREAM, wrong), room.deadline())));
        }
        reason(
                CallException.Reason.BAD_REQUEST,
                room.failure(() -> EventStoreTransaction.start(room.client, terms("", ANY), room.deadline())));
        assertEquals(before, room.relay.bytesFromClients());
    }

    @Test
    void aConnectionLostAtTheStartDoesNotMatter() {
        room.fail(FaultPlan.NONE.command(TcpCommand.TRANSACTION_START, 1, new CommandFault.CutAnswer(0)));
        EventStoreTransaction transaction = start(NO_STREAM);
        write(transaction, "a");
        commit(transaction);
        assertEquals(List.of("a"), room.data(PersistentRoom.STREAM));
    }

    /** The events may be in it, and nobody knows: it is not committed, so nothing has happened. */
    @Test
    void aConnectionLostInAWriteEndsIt() {
        EventStoreTransaction transaction = start(NO_STREAM);
        write(transaction, "a");
        room.fail(FaultPlan.NONE.command(TcpCommand.TRANSACTION_WRITE, 1, new CommandFault.CutAnswer(0)));
        reason(
                CallException.Reason.CONNECTION_LOST,
                room.failure(() -> transaction.write(List.of(PersistentRoom.event("b")), room.deadline())));
        reason(CallException.Reason.CONNECTION_LOST, room.failure(() -> transaction.commit(room.deadline())));
        assertEquals(0, commit(start(NO_STREAM)).firstEventNumber());
    }

    /** The server finds that it has the same events there. */
    @Test
    void aConnectionLostInACommitOfAVersionDoesNotMatter() {
        EventStoreTransaction transaction = start(NO_STREAM);
        write(transaction, "a", "b");
        room.fail(FaultPlan.NONE.command(TcpCommand.TRANSACTION_COMMIT, 1, new CommandFault.CutAnswer(0)));
        TransactionCommitCompleted done = commit(transaction);
        assertEquals(0, done.firstEventNumber());
        assertEquals(1, done.lastEventNumber());
        assertEquals(-1, done.commitPosition());
        assertEquals(List.of("a", "b"), room.data(PersistentRoom.STREAM));
    }

    @Test
    void aConnectionLostInACommitOfAnyVersionIsUnknown() {
        EventStoreTransaction transaction = start(ANY);
        write(transaction, "a");
        room.fail(FaultPlan.NONE.command(TcpCommand.TRANSACTION_COMMIT, 1, new CommandFault.CutAnswer(0)));
        reason(CallException.Reason.UNKNOWN_OUTCOME, room.failure(() -> transaction.commit(room.deadline())));
        await().until(() -> room.data(PersistentRoom.STREAM).equals(List.of("a")));
    }

    /** It waits for a connection, and nothing is lost. */
    @Test
    void aWriteThatIsNotSentDoesNotEndIt() {
        EventStoreTransaction transaction = start(NO_STREAM);
        NewEvent large = new NewEvent(
                UUID.randomUUID(), "t", NewEvent.BINARY, Buffer.buffer(new byte[65 * 1024 * 1024]), Buffer.buffer());
        reason(
                CallException.Reason.LIMIT_EXCEEDED,
                room.failure(() -> transaction.write(List.of(large), room.deadline())));
        assertNull(transaction.ended());
        write(transaction, "a");
        commit(transaction);
    }

    /** What is asked for without waiting is done in that order, however often it is sent. */
    @Test
    void whatIsAskedForBehindAWriteWaitsForIt() {
        EventStoreTransaction transaction = start(NO_STREAM);
        room.fail(FaultPlan.NONE.command(
                TcpCommand.TRANSACTION_WRITE,
                1,
                new CommandFault.Answer(new ConnectionMessage.NotHandled(NotHandledReason.NOT_READY, null))));
        List<Future<?>> all = atOnce(transaction, LONG_MILLIS);
        all.forEach(Outcome::value);
        assertEquals(List.of("a", "b"), room.data(PersistentRoom.STREAM));
    }

    @Test
    void whatIsAskedForBehindALostWriteIsNotDone() {
        EventStoreTransaction transaction = start(NO_STREAM);
        room.fail(FaultPlan.NONE.command(TcpCommand.TRANSACTION_WRITE, 1, new CommandFault.CutAnswer(0)));
        atOnce(transaction, LONG_MILLIS)
                .forEach(each -> reason(CallException.Reason.CONNECTION_LOST, Outcome.failure(each)));
        assertEquals(EventStoreException.Reason.NO_STREAM, room.refusal(PersistentRoom.STREAM));
    }

    /** The second write is not sent in time: the commit would be one without it. */
    @Test
    void whatIsAskedForBehindALateWriteIsNotDone() {
        EventStoreTransaction transaction = start(NO_STREAM);
        room.fail(FaultPlan.NONE.command(TcpCommand.TRANSACTION_WRITE, 1, new CommandFault.Delay(SHORT_MILLIS)));
        List<Future<?>> all = atOnce(transaction, SHORT_MILLIS / 10);
        reason(CallException.Reason.UNAVAILABLE, Outcome.failure(all.get(1)));
        reason(CallException.Reason.UNAVAILABLE, Outcome.failure(all.get(2)));
        Outcome.value(all.get(0));
        assertEquals(EventStoreException.Reason.NO_STREAM, room.refusal(PersistentRoom.STREAM));
    }

    @Test
    void aRollbackDoesNotWait() {
        EventStoreTransaction transaction = start(NO_STREAM);
        room.fail(FaultPlan.NONE.command(TcpCommand.TRANSACTION_WRITE, 1, new CommandFault.Delay(SHORT_MILLIS)));
        List<Future<?>> all = atOnce(transaction, LONG_MILLIS);
        room.on(() -> {
            transaction.rollback();
            assertTrue(!all.get(0).isComplete(), "in flight");
            return Future.succeededFuture();
        });
        reason(CallException.Reason.NOT_FOUND, Outcome.failure(all.get(1)));
        reason(CallException.Reason.NOT_FOUND, Outcome.failure(all.get(2)));
        Outcome.value(all.get(0));
        assertEquals(EventStoreException.Reason.NO_STREAM, room.refusal(PersistentRoom.STREAM));
    }

    /** Two writes and the commit, in one turn. @param secondMillis the deadline of the second write */
    private List<Future<?>> atOnce(EventStoreTransaction transaction, long secondMillis) {
        return room.on(() -> Future.succeededFuture(List.of(
                transaction.write(List.of(PersistentRoom.event("a")), room.deadline()),
                transaction.write(List.of(PersistentRoom.event("b")), Deadline.after(room.vertx, secondMillis)),
                transaction.commit(room.deadline()))));
    }

    private EventStoreTransaction start(long expectedVersion) {
        return room.on(() -> EventStoreTransaction.start(
                room.client, terms(PersistentRoom.STREAM, expectedVersion), room.deadline()));
    }

    private static EventStoreTransaction.Terms terms(String stream, long expectedVersion) {
        return new EventStoreTransaction.Terms(stream, expectedVersion, true, false, null);
    }

    private void write(EventStoreTransaction transaction, String... data) {
        room.on(() ->
                transaction.write(Stream.of(data).map(PersistentRoom::event).toList(), room.deadline()));
    }

    private TransactionCommitCompleted commit(EventStoreTransaction transaction) {
        return room.on(() -> transaction.commit(room.deadline()));
    }

    private static void reason(CallException.Reason reason, Throwable why) {
        assertEquals(reason, assertInstanceOf(CallException.class, why).reason());
    }
}
