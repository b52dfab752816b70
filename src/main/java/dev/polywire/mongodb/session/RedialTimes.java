package dev.polywire.mongodb.session;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.QuickReconnects;
import java.util.random.RandomGenerator;

/**
 * How long a pool waits before it dials again. Pure: it has no clock.
 *
 * <pre>
 *   a connection has ended, others serve on    within 0.2 s, sixty times a minute; then as if it were the last one
 *   the last one has ended                     as {@link Backoff} says of one that was lost
 *   one could not be opened                    as {@link Backoff} says of an attempt that failed
 * </pre>
 */
final class RedialTimes {

    /** One a second in the long run: what one caller's commands end time and again, others have to log in for. */
    static final int QUICK_A_MINUTE = 60;

    private static final long NEVER = Long.MIN_VALUE;

    private final RandomGenerator random;
    private final Backoff backoff;
    private final QuickReconnects besideOthers = new QuickReconnects(QUICK_A_MINUTE);
    /** The last success, until an attempt fails. */
    private long openedMillis = NEVER;

    RedialTimes(RandomGenerator random) {
        this.random = random;
        this.backoff = new Backoff(random);
    }

    /** An attempt has succeeded. */
    void opened(long nowMillis) {
        openedMillis = nowMillis;
    }

    /** An attempt has failed. @return in how many milliseconds the next one is made; the first failure in a row counts anew */
    long failed(long nowMillis) {
        if (openedMillis != NEVER) {
            backoff.stood(nowMillis - openedMillis);
            openedMillis = NEVER;
        }
        return backoff.nextMillis();
    }

    /** A connection has ended. @param others whether others serve on @return in how many milliseconds one may be opened */
    long ended(long madeMillis, long nowMillis, boolean others) {
        if (others && besideOthers.take(nowMillis)) {
            backoff.stood(nowMillis - madeMillis);
            return 1 + random.nextLong(Backoff.QUICK_MILLIS);
        }
        backoff.lost(madeMillis, nowMillis);
        return backoff.nextMillis();
    }
}
