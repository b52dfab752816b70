package dev.polywire.amqp.session;

import dev.polywire.core.wire.Limits;

/**
 * What a consumer may hold, and for how long it may do nothing with it.
 *
 * @param maxBytes bodies of unsettled messages, or what its reader has not taken: above it the connection that consumes is
 *     paused, unless the prefetch is used up; 1 to 4 GiB, default 16 MiB
 * @param slowMillis a consumer that pauses the connection for so long, and of which nothing is settled or taken meanwhile, is
 *     cancelled; 1 to 86,400,000, default 30,000
 * @param timeoutMillis the broker's: it takes a delivery back that is not settled for so long, and ends the consumer; 0: it never
 *     does, else 2,000 to 2,592,000,000 (30 days), default 1,800,000, RabbitMQ's
 */
public record ConsumerLimits(long maxBytes, long slowMillis, long timeoutMillis) {

    public static final long DEFAULT_MAX_BYTES = 16L * 1024 * 1024;
    public static final long DEFAULT_SLOW_MILLIS = 30_000;
    public static final long DEFAULT_TIMEOUT_MILLIS = 1_800_000;
    /** Give back at 5/6 of it, an item is held for longer than a second. */
    public static final long LEAST_TIMEOUT_MILLIS = 2_000;

    public static final long GREATEST_TIMEOUT_MILLIS = 2_592_000_000L;
    public static final long GREATEST_MAX_BYTES = 4L * 1024 * 1024 * 1024;
    public static final long GREATEST_SLOW_MILLIS = 86_400_000;

    public static final ConsumerLimits DEFAULT =
            new ConsumerLimits(DEFAULT_MAX_BYTES, DEFAULT_SLOW_MILLIS, DEFAULT_TIMEOUT_MILLIS);

    public ConsumerLimits {
        Limits.range("maxBytes", maxBytes, 1, GREATEST_MAX_BYTES);
        Limits.range("slowMillis", slowMillis, 1, GREATEST_SLOW_MILLIS);
        if (timeoutMillis != 0) {
            Limits.range("timeoutMillis", timeoutMillis, LEAST_TIMEOUT_MILLIS, GREATEST_TIMEOUT_MILLIS);
        }
    }

    /** With RabbitMQ's timeout. */
    public ConsumerLimits(long maxBytes, long slowMillis) {
        this(maxBytes, slowMillis, DEFAULT_TIMEOUT_MILLIS);
    }

    /** The same with another broker. */
    public ConsumerLimits withTimeout(long millis) {
        return new ConsumerLimits(maxBytes, slowMillis, millis);
    }

    /** How long a delivery may wait for somebody to work on it; {@link Long#MAX_VALUE}: for ever. */
    public long mayWaitMillis() {
        return timeoutMillis == 0 ? Long.MAX_VALUE : timeoutMillis / 6 * 5;
    }
}
