package dev.polywire.mongodb.session;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a pool dials again.
 *
 * <pre>
 *   a connection has ended, others are open    within 0.2 s: the server takes connections
 *   the last one has ended                     as {@link Backoff} says of one that was lost
 *   one could not be opened                    as {@link Backoff} says of an attempt that failed; not while a refusal stands
 * </pre>
 */
final class Redial {

    private final Vertx vertx;
    private final Runnable action;
    private final RandomGenerator random = new Random();
    private final Backoff backoff = new Backoff(random);
    private final StandingRefusal refusal = new StandingRefusal(random);
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
        if (isTime()) {
            later(backoff.nextMillis());
        }
    }

    /** A connection has ended. Whatever has ended it may end the next one soon. @param others whether others are open */
    void ended(long madeMillis, RuntimeException cause, boolean others) {
        refusal.ended(cause);
        if (!isTime()) {
            return;
        }
        long nowMillis = Monotonic.millis();
        if (others) {
            backoff.stood(nowMillis - madeMillis);
            later(1 + random.nextLong(Backoff.QUICK_MILLIS));
        } else {
            backoff.lost(madeMillis, nowMillis);
            later(backoff.nextMillis());
        }
    }

    private void later(long millis) {
        timer = vertx.setTimer(Math.max(millis, refusal.restMillis()), t -> {
            timer = -1;
            action.run();
        });
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }
}
