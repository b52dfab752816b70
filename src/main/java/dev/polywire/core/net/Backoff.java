package dev.polywire.core.net;

import java.util.random.RandomGenerator;

/**
 * The wait before the next attempt to connect: a random time up to a ceiling that doubles with each attempt (full jitter),
 * so that many clients do not reconnect to a restarted server at the same time.
 */
public final class Backoff {

    /** First ceiling: a server that restarts a process is available again after about that time. */
    public static final long MIN_MILLIS = 100;
    /** Last ceiling: after an operator has repaired a server, the next attempt follows within this time. */
    public static final long MAX_MILLIS = 30_000;
    /** A connection that lasted this long was a success; one that breaks earlier counts as one more attempt. */
    public static final long STABLE_MILLIS = 30_000;

    private static final int LAST_DOUBLING = 16;

    private final RandomGenerator random;
    private int attempts;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** Milliseconds to wait before the next attempt. */
    public long nextMillis() {
        long ceiling = Math.min(MAX_MILLIS, MIN_MILLIS << Math.min(attempts++, LAST_DOUBLING));
        return 1 + random.nextLong(ceiling);
    }

    /** An established connection was lost after {@code stoodMillis}. */
    public void lostAfter(long stoodMillis) {
        if (stoodMillis >= STABLE_MILLIS) {
            attempts = 0;
        }
    }
}
