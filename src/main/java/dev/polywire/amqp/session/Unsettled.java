package dev.polywire.amqp.session;

import java.util.BitSet;

/** Which numbers of a growing sequence are not settled: one bit each from the oldest to the newest. */
final class Unsettled {

    /** When so many bits in front are of what is settled, they are cut off. */
    private static final int SLACK_BITS = 4_096;

    private final BitSet bits = new BitSet();
    /** The number of bit 0. */
    private long first;

    private int size;

    void add(long number) {
        if (size == 0) {
            bits.clear();
            first = number;
        }
        bits.set((int) (number - first));
        size++;
    }

    boolean has(long number) {
        long bit = number - first;
        return size > 0 && bit >= 0 && bit < bits.length() && bits.get((int) bit);
    }

    /** This one, which is here, and with {@code multiple} all before it. */
    void remove(long number, boolean multiple) {
        int bit = (int) (number - first);
        if (multiple) {
            size -= bits.get(0, bit + 1).cardinality();
            bits.clear(0, bit + 1);
        } else {
            size--;
            bits.clear(bit);
        }
        int oldest = bits.nextSetBit(0);
        if (oldest > SLACK_BITS) {
            shift(oldest);
        }
    }

    int size() {
        return size;
    }

    void clear() {
        bits.clear();
        size = 0;
    }

    private void shift(int by) {
        BitSet rest = bits.get(by, bits.length());
        bits.clear();
        bits.or(rest);
        first += by;
    }
}
