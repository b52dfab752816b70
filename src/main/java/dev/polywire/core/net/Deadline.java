package dev.polywire.core.net;

import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * When a call must have its outcome. It covers waiting, connecting, authentication and the operation: each stage registers
 * its own reaction while it holds the call. Belongs to the context that created it.
 */
public final class Deadline {

    /** The request that has a deadline. */
    @FunctionalInterface
    public interface Owner {

        /** The deadline has passed, and whoever holds the call has reacted. */
        void expired();

        /** What the request takes in memory, which the owner counts. */
        default long heldBytes() {
            return 0;
        }
    }

    /** On {@link Monotonic}'s clock. */
    final long atMillis;
    /** In the heap of the timer; -1: none. */
    int place = -1;

    private final DeadlineTimer timer;
    private final @Nullable Object span;
    private final @Nullable Owner owner;
    private @Nullable Runnable giveUp;
    private boolean over;
    private boolean met;

    private Deadline(Vertx vertx, long millis, @Nullable Object span, @Nullable Owner owner) {
        this.span = span;
        this.owner = owner;
        this.atMillis = Monotonic.millis() + Math.max(1, millis);
        this.timer = DeadlineTimer.of(vertx);
        timer.add(this);
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
     * @param owner is told when it expires, after the action that {@link #whenExpired} registered
     */
    public static Deadline after(Vertx vertx, long millis, @Nullable Object span, Owner owner) {
        return new Deadline(vertx, millis, span, owner);
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

    /** What its request takes in memory, by estimate, and its owner counts; 0: the calls are internal. */
    public long heldBytes() {
        return owner == null ? 0 : owner.heldBytes();
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
        timer.remove(this);
        giveUp = null;
    }

    /** Ends the call now, as if the deadline had passed. */
    public void end() {
        timer.remove(this);
        expire();
    }

    /** The timer calls it, which has removed it. */
    void expire() {
        over = true;
        Runnable last = giveUp;
        giveUp = null;
        try {
            if (last != null) {
                last.run();
            }
        } finally {
            if (owner != null) {
                owner.expired();
            }
        }
    }
}
