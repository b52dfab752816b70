package dev.polywire.mongodb.server;

/** How a server takes the operations before OP_MSG. A hello by OP_QUERY is answered by all. */
public enum LegacySupport {
    /** As MongoDB up to 5.0: all of them are done. */
    DONE,
    /**
     * As MongoDB since 5.1: another command by OP_QUERY is answered with code 352, a query of documents with {@code $err} and
     * QUERY_FAILURE; on the others the connection is closed.
     */
    REFUSED,
    /** As FerretDB 1.24: the same, but the answer with {@code $err} has no flag. */
    REFUSED_WITHOUT_FLAG
}
