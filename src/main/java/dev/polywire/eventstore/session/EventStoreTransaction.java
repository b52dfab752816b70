package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.eventstore.wire.WriteMessage;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events that are appended to one stream together or not at all. The server has it in its log, so it outlives connections; the
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
            return new EventStoreCall(question, question.command().answer(), credentials, deadline);
        }

        private Future<EventStoreMessage> send(
                EventStoreClient client, WriteMessage question, Repetition repetition, Deadline deadline) {
            return client.send(call(question, deadline), repetition);
        }

        private Repetition ofCommit() {
            return expectedVersion == ANY && !retryAny ? Repetition.ONCE : Repetition.SAME_IDS;
        }
    }

    private final EventStoreClient client;
    private final long id;
    private final Terms terms;
    private @Nullable RuntimeException ended;

    private EventStoreTransaction(EventStoreClient client, long id, Terms terms) {
        this.client = client;
        this.id = id;
        this.terms = terms;
    }

    /**
     * Starts one.
     *
     * @return fails with an {@link EventStoreException}: ACCESS_DENIED
     */
    public static Future<EventStoreTransaction> start(EventStoreClient client, Terms terms, Deadline deadline) {
        return terms.send(
                        client,
                        new WriteMessage.TransactionStart(
                                terms.stream(), terms.expectedVersion(), terms.requireLeader()),
                        Repetition.SAME_EFFECT,
                        deadline)
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

    /** Adds events. A failure ends the transaction, unless nothing was sent. */
    public Future<Void> write(List<NewEvent> events, Deadline deadline) {
        if (ended != null) {
            return Future.failedFuture(ended);
        }
        EventStoreCall write =
                terms.call(new WriteMessage.TransactionWrite(id, events, terms.requireLeader()), deadline);
        return client.send(write, Repetition.ONCE)
                .<Void>mapEmpty()
                .recover(cause -> Future.failedFuture(notWritten(write, cause)));
    }

    /**
     * Commits, and ends the transaction.
     *
     * @return {@code firstEventNumber} to {@code lastEventNumber} of the answer are its events; without any, the last is the first
     *     less one. The positions are -1 when it was there already. Fails with UNKNOWN_OUTCOME, or with an {@link EventStoreException}:
     *     WRONG_EXPECTED_VERSION, STREAM_DELETED, ACCESS_DENIED
     */
    public Future<WriteMessage.TransactionCommitCompleted> commit(Deadline deadline) {
        if (ended != null) {
            return Future.failedFuture(ended);
        }
        rollback();
        return terms.send(
                        client,
                        new WriteMessage.TransactionCommit(id, terms.requireLeader()),
                        terms.ofCommit(),
                        deadline)
                .map(answer -> (WriteMessage.TransactionCommitCompleted) answer);
    }

    /** Ends the transaction. The server is told nothing: it has no word for that. */
    public void rollback() {
        if (ended == null) {
            ended = new CallException(Reason.NOT_FOUND, "the transaction has ended");
        }
    }

    /** Of the transaction nothing has happened, whatever has become of the events: it is never committed. */
    private RuntimeException notWritten(EventStoreCall write, Throwable cause) {
        RuntimeException why = cause instanceof CallException call && call.isUnknown()
                ? CallException.lost(
                        "the transaction is undone, since events were lost on their way: " + call.getMessage(), call)
                : cause instanceof RuntimeException same ? same : new IllegalStateException(cause);
        if (write.isSent() && ended == null) {
            ended = why;
        }
        return why;
    }
}
