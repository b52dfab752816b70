package dev.polywire.eventstore.store;

/**
 * What a store may hold. It is in memory and nothing leaves it; at a bound, writes are refused and reads go on.
 *
 * @param maxRecords streams, events, and what else a write puts into the log (a transaction: three more; a write without events:
 *     one), at least 1. One takes about 300 bytes besides what is in it
 * @param maxBytes of the log, at least 1: the name, type, data and metadata of each record, and about 90 more; roles of access lists
 *     count 100 each besides
 * @param maxTransactions that are open, or can be committed once more, at least 1: nobody says that one is given up
 * @param maxKnownIds ids of events that are recognised when they are written again with any expected version, at least 1; the
 *     oldest are forgotten first
 */
public record StoreBounds(int maxRecords, long maxBytes, int maxTransactions, int maxKnownIds) {

    /** Full, it takes three quarters of 1 GiB. EventStore's own memory of ids, 8 MiB, has room for about as many. */
    public static final StoreBounds DEFAULT = new StoreBounds(2_000_000, 256L * 1024 * 1024, 1_000, 100_000);

    public StoreBounds {
        require("maxRecords", maxRecords);
        require("maxBytes", maxBytes);
        require("maxTransactions", maxTransactions);
        require("maxKnownIds", maxKnownIds);
    }

    private static void require(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
