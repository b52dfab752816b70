package dev.polywire.bolt.service;

import dev.polywire.bolt.session.BoltTransaction;
import dev.polywire.core.bus.handle.HeldTransaction;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A transaction behind a handle, with the streams that were opened in it. */
final class OpenBoltTransaction extends HeldTransaction {

    private static final long ROLLBACK_MILLIS = 5_000;

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

    /** Whether nothing can be done in it any more. */
    @Override
    protected boolean isOver() {
        return transaction.isOver();
    }

    /** What fails at the server, or on the way there, ends it. */
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
            public Future<Void> close() {
                streams.remove(stream);
                return stream.close();
            }
        };
    }

    /** Its streams end with it: what was not read of them is lost, and their readers hear it. */
    void stopStreams(Failure why) {
        streams.forEach(stream -> stream.stop(why));
        streams.clear();
    }

    /** Its streams end before it does. */
    <T> Future<T> end(Function<BoltTransaction, Future<T>> how) {
        stopStreams(Failure.CANCELLED);
        return how.apply(transaction);
    }

    /** One that failed is undone by the server; its connection is wanted by others. */
    void undoIfFailed() {
        if (transaction.failure() != null && !transaction.isOver()) {
            undo(Failure.CANCELLED);
        }
    }

    /** Streams have leases of their own: while one is open, so is this. */
    @Override
    public boolean inUse() {
        return super.inUse() || !streams.isEmpty();
    }

    @Override
    protected Future<Void> undo(Failure why) {
        stopStreams(why);
        Deadline deadline = Deadline.after(vertx, ROLLBACK_MILLIS);
        return transaction
                .rollback(deadline)
                .onComplete(undone -> deadline.met())
                .otherwiseEmpty();
    }
}
