package dev.polywire.mongodb.store;

import dev.polywire.core.wire.Limits;

/**
 * What a store may hold. It is in memory and nothing leaves it; at a bound, writes are refused with code 146 and reads go on.
 *
 * @param maxCollections of all databases together, 1 to 100,000; default 1,000
 * @param maxDocuments in one collection, 1 to 10,000,000; default 200,000. One takes about 500 bytes besides its own
 * @param maxBytes of all documents together, 1 to 1 TiB; default 64 MiB.
 */
public record DocumentBounds(int maxCollections, int maxDocuments, long maxBytes) {

    public static final DocumentBounds DEFAULT = new DocumentBounds(1_000, 200_000, 64L * 1024 * 1024);

    public DocumentBounds {
        Limits.range("maxCollections", maxCollections, 1, 100_000);
        Limits.range("maxDocuments", maxDocuments, 1, 10_000_000);
        Limits.range("maxBytes", maxBytes, 1, 1L << 40);
    }
}
