package dev.polywire.amqp.session;

import dev.polywire.core.wire.Limits;

/**
 * What a consumer may hold, and for how long it may do nothing with it.
 *
 * @param maxBytes bodies of unsettled messages, or what its reader has not taken: above it the connection that consumes is
 *     paused, unless the prefetch is used up; 1 to 4 GiB, default 16 MiB
 * @param slowMillis a consumer that pauses the connection for so long, and of which nothing is settled or taken meanwhile, is
 *     cancelled; 1 to 86,400,000, default 30,000
 */
public record ConsumerLimits(long maxBytes, long slowMillis) {

    public static final long DEFAULT_MAX_BYTES = 16L * 1024 * 1024;
    public static final long DEFAULT_SLOW_MILLIS = 30_000;
    public static final long GREATEST_MAX_BYTES = 4L * 1024 * 1024 * 1024;
    public static final long GREATEST_SLOW_MILLIS = 86_400_000;

    public static final ConsumerLimits DEFAULT = new ConsumerLimits(DEFAULT_MAX_BYTES, DEFAULT_SLOW_MILLIS);

    public ConsumerLimits {
        Limits.range("maxBytes", maxBytes, 1, GREATEST_MAX_BYTES);
        Limits.range("slowMillis", slowMillis, 1, GREATEST_SLOW_MILLIS);
    }
}
