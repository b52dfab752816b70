package dev.polywire.mongodb.session;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** When a pool dials again after one of its connections has ended, or could not be opened. */
final class Redial {

    private final Vertx vertx;
    private final Runnable action;
    private final Backoff backoff = new Backoff(new Random());
    private final StandingRefusal refusal = new StandingRefusal(new Random());
    private long timer = -1;
    private boolean closed;

    /** @param action is run when it is time */
    Redial(Vertx vertx, Runnable action) {
        this.vertx = vertx;
        this.action = action;
    }

    /** Whether the pool may dial now. */
    boolean isTime() {
        return timer < 0 && !closed;
    }

    /** Why nobody is let in; null: the last attempt did not fail so. */
    @Nullable
    CallException refused() {
        return refusal.now();
    }

    /** Dials, unless a refusal stands. */
    <T> Future<T> attempt(Supplier<Future<T>> dial) {
        return refusal.attempt(dial);
    }

    /** A dial has failed. @param oldestMadeMillis when the oldest connection that is there was made; null: there is none */
    void failed(@Nullable Long oldestMadeMillis) {
        if (oldestMadeMillis != null) {
            backoff.stood(Monotonic.millis() - oldestMadeMillis);
        }
        later();
    }

    /** A connection has ended. Whatever has ended it may end the next one soon. */
    void ended(long madeMillis, RuntimeException cause) {
        refusal.ended(cause);
        if (isTime()) {
            backoff.lost(madeMillis, Monotonic.millis());
            later();
        }
    }

    private void later() {
        if (isTime()) {
            timer = vertx.setTimer(Math.max(backoff.nextMillis(), refusal.restMillis()), t -> {
                timer = -1;
                action.run();
            });
        }
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }
}
