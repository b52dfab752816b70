package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.eventstore.wire.WriteMessage;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that are appended to one stream together or not at all. Its writes and its commit go out one at a time, as they were asked for. The server has it in its log, so it outlives connections; the
 * protocol cannot take it back, and what is never committed is never seen. Belongs to one context.
 *
 * <pre>
 *   lost in flight     start     sent again: what the first one began is never committed
 *                      write     it ends, CONNECTION_LOST: the events may be in it, and would be twice
 *                      commit    sent again with an exact version, or none; else UNKNOWN_OUTCOME
 * </pre>
 */
public final class EventStoreTransaction {

    /**
     * What it is about.
     *
     * @param expectedVersion number of the stream's last event; -1: no stream, -2: any. The server looks at it when it commits; it
     *     has no word for "any event" here
     * @param requireLeader whether only the leader may do it
     * @param retryAny whether a commit with any version is sent again, too
     * @param credentials of this transaction; null: those of the connection
     */
    public record Terms(
            String stream,
            long expectedVersion,
            boolean requireLeader,
            boolean retryAny,
            @Nullable UserCredentials credentials) {

        private static final long ANY = -2;

        /** @throws CallException BAD_REQUEST */
        public Terms {
            Attendance.name("streamId", stream);
            if (expectedVersion < ANY) {
                throw Attendance.refused("expectedVersion: " + expectedVersion + " (expected: -2 or more)");
            }
        }

        private EventStoreCall call(WriteMessage question, Deadline deadline) {
            return new EventStoreCall(question, credentials, deadline);
        }

        private Repetition ofCommit() {
            return expectedVersion == ANY && !retryAny ? Repetition.ONCE : Repetition.SAME_IDS;
        }
    }

    private final TransactionTurns turns;
    private final long id;
    private final Terms terms;
    private @Nullable RuntimeException ended;

    private EventStoreTransaction(EventStoreClient client, long id, Terms terms) {
        this.turns = new TransactionTurns(client, this::failed);
        this.id = id;
        this.terms = terms;
    }

    /**
     * Starts one.
     *
     * @return fails with an {@link EventStoreException}: ACCESS_DENIED
     */
    public static Future<EventStoreTransaction> start(EventStoreClient client, Terms terms, Deadline deadline) {
        WriteMessage question =
                new WriteMessage.TransactionStart(terms.stream(), terms.expectedVersion(), terms.requireLeader());
        return client.send(terms.call(question, deadline), Repetition.SAME_EFFECT)
                .map(answer -> new EventStoreTransaction(
                        client, ((WriteMessage.TransactionStartCompleted) answer).transactionId(), terms));
    }

    /** Its place in the server's log. */
    public long id() {
        return id;
    }

    /** What ended it; null: it is open. */
    public @Nullable RuntimeException ended() {
        return ended;
    }

    /**
     * Adds events, behind those of earlier writes. A failure ends the transaction, unless nothing was sent; what was asked for behind it
     * meanwhile fails, too.
     */
    public Future<Void> write(List<NewEvent> events, Deadline deadline) {
        if (ended != null) {
            return Future.failedFuture(ended);
        }
        WriteMessage question = new WriteMessage.TransactionWrite(id, events, terms.requireLeader());
        return turns.send(terms.call(question, deadline), Repetition.ONCE).mapEmpty();
    }

    /**
     * Commits behind all writes, and ends the transaction. Nothing is committed when one of the writes that it waits for fails.
     *
     * @return {@code firstEventNumber} to {@code lastEventNumber} of the answer are its events; without any, the last is the first
     *     less one. The positions are -1 when it was there already. Fails with UNKNOWN_OUTCOME, or with an {@link EventStoreException}:
     *     WRONG_EXPECTED_VERSION, STREAM_DELETED, ACCESS_DENIED
     */
    public Future<WriteMessage.TransactionCommitCompleted> commit(Deadline deadline) {
        if (ended != null) {
            return Future.failedFuture(ended);
        }
        ended = hasEnded();
        WriteMessage question = new WriteMessage.TransactionCommit(id, terms.requireLeader());
        return turns.send(terms.call(question, deadline), terms.ofCommit())
                .map(answer -> (WriteMessage.TransactionCommitCompleted) answer);
    }

    /** Ends the transaction; what waits for its turn is not sent. The server is told nothing: it has no word for that. */
    public void rollback() {
        CallException why = hasEnded();
        if (ended == null) {
            ended = why;
        }
        turns.drop(why);
    }

    private static CallException hasEnded() {
        return new CallException(Reason.NOT_FOUND, "the transaction has ended");
    }

    private RuntimeException failed(EventStoreCall call, Throwable cause) {
        RuntimeException why = cause instanceof RuntimeException same ? same : new IllegalStateException(cause);
        return call.question() instanceof WriteMessage.TransactionWrite ? notWritten(call, why) : why;
    }

    /** Of the transaction nothing has happened, whatever has become of the events: it is never committed. */
    private RuntimeException notWritten(EventStoreCall write, RuntimeException cause) {
        RuntimeException why = cause instanceof CallException call && call.isUnknown()
                ? CallException.lost(
                        "the transaction is undone, since events were lost on their way: " + call.getMessage(), call)
                : cause;
        if (write.isSent() && ended == null) {
            ended = why;
        }
        return why;
    }
}
