package dev.polywire.core.net;

import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * When a call must have its outcome. It covers waiting, connecting, authentication and the operation: each stage registers
 * its own reaction while it holds the call. Belongs to the context that created it.
 */
public final class Deadline {

    private final Vertx vertx;
    private final long atMillis;
    private final long timer;
    private final @Nullable Object span;
    private @Nullable Runnable giveUp;
    private boolean over;
    private boolean met;

    private Deadline(Vertx vertx, long millis, @Nullable Object span, @Nullable Runnable afterwards) {
        this.vertx = vertx;
        this.span = span;
        this.atMillis = Monotonic.millis() + millis;
        this.timer = vertx.setTimer(Math.max(1, millis), t -> expire(afterwards));
    }

    /** @param millis from now, at least 1 */
    public static Deadline after(Vertx vertx, long millis) {
        return new Deadline(vertx, millis, null, null);
    }

    /** @param span the token from {@link Spi#admitted} of the request that its calls belong to */
    public static Deadline after(Vertx vertx, long millis, @Nullable Object span) {
        return new Deadline(vertx, millis, span, null);
    }

    /**
     * @param span the token from {@link Spi#admitted} of the request that has this deadline, for its calls
     * @param afterwards runs when it expires, after the action that {@link #whenExpired} registered
     */
    public static Deadline after(Vertx vertx, long millis, @Nullable Object span, Runnable afterwards) {
        return new Deadline(vertx, millis, span, afterwards);
    }

    /**
     * Registers the action of a missed deadline, in place of the earlier one. It runs at once when the deadline has passed,
     * and never when the call had its outcome in time.
     */
    public void whenExpired(Runnable giveUp) {
        if (over) {
            giveUp.run();
        } else if (!met) {
            this.giveUp = giveUp;
        }
    }

    /** The token of the request, from {@link Spi#admitted}; null: the calls are internal. */
    public @Nullable Object span() {
        return span;
    }

    /** Milliseconds left, 0 when it has passed. */
    public long remainingMillis() {
        return Math.max(0, atMillis - Monotonic.millis());
    }

    /** True as soon as the callers have been notified. */
    public boolean expired() {
        return over;
    }

    /** The call has its outcome. */
    public void met() {
        met = true;
        vertx.cancelTimer(timer);
        giveUp = null;
    }

    private void expire(@Nullable Runnable afterwards) {
        over = true;
        Runnable last = giveUp;
        giveUp = null;
        try {
            if (last != null) {
                last.run();
            }
        } finally {
            if (afterwards != null) {
                afterwards.run();
            }
        }
    }
}
