package dev.polywire.eventstore.server;

import dev.polywire.core.wire.Limits;
import dev.polywire.eventstore.store.StoreBounds;

/**
 * What a server is like.
 *
 * @param version which server it imitates where they differ; default 5.0.11
 * @param maxConnections of all nodes together, at a time; 1 to 100,000, default 1,000: several times the clients of a test. Others
 *     are closed as soon as they are accepted
 * @param store how much it keeps; default {@link StoreBounds#DEFAULT}. At a bound, writes are answered with TooBusy
 */
public record EventStoreServerOptions(ServerVersion version, int maxConnections, StoreBounds store) {

    public static final EventStoreServerOptions DEFAULT =
            new EventStoreServerOptions(ServerVersion.V5_0_11, 1_000, StoreBounds.DEFAULT);

    public EventStoreServerOptions {
        Limits.range("maxConnections", maxConnections, 1, 100_000);
    }

    /** The same with another version. */
    public EventStoreServerOptions like(ServerVersion version) {
        return new EventStoreServerOptions(version, maxConnections, store);
    }
}
