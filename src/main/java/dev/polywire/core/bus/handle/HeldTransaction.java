package dev.polywire.core.bus.handle;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transaction behind a handle: work in it renews its lease, and a rollback waits until that work has ended. */
public abstract class HeldTransaction implements HandleRoom.Held {

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
