package dev.polywire.mongodb.store;

import dev.polywire.core.wire.Limits;

/**
 * What a store may hold. It is in memory and nothing leaves it; at a bound, writes are refused with code 146 and reads go on.
 *
 * @param maxCollections of all databases together, 1 to 100,000
 * @param maxDocuments in one collection, 1 to 10,000,000; one takes about 300 bytes besides its own
 * @param maxBytes of all documents together, 1 to 1 TiB
 * @param maxDocumentBytes of one document, 5 to 48,000,000: {@code maxBsonObjectSize}
 */
public record DocumentBounds(int maxCollections, int maxDocuments, long maxBytes, int maxDocumentBytes) {

    /** For tests: a thousand collections, 64 MiB, and documents as long as a MongoDB server takes them. */
    public static final DocumentBounds DEFAULT =
            new DocumentBounds(1_000, 200_000, 64L * 1024 * 1024, 16 * 1024 * 1024);

    public DocumentBounds {
        Limits.range("maxCollections", maxCollections, 1, 100_000);
        Limits.range("maxDocuments", maxDocuments, 1, 10_000_000);
        Limits.range("maxBytes", maxBytes, 1, 1L << 40);
        Limits.range("maxDocumentBytes", maxDocumentBytes, 5, 48_000_000);
    }
}
