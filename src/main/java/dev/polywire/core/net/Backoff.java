package dev.polywire.core.net;

import java.util.random.RandomGenerator;

/**
 * The wait before the next attempt to connect: a random time up to a ceiling that doubles with each attempt (full jitter),
 * so that many clients do not reconnect to a restarted server at the same time.
 *
 * <pre>
 *   an attempt that failed                              up to a ceiling of 0.1 s, 0.2 s, ... 30 s
 *   a connection lost that stood for 30 s               the first ceiling
 *   one that did not stand, but finished its handshake  up to 0.2 s, ten times a minute; then the next ceiling
 * </pre>
 */
public final class Backoff {

    /** First ceiling: a server that restarts a process is available again after about that time. */
    public static final long MIN_MILLIS = 100;
    /** Last ceiling: after an operator has repaired a server, the next attempt follows within this time. */
    public static final long MAX_MILLIS = 30_000;
    /** A connection that lasted this long was a success. */
    public static final long STABLE_MILLIS = 30_000;
    /** The ceiling of a quick reconnect, see {@link QuickReconnects}. */
    public static final long QUICK_MILLIS = 200;

    private static final int LAST_DOUBLING = 16;

    private final RandomGenerator random;
    private final QuickReconnects reconnects;
    private int attempts;
    private boolean quick;

    public Backoff(RandomGenerator random) {
        this(random, new QuickReconnects());
    }

    /** @param reconnects shared by all connections of a connector */
    public Backoff(RandomGenerator random, QuickReconnects reconnects) {
        this.random = random;
        this.reconnects = reconnects;
    }

    /** Milliseconds to wait before the next attempt. */
    public long nextMillis() {
        if (quick) {
            quick = false;
            return 1 + random.nextLong(QUICK_MILLIS);
        }
        long ceiling = Math.min(MAX_MILLIS, MIN_MILLIS << Math.min(attempts++, LAST_DOUBLING));
        return 1 + random.nextLong(ceiling);
    }

    /** A connection that had finished its handshake was lost. Both times are on {@link Monotonic}'s clock. */
    public void lost(long readyAtMillis, long nowMillis) {
        long stoodMillis = nowMillis - readyAtMillis;
        stood(stoodMillis);
        quick = stoodMillis < STABLE_MILLIS && reconnects.take(nowMillis);
    }

    /** A connection has been there for so long. */
    public void stood(long millis) {
        if (millis >= STABLE_MILLIS) {
            attempts = 0;
        }
    }
}
