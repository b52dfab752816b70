package dev.polywire.core.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A set of named deadlines: a time for each name of an enum, or none.
 *
 * @param <T> the names; of several expired timers the first name is returned first
 */
public final class Timers<T extends Enum<T>> {

    private static final long NEVER = Long.MAX_VALUE;

    private final T[] names;
    private final long[] atMillis;

    public Timers(Class<T> names) {
        this.names = names.getEnumConstants();
        this.atMillis = new long[this.names.length];
        Arrays.fill(atMillis, NEVER);
    }

    /** Starts or moves a timer. @param atMillis {@link Long#MAX_VALUE}: stops it */
    public void set(T name, long atMillis) {
        this.atMillis[name.ordinal()] = atMillis;
    }

    public void stop(T name) {
        set(name, NEVER);
    }

    public boolean runs(T name) {
        return atMillis[name.ordinal()] != NEVER;
    }

    /** When the timer expires; {@link Long#MAX_VALUE}: it does not run. */
    public long atMillis(T name) {
        return atMillis[name.ordinal()];
    }

    /** When the first timer expires; {@link Long#MAX_VALUE}: none runs. */
    public long nextMillis() {
        long next = NEVER;
        for (long each : atMillis) {
            next = Math.min(next, each);
        }
        return next;
    }

    /** An expired timer, which stops; null: none. */
    public @Nullable T expired(long nowMillis) {
        for (T name : names) {
            if (runs(name) && nowMillis >= atMillis(name)) {
                stop(name);
                return name;
            }
        }
        return null;
    }
}
