package dev.polywire.core.net;

import java.util.Arrays;

/**
 * How often a connector may replace a lost connection quickly. A server may close a connection over one caller's command,
 * which says nothing about the next; one that closes every connection is not dialled for ever at that speed.
 */
public final class QuickReconnects {

    /** So often in any minute. */
    static final int A_MINUTE = 10;

    private static final long MINUTE_MILLIS = 60_000;

    /** When the last of them began, as a ring. */
    private final long[] atMillis;

    private int oldest;

    public QuickReconnects() {
        this(A_MINUTE);
    }

    /** @param aMinute so often in any minute, at least 1 */
    public QuickReconnects(int aMinute) {
        atMillis = new long[aMinute];
        Arrays.fill(atMillis, Long.MIN_VALUE);
    }

    /** @return whether one more may be quick now; it then counts. @param nowMillis on {@link Monotonic}'s clock */
    public boolean take(long nowMillis) {
        if (atMillis[oldest] > nowMillis - MINUTE_MILLIS) {
            return false;
        }
        atMillis[oldest] = nowMillis;
        oldest = (oldest + 1) % atMillis.length;
        return true;
    }
}
