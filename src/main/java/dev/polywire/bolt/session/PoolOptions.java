package dev.polywire.bolt.session;

import dev.polywire.core.wire.Limits;

/**
 * The limits of a pool, for each server.
 *
 * @param maxConnections 1 to 10,000, default 16
 * @param maxWaiting callers that wait for a connection; further ones fail at once; 0 to 1,000,000, default 1,000
 * @param maxIdleMillis a connection that was unused for this long is closed; 1,000 to 86,400,000, default 600,000
 * @param checkAfterMillis a connection that was unused for this long is tested before it is given out; 0 to
 *     86,400,000, default 30,000
 * @param maxLifetimeMillis an older connection is closed when it is released, so that clusters can be rebalanced; 1,000 to
 *     604,800,000, default 3,600,000
 */
public record PoolOptions(
        int maxConnections, int maxWaiting, long maxIdleMillis, long checkAfterMillis, long maxLifetimeMillis) {

    public static final PoolOptions DEFAULT = new PoolOptions(16, 1_000, 600_000, 30_000, 3_600_000);

    public PoolOptions {
        Limits.range("maxConnections", maxConnections, 1, 10_000);
        Limits.range("maxWaiting", maxWaiting, 0, 1_000_000);
        Limits.range("maxIdleMillis", maxIdleMillis, 1_000, 86_400_000);
        Limits.range("checkAfterMillis", checkAfterMillis, 0, 86_400_000);
        Limits.range("maxLifetimeMillis", maxLifetimeMillis, 1_000, 604_800_000);
    }
}
