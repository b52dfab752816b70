package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.StoreFullException;
import dev.polywire.eventstore.store.StreamAccess.Permission;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.store.WriteOutcome;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.eventstore.wire.WriteMessage.DeleteStream;
import dev.polywire.eventstore.wire.WriteMessage.DeleteStreamCompleted;
import dev.polywire.eventstore.wire.WriteMessage.TransactionCommit;
import dev.polywire.eventstore.wire.WriteMessage.TransactionCommitCompleted;
import dev.polywire.eventstore.wire.WriteMessage.TransactionStart;
import dev.polywire.eventstore.wire.WriteMessage.TransactionStartCompleted;
import dev.polywire.eventstore.wire.WriteMessage.TransactionWrite;
import dev.polywire.eventstore.wire.WriteMessage.TransactionWriteCompleted;
import dev.polywire.eventstore.wire.WriteMessage.WriteEvents;
import dev.polywire.eventstore.wire.WriteMessage.WriteEventsCompleted;

/** Answers what changes streams: writes, deletions, transactions. */
final class Writes {

    private static final long NO_TRANSACTION = -1;

    private final StreamStore store;
    private final ServerCounters counters;

    Writes(StreamStore store, ServerCounters counters) {
        this.store = store;
        this.counters = counters;
    }

    /** @throws BadRequestException when the client may not ask that */
    void handle(StoreRequest request, WriteMessage message) {
        try {
            if (message instanceof WriteEvents write) {
                write(request, write);
            } else if (message instanceof DeleteStream delete) {
                delete(request, delete);
            } else if (message instanceof TransactionStart start) {
                start(request, start);
            } else if (message instanceof TransactionWrite write) {
                write(request, write);
            } else if (message instanceof TransactionCommit commit) {
                commit(request, commit);
            } else {
                throw new BadRequestException("");
            }
        } catch (StoreFullException full) {
            request.tooBusy(counters);
        }
    }

    private void write(StoreRequest request, WriteEvents write) {
        String stream = RequestRules.stream(write.eventStreamId());
        RequestRules.requireVersionOfWrite(write.expectedVersion());
        RequestRules.require(write.events());
        WriteOutcome outcome = may(request, Permission.WRITE, stream)
                ? store.write(stream, write.expectedVersion(), write.events())
                : WriteOutcome.ACCESS_DENIED;
        boolean success = outcome.result() == OperationResult.SUCCESS;
        request.answer(new WriteEventsCompleted(
                outcome.result(),
                outcome.message(),
                outcome.first(),
                outcome.last(),
                success ? outcome.position().prepare() : WriteOutcome.NO_NUMBER,
                success ? outcome.position().commit() : 0,
                outcome.currentVersion()));
    }

    private void delete(StoreRequest request, DeleteStream delete) {
        String stream = RequestRules.stream(delete.eventStreamId());
        RequestRules.requireVersion(delete.expectedVersion());
        WriteOutcome outcome = WriteOutcome.ACCESS_DENIED;
        if (may(request, Permission.DELETE, stream)) {
            outcome = Boolean.TRUE.equals(delete.hardDelete())
                    ? store.deleteForEver(stream, delete.expectedVersion())
                    : store.delete(stream, delete.expectedVersion());
        }
        Position position = outcome.position();
        request.answer(new DeleteStreamCompleted(
                outcome.result(), outcome.message(), position.prepare(), position.commit(), null));
    }

    private void start(StoreRequest request, TransactionStart start) {
        String stream = RequestRules.stream(start.eventStreamId());
        RequestRules.requireVersion(start.expectedVersion());
        WriteOutcome denied = WriteOutcome.ACCESS_DENIED;
        request.answer(
                may(request, Permission.WRITE, stream)
                        ? new TransactionStartCompleted(
                                store.startTransaction(stream, start.expectedVersion()), OperationResult.SUCCESS, null)
                        : new TransactionStartCompleted(NO_TRANSACTION, denied.result(), denied.message()));
    }

    /** Nobody asks whose transaction it is, or whether it is one. */
    private void write(StoreRequest request, TransactionWrite write) {
        RequestRules.requireTransaction(write.transactionId());
        RequestRules.require(write.events());
        store.writeTransaction(write.transactionId(), write.events());
        request.answer(new TransactionWriteCompleted(write.transactionId(), OperationResult.SUCCESS, null));
    }

    private void commit(StoreRequest request, TransactionCommit commit) {
        RequestRules.requireTransaction(commit.transactionId());
        String stream = store.transactionStream(commit.transactionId());
        WriteOutcome outcome = stream != null && may(request, Permission.WRITE, stream)
                ? store.commitTransaction(commit.transactionId())
                : WriteOutcome.ACCESS_DENIED;
        boolean success = outcome.result() == OperationResult.SUCCESS;
        request.answer(new TransactionCommitCompleted(
                commit.transactionId(),
                outcome.result(),
                success ? "" : outcome.message(),
                outcome.first(),
                outcome.last(),
                success ? outcome.position().prepare() : 0,
                success ? outcome.position().commit() : 0));
    }

    private boolean may(StoreRequest request, Permission permission, String stream) {
        return store.access().may(request.user(), permission, stream);
    }
}
