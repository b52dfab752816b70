package dev.polywire.core.bus.stream;

import dev.polywire.core.bus.request.Failure;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Which items of a stream were given and are not settled yet. An item that stays unsettled costs its chunk, however many come
 * after it.
 *
 * <pre>
 *   chunk 0: items 1 .. 1024   chunk 1: 1025 .. 2048   ...
 *   bit i: item chunk * 1024 + 1 + i is not settled; a chunk without bits is not kept
 * </pre>
 */
final class Unsettled {

    private static final int CHUNK_ITEMS = 1_024;
    /** So many lapsed items are known, the newest ones; a word about an older one counts as repeated. */
    private static final int MAX_LAPSED = 4_096;

    private final TreeMap<Long, BitSet> chunks = new TreeMap<>();
    private final Set<Long> lapsed = new LinkedHashSet<>();
    private long given;
    private long count;

    /** So many more items were given. */
    void gave(int items) {
        count += items;
        for (long next = given, end = given + items; next < end; ) {
            long chunk = next / CHUNK_ITEMS;
            long chunkEnd = Math.min(end, (chunk + 1) * CHUNK_ITEMS);
            chunks.computeIfAbsent(chunk, first -> new BitSet(CHUNK_ITEMS))
                    .set((int) (next % CHUNK_ITEMS), (int) (chunkEnd - chunk * CHUNK_ITEMS));
            next = chunkEnd;
        }
        given += items;
    }

    long count() {
        return count;
    }

    /** Throws BAD_REQUEST for the number of an item that was not given. */
    void check(String field, long item) {
        if (item < 1 || item > given) {
            throw Failure.BAD_REQUEST.because(field + ": " + item + " (expected: 1 to " + given + ", items given)");
        }
    }

    /** @return false when the item was settled before, or has lapsed */
    boolean settle(long item) {
        return take(item, item).length > 0;
    }

    /** The unsettled items up to this one, in order; they are settled now. */
    long[] settleUpTo(long item) {
        return take(1, item);
    }

    /** The protocol has taken back what is not settled of these. */
    void lapse(long first, long last) {
        for (long item : take(first, Math.min(last, given))) {
            lapsed.add(item);
        }
        Iterator<Long> oldest = lapsed.iterator();
        for (int tooMany = lapsed.size() - MAX_LAPSED; tooMany > 0; tooMany--) {
            oldest.next();
            oldest.remove();
        }
    }

    /** How many of these items have lapsed; each is told once. */
    int late(long first, long last) {
        int known = lapsed.size();
        if (first == last) {
            lapsed.remove(first);
        } else {
            lapsed.removeIf(item -> item >= first && item <= last);
        }
        return known - lapsed.size();
    }

    private long[] take(long first, long last) {
        if (last < first) {
            return new long[0];
        }
        LongStream.Builder all = LongStream.builder();
        NavigableMap<Long, BitSet> touched =
                chunks.subMap((first - 1) / CHUNK_ITEMS, true, (last - 1) / CHUNK_ITEMS, true);
        for (Iterator<Map.Entry<Long, BitSet>> each = touched.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Long, BitSet> chunk = each.next();
            long before = chunk.getKey() * CHUNK_ITEMS;
            BitSet bits = chunk.getValue();
            int bit = bits.nextSetBit((int) Math.max(0, first - 1 - before));
            for (; bit >= 0 && before + bit < last; bit = bits.nextSetBit(bit + 1)) {
                all.add(before + bit + 1);
                bits.clear(bit);
                count--;
            }
            if (bits.isEmpty()) {
                each.remove();
            }
        }
        return all.build().toArray();
    }
}
