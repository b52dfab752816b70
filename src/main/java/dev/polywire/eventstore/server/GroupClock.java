package dev.polywire.eventstore.server;

import java.util.function.LongSupplier;

/**
 * Seconds for groups, and the time between them. Nobody tells the time when a client speaks, so that the time of day fills the gaps; where
 * somebody sets that clock, a group is wrong by a second at most.
 */
final class GroupClock {

    /** How often a server looks for events that were not settled in time. */
    static final long TICK_MILLIS = 1_000;

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final LongSupplier epochMillis;
    private long offset = UNKNOWN;
    private long lastMillis;
    private long lastEpochMillis;

    /** @param epochMillis the time of day */
    GroupClock(LongSupplier epochMillis) {
        this.epochMillis = epochMillis;
        this.lastEpochMillis = epochMillis.getAsLong();
    }

    /** On a clock of its own. */
    long nowMillis() {
        long since = epochMillis.getAsLong() - lastEpochMillis;
        return lastMillis + Math.max(0, Math.min(since, TICK_MILLIS));
    }

    /** When the next second is over, on the clock of {@link #isOver}; until that was asked once: at once. */
    long deadlineMillis() {
        return offset == UNKNOWN ? 0 : lastMillis + TICK_MILLIS + offset;
    }

    /** Whether a second is over; then the next one begins. */
    boolean isOver(long now) {
        if (offset == UNKNOWN) {
            lastMillis = nowMillis();
            offset = now - lastMillis;
        } else if (now < deadlineMillis()) {
            return false;
        }
        lastMillis = now - offset;
        lastEpochMillis = epochMillis.getAsLong();
        return true;
    }
}
