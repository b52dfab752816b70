package dev.polywire.mongodb.server;

import dev.polywire.core.wire.Limits;
import dev.polywire.mongodb.store.DocumentBounds;

/**
 * What a {@link SmallMongo} may hold.
 *
 * @param store how much it keeps; default {@link DocumentBounds#DEFAULT}
 * @param maxCursors that are open at a time, 1 to 100,000; default 1,000
 * @param maxConnections at a time, 1 to 100,000; default 1,000. Others are closed as soon as they are accepted
 * @param maxWaitMillis the longest that a getMore or a sleep waits, 1 to 3,600,000; default 600,000. Who asks for more waits so long
 * @param maxWaitingRequests of one connection, behind one that waits, 1 to 100,000; default 1,000. At this number, or at 1 MiB, the
 *     connection is not read until one of them has its turn; its end is seen only then
 */
public record SmallMongoBounds(
        DocumentBounds store, int maxCursors, int maxConnections, int maxWaitMillis, int maxWaitingRequests) {

    public static final SmallMongoBounds DEFAULT =
            new SmallMongoBounds(DocumentBounds.DEFAULT, 1_000, 1_000, 600_000, 1_000);

    public SmallMongoBounds {
        Limits.range("maxCursors", maxCursors, 1, 100_000);
        Limits.range("maxConnections", maxConnections, 1, 100_000);
        Limits.range("maxWaitMillis", maxWaitMillis, 1, 3_600_000);
        Limits.range("maxWaitingRequests", maxWaitingRequests, 1, 100_000);
    }

    /** The same with so many cursors and connections. */
    public SmallMongoBounds opens(int maxCursors, int maxConnections) {
        return new SmallMongoBounds(store, maxCursors, maxConnections, maxWaitMillis, maxWaitingRequests);
    }

    /** The same that makes others wait at most so long, and so many. */
    public SmallMongoBounds waits(int maxWaitMillis, int maxWaitingRequests) {
        return new SmallMongoBounds(store, maxCursors, maxConnections, maxWaitMillis, maxWaitingRequests);
    }
}
