package dev.polywire.core.bus.handle;

import dev.polywire.core.bus.request.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A transaction behind a handle: work that runs in it is use of it, and may come to its end before it is undone. */
public abstract class HeldTransaction implements HandleRoom.Held {

    private @Nullable Promise<Void> quiet;
    private int running;
    private boolean used;

    /** Whether nothing can be done in it any more. */
    protected abstract boolean isOver();

    /** Rolls it back, because nobody will end it; does nothing if it is over. @return completes in any case */
    protected abstract Future<Void> undo(Failure why);

    /** A piece of work in it has ended. */
    protected void ended(boolean failed) {}

    /** Work in it. */
    public final <T> Future<T> during(Supplier<Future<T>> work) {
        running++;
        used = true;
        return Failure.called(work).onComplete(done -> {
            running--;
            ended(done.failed());
            if (running == 0 && quiet != null) {
                quiet.tryComplete();
            }
        });
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
