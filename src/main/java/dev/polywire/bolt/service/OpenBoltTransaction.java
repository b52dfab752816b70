package dev.polywire.bolt.service;

import dev.polywire.bolt.session.BoltTransaction;
import dev.polywire.core.bus.Failure;
import dev.polywire.core.bus.HandleRoom;
import dev.polywire.core.bus.StreamSource;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transaction behind a handle, with the streams that were opened in it. */
final class OpenBoltTransaction implements HandleRoom.Held {

    private static final long ROLLBACK_MILLIS = 5_000;

    private final Vertx vertx;
    private final BoltTransaction transaction;
    private final List<ResultStream> streams = new ArrayList<>();
    private @Nullable Promise<Void> quiet;
    private int running;
    private boolean used;

    OpenBoltTransaction(Vertx vertx, BoltTransaction transaction) {
        this.vertx = vertx;
        this.transaction = transaction;
    }

    BoltTransaction transaction() {
        return transaction;
    }

    /** Whether nothing can be done in it any more. */
    boolean isOver() {
        return transaction.isOver();
    }

    /** Work in it, which is use of it. What fails at the server, or on the way there, ends it. */
    <T> Future<T> during(Supplier<Future<T>> work) {
        running++;
        used = true;
        return BoltFailure.typed(work).onComplete(done -> {
            running--;
            if (done.failed()) {
                undoIfFailed();
            }
            if (running == 0 && quiet != null) {
                quiet.tryComplete();
            }
        });
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

    /** One that failed is undone by the server; its connection is wanted by others. */
    void undoIfFailed() {
        if (transaction.failure() != null && !transaction.isOver()) {
            undo(Failure.CANCELLED);
        }
    }

    /** Streams have leases of their own: while one is open, so is this. */
    @Override
    public boolean inUse() {
        boolean since = used;
        used = false;
        return since || running > 0 || !streams.isEmpty();
    }

    /** What runs in it may come to its end first. */
    @Override
    public Future<Void> release(Failure why) {
        if (running == 0) {
            return undo(why);
        }
        Promise<Void> end = Promise.promise();
        quiet = end;
        return end.future().compose(quieted -> undo(why));
    }

    private Future<Void> undo(Failure why) {
        stopStreams(why);
        Deadline deadline = Deadline.after(vertx, ROLLBACK_MILLIS);
        return transaction
                .rollback(deadline)
                .onComplete(undone -> deadline.met())
                .otherwiseEmpty();
    }
}
