package dev.polywire.testing;

import io.vertx.core.Vertx;

/**
 * The time of an event loop that is never late: while the loop, or the whole machine, does something else, no more passes than between
 * two of its ticks. What is late by this clock is late because nobody began it in time.
 */
public final class LoopClock {

    private static final long TICK_MILLIS = 5;
    private static final long LONGEST_TICK_NANOS = 10_000_000;

    private volatile long nanos;
    private long lastNanos = System.nanoTime();

    /** @param vertx with one event loop */
    public LoopClock(Vertx vertx) {
        vertx.setPeriodic(TICK_MILLIS, tick -> {
            long nowNanos = System.nanoTime();
            nanos += Math.min(LONGEST_TICK_NANOS, nowNanos - lastNanos);
            lastNanos = nowNanos;
        });
    }

    public long millis() {
        return nanos / 1_000_000;
    }
}
