package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;

/**
 * How long a {@link RecoveryPlan} retries exclusive queues that the broker still counts as held by the lost connection
 * (405), until the broker detects the loss, within two of its heartbeats.
 *
 * @param lockedRetryMillis between two attempts, 1 to 3,600,000, default 1,000
 * @param lockedAttempts 1 to 1,000,000, default 150
 */
public record RecoveryOptions(long lockedRetryMillis, int lockedAttempts) {

    public static final long DEFAULT_LOCKED_RETRY_MILLIS = 1_000;
    /** Two and a half minutes: two heartbeats of 60 s, and a reserve. */
    public static final int DEFAULT_LOCKED_ATTEMPTS = 150;

    public static final RecoveryOptions DEFAULT =
            new RecoveryOptions(DEFAULT_LOCKED_RETRY_MILLIS, DEFAULT_LOCKED_ATTEMPTS);

    public RecoveryOptions {
        Limits.range("lockedRetryMillis", lockedRetryMillis, 1, 3_600_000);
        Limits.range("lockedAttempts", lockedAttempts, 1, 1_000_000);
    }
}
