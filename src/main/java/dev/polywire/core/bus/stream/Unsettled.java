package dev.polywire.core.bus.stream;

import dev.polywire.core.bus.request.Failure;
import java.util.BitSet;
import java.util.stream.LongStream;

/**
 * Which items of a stream were given and are not settled yet.
 *
 * <pre>
 *   1 .. settledTo   settledTo+1 .. given
 *   all settled      bit i: settledTo + 1 + i is settled
 * </pre>
 */
final class Unsettled {

    /** The bits are moved when so many are no longer needed. */
    private static final int MOVED_BITS = 4_096;

    private final BitSet settled = new BitSet();
    private long settledTo;
    private long given;

    /** So many more items were given. */
    void gave(int items) {
        given += items;
    }

    long count() {
        return given - settledTo - settled.cardinality();
    }

    /** Throws BAD_REQUEST for the number of an item that was not given. */
    void check(String field, long item) {
        if (item < 1 || item > given) {
            throw Failure.BAD_REQUEST.because(field + ": " + item + " (expected: 1 to " + given + ", items given)");
        }
    }

    /** @return false when the item was settled before */
    boolean settle(long item) {
        if (item <= settledTo || settled.get(bit(item))) {
            return false;
        }
        settled.set(bit(item));
        int known = settled.nextClearBit(0);
        if (known == given - settledTo || known >= MOVED_BITS) {
            settledTo += known;
            move(known);
        }
        return true;
    }

    /** The unsettled items up to this one, in order; they are settled now. */
    long[] settleUpTo(long item) {
        if (item <= settledTo) {
            return new long[0];
        }
        long before = settledTo;
        int bits = bit(item) + 1;
        long[] all = LongStream.range(0, bits)
                .filter(bit -> !settled.get((int) bit))
                .map(bit -> before + 1 + bit)
                .toArray();
        settledTo = item;
        move(bits);
        return all;
    }

    private int bit(long item) {
        return Math.toIntExact(item - settledTo - 1);
    }

    private void move(int bits) {
        BitSet rest = settled.get(bits, Math.max(bits, settled.length()));
        settled.clear();
        settled.or(rest);
    }
}
