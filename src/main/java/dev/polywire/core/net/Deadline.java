package dev.polywire.core.net;

import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * When a call must have its outcome. It covers waiting, connecting, authentication and the operation: whoever holds the
 * call at the moment registers what giving up means there. Belongs to the context it was made on.
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

    /** @param span what {@link Spi#admitted} said of the request that its calls are for */
    public static Deadline after(Vertx vertx, long millis, @Nullable Object span) {
        return new Deadline(vertx, millis, span, null);
    }

    /** @param afterwards runs when it expires, behind what {@link #whenExpired} registered */
    public static Deadline after(Vertx vertx, long millis, Runnable afterwards) {
        return new Deadline(vertx, millis, null, afterwards);
    }

    /**
     * @param span what {@link Spi#admitted} said of the request whose deadline it is, and its calls are told
     * @param afterwards runs when it expires, behind what {@link #whenExpired} registered
     */
    public static Deadline after(Vertx vertx, long millis, @Nullable Object span, Runnable afterwards) {
        return new Deadline(vertx, millis, span, afterwards);
    }

    /**
     * Registers what giving up means now, in place of what it meant before. Runs at once when it is too late already, and
     * never when the call had its outcome in time.
     */
    public void whenExpired(Runnable giveUp) {
        if (over) {
            giveUp.run();
        } else if (!met) {
            this.giveUp = giveUp;
        }
    }

    /** The request that it is for, as {@link Spi#admitted} named it; null: a matter of ours. */
    public @Nullable Object span() {
        return span;
    }

    /** Milliseconds left, 0 when it has passed. */
    public long remainingMillis() {
        return Math.max(0, atMillis - Monotonic.millis());
    }

    /** True from the moment on at which callers were told. */
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
