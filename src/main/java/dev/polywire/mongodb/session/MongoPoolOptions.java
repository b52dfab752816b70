package dev.polywire.mongodb.session;

import dev.polywire.core.wire.Limits;

/**
 * The limits of a pool, in the words of the connection monitoring and pooling specification where it has one.
 *
 * @param maxPoolSize connections that take commands, 1 to 1,000, default 16
 * @param minPoolSize the fewest connections kept open, 0 to {@code maxPoolSize}, default 0; the last one is kept in any case
 * @param maxConnecting the most being opened at the same time, 1 to 100, default 2; one while there is none, so that a bad login
 *     is tried once
 * @param maxIdleMillis a connection that was unused for this long is closed; 0: none is; 1,000 to 86,400,000, default 600,000
 * @param maxLifetimeMillis an older connection is closed as soon as nothing is in flight on it; 1,000 to 604,800,000, default
 *     3,600,000
 * @param maxWaiting commands that wait for a connection; further ones fail at once; 0 to 1,000,000, default 1,000
 * @param pipeline commands that may be in flight on one connection, 1 to 1,000, default 8
 * @param pipelineMillis nothing is put behind a command that is in flight for longer: it may take any time; 0 to 60,000, default
 *     20; 0: nothing is put behind others
 * @param maxDedicatedConnections connections beside the pool, each for one cursor that waits or is read by exhaust; 0 to 10,000, default
 *     32
 */
public record MongoPoolOptions(
        int maxPoolSize,
        int minPoolSize,
        int maxConnecting,
        long maxIdleMillis,
        long maxLifetimeMillis,
        int maxWaiting,
        int pipeline,
        long pipelineMillis,
        int maxDedicatedConnections) {

    public static final MongoPoolOptions DEFAULT = new MongoPoolOptions(16, 0, 2, 600_000, 3_600_000, 1_000, 8, 20, 32);

    public MongoPoolOptions {
        Limits.range("maxPoolSize", maxPoolSize, 1, 1_000);
        Limits.range("minPoolSize", minPoolSize, 0, maxPoolSize);
        Limits.range("maxConnecting", maxConnecting, 1, 100);
        if (maxIdleMillis != 0) {
            Limits.range("maxIdleMillis", maxIdleMillis, 1_000, 86_400_000);
        }
        Limits.range("maxLifetimeMillis", maxLifetimeMillis, 1_000, 604_800_000);
        Limits.range("maxWaiting", maxWaiting, 0, 1_000_000);
        Limits.range("pipeline", pipeline, 1, 1_000);
        Limits.range("pipelineMillis", pipelineMillis, 0, 60_000);
        Limits.range("maxDedicatedConnections", maxDedicatedConnections, 0, 10_000);
    }

    /** The defaults with another number of connections, of commands in flight on each, and their age. */
    public static MongoPoolOptions of(int maxPoolSize, int pipeline, long pipelineMillis) {
        return new MongoPoolOptions(maxPoolSize, 0, 2, 600_000, 3_600_000, 1_000, pipeline, pipelineMillis, 32);
    }

    /** The defaults with another number of connections, and of commands in flight on each. */
    public static MongoPoolOptions of(int maxPoolSize, int pipeline) {
        return of(maxPoolSize, pipeline, 20);
    }
}
