package dev.polywire.eventstore.server;

import java.util.function.LongSupplier;

/** Seconds for groups, from the first one's creation on. */
final class GroupClock {

    /** How often a server looks for events that were not settled in time. */
    static final long TICK_MILLIS = 1_000;

    private final LongSupplier nowMillis;
    private long deadlineMillis = Long.MAX_VALUE;

    /** @param nowMillis of a monotonic clock */
    GroupClock(LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
    }

    long nowMillis() {
        return nowMillis.getAsLong();
    }

    /** There is a group. */
    void start() {
        if (deadlineMillis == Long.MAX_VALUE) {
            deadlineMillis = nowMillis() + TICK_MILLIS;
        }
    }

    /** When a second is over; {@link Long#MAX_VALUE}: never. */
    long deadlineMillis() {
        return deadlineMillis;
    }

    /** Whether a second is over; then the next one begins. */
    boolean isOver(long now) {
        boolean over = now >= deadlineMillis;
        if (over) {
            deadlineMillis = now + TICK_MILLIS;
        }
        return over;
    }
}
