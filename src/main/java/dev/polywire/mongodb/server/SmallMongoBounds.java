package dev.polywire.mongodb.server;

import dev.polywire.core.wire.Limits;
import dev.polywire.mongodb.store.DocumentBounds;

/**
 * What a {@link SmallMongo} may hold.
 *
 * @param store how much it keeps; default {@link DocumentBounds#DEFAULT}
 * @param maxCursors that are open at a time, 1 to 100,000; default 1,000
 * @param maxConnections at a time, 1 to 100,000; default 1,000. Others are closed as soon as they are accepted
 */
public record SmallMongoBounds(DocumentBounds store, int maxCursors, int maxConnections) {

    public static final SmallMongoBounds DEFAULT = new SmallMongoBounds(DocumentBounds.DEFAULT, 1_000, 1_000);

    public SmallMongoBounds {
        Limits.range("maxCursors", maxCursors, 1, 100_000);
        Limits.range("maxConnections", maxConnections, 1, 100_000);
    }
}
