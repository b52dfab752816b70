package dev.polywire.core.bus.handle;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transaction behind a handle: work in it renews its lease, and a rollback waits until that work has ended. */
public abstract class HeldTransaction implements HandleRoom.Held {

    private static final long ROLLBACK_MILLIS = 5_000;

    private @Nullable Promise<Void> quiet;
    private int running;
    private boolean used;
    private boolean told;

    /** Whether no more work is possible in it. */
    protected abstract boolean isOver();

    /** The failure that ended it; null: none. */
    protected abstract @Nullable Throwable failure();

    /** Rolls it back, because its caller will not end it; does nothing if it is over. @return completes in any case */
    protected abstract Future<Void> undo(Failure why);

    /** A rollback that nobody waits for, with a deadline of its own; for {@link #undo}. */
    protected static Future<Void> rolledBack(Vertx vertx, Function<Deadline, Future<Void>> rollback) {
        Deadline deadline = Deadline.after(vertx, ROLLBACK_MILLIS);
        return rollback.apply(deadline).onComplete(undone -> deadline.met()).otherwiseEmpty();
    }

    /** Some work in it has ended. */
    protected void ended(boolean failed) {}

    /** Runs work in it. */
    public final <T> Future<T> during(Supplier<Future<T>> work) {
        running++;
        used = true;
        return Failure.called(work).onComplete(done -> {
            running--;
            ended(done.failed());
            told |= done.failed() && failure() != null;
            if (running == 0 && quiet != null) {
                quiet.tryComplete();
            }
        });
    }

    /** Whether a caller has heard of {@link #failure}. */
    final boolean isTold() {
        return told;
    }

    @Override
    public boolean inUse() {
        boolean since = used;
        used = false;
        return since || running > 0;
    }

    @Override
    public final Future<Void> release(Failure why) {
        if (running == 0) {
            return undo(why);
        }
        Promise<Void> end = Promise.promise();
        quiet = end;
        return end.future().compose(quieted -> undo(why));
    }
}
