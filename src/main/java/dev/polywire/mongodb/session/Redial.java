package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When a pool dials again: as {@link RedialTimes} says, and not while a refusal stands. */
final class Redial {

    private final RedialTimes times;
    private final StandingRefusal refusal;
    private final EarliestTimer timer;
    private boolean closed;

    /** @param action is run when it is time */
    Redial(Vertx vertx, Runnable action) {
        this.timer = new EarliestTimer(vertx, action);
        RandomGenerator random = new Random();
        this.times = new RedialTimes(random);
        this.refusal = new StandingRefusal(random);
    }

    /** Whether the pool may dial now. */
    boolean isTime() {
        return !timer.isSet() && !closed;
    }

    /** Whether a dial may succeed, as far as is known. */
    boolean isPromising() {
        return isTime() && refusal.now() == null;
    }

    /** Why nobody is let in; null: the last attempt did not fail so. */
    @Nullable
    CallException refused() {
        return refusal.now();
    }

    /** @param refused is given the reason why nobody is let in, if there is one */
    void ifRefused(Consumer<CallException> refused) {
        CallException why = refused();
        if (why != null) {
            refused.accept(why);
        }
    }

    /** Dials, unless a refusal stands. */
    <T> Future<T> attempt(Supplier<Future<T>> dial) {
        return refusal.attempt(dial).onSuccess(opened -> times.opened(Monotonic.millis()));
    }

    /** A dial has failed. */
    void failed() {
        if (isTime()) {
            later(times.failed(Monotonic.millis()));
        }
    }

    /** A connection has ended. Whatever has ended it may end the next one soon. @param others whether others serve on */
    void ended(long madeMillis, RuntimeException cause, boolean others) {
        refusal.ended(cause);
        if (isTime()) {
            later(times.ended(madeMillis, Monotonic.millis(), others));
        }
    }

    private void later(long millis) {
        timer.within(Math.max(millis, refusal.restMillis()));
    }

    void close() {
        closed = true;
        timer.cancel();
    }
}
