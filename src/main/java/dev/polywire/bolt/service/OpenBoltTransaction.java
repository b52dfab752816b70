package dev.polywire.bolt.service;

import dev.polywire.bolt.session.BoltTransaction;
import dev.polywire.core.bus.handle.HeldTransaction;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamSource;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A transaction behind a handle, with its open streams. */
final class OpenBoltTransaction extends HeldTransaction {

    private final Vertx vertx;
    private final BoltTransaction transaction;
    private final List<ResultStream> streams = new ArrayList<>();

    OpenBoltTransaction(Vertx vertx, BoltTransaction transaction) {
        this.vertx = vertx;
        this.transaction = transaction;
    }

    BoltTransaction transaction() {
        return transaction;
    }

    /** Whether the transaction accepts no further request. */
    @Override
    protected boolean isOver() {
        return transaction.isOver();
    }

    @Override
    protected @Nullable Throwable failure() {
        return transaction.failure();
    }

    /** A failure at the server, or on the way there, ends the transaction. */
    @Override
    protected void ended(boolean failed) {
        if (failed) {
            undoIfFailed();
        }
    }

    /** A stream in it. */
    StreamSource streaming(ResultStream stream) {
        streams.add(stream);
        return new StreamSource() {
            @Override
            public Future<Page> pull(int max, int maxBytes) {
                return during(() -> stream.pull(max, maxBytes));
            }

            @Override
            public long heldBytes() {
                return stream.heldBytes();
            }

            @Override
            public Future<Void> close() {
                streams.remove(stream);
                return stream.close();
            }
        };
    }

    /** Ends its streams: unread records are lost, and their readers get a failure. */
    void stopStreams(Failure why) {
        streams.forEach(stream -> stream.stop(why));
        streams.clear();
    }

    /** Ends its streams, then the transaction. */
    <T> Future<T> end(Function<BoltTransaction, Future<T>> how) {
        stopStreams(Failure.CANCELLED);
        return how.apply(transaction);
    }

    /** After a failure the server undoes the transaction; this releases its connection. */
    void undoIfFailed() {
        if (transaction.failure() != null && !transaction.isOver()) {
            undo(Failure.CANCELLED);
        }
    }

    /** Streams have their own leases: an open stream keeps the transaction open. */
    @Override
    public boolean inUse() {
        return super.inUse() || !streams.isEmpty();
    }

    @Override
    protected Future<Void> undo(Failure why) {
        stopStreams(why);
        return rolledBack(vertx, transaction::rollback);
    }
}
