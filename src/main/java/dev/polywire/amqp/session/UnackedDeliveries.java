package dev.polywire.amqp.session;

import java.util.Arrays;

/** The numbers, tags and sizes of unacknowledged deliveries, in order; settled ones take no memory. */
final class UnackedDeliveries {

    /** What is kept of each. */
    static final int KEPT_BYTES = 2 * Long.BYTES + Integer.BYTES;

    private static final int FIRST_SLOTS = 64;

    private long[] numbers = new long[FIRST_SLOTS];
    private long[] tags = new long[FIRST_SLOTS];
    private int[] sizes = new int[FIRST_SLOTS];
    private int from;
    private int to;
    private long bytes;

    /**
     * @param number greater than all earlier ones
     * @param tag the broker's. Each channel begins at 1 with RabbitMQ; garagemq goes on where the last one of this number ended
     * @param size bytes of its body
     */
    void add(long number, long tag, int size) {
        if (to == numbers.length) {
            int slots = size() > numbers.length / 2 ? 2 * numbers.length : numbers.length;
            numbers = moved(numbers, slots);
            tags = moved(tags, slots);
            int[] room = slots == sizes.length ? sizes : new int[slots];
            System.arraycopy(sizes, from, room, 0, size());
            sizes = room;
            to -= from;
            from = 0;
        }
        sizes[to] = size;
        tags[to] = tag;
        numbers[to++] = number;
        bytes += size;
    }

    /** The tag of this number, which must be present. */
    long tag(long number) {
        return tags[indexOf(number)];
    }

    boolean has(long number) {
        return indexOf(number) >= 0;
    }

    /** Removes this number, which must be present, and with {@code multiple} all before it. */
    void remove(long number, boolean multiple) {
        int index = indexOf(number);
        for (int i = multiple ? from : index; i <= index; i++) {
            bytes -= sizes[i];
        }
        if (multiple || index == from) {
            from = index + 1;
        } else {
            System.arraycopy(numbers, index + 1, numbers, index, to - index - 1);
            System.arraycopy(tags, index + 1, tags, index, to - index - 1);
            System.arraycopy(sizes, index + 1, sizes, index, to - index - 1);
            to--;
        }
    }

    int size() {
        return to - from;
    }

    /** Of all their bodies, which are not kept here. */
    long bodyBytes() {
        return bytes;
    }

    void clear() {
        from = 0;
        to = 0;
        bytes = 0;
    }

    private long[] moved(long[] kept, int slots) {
        long[] room = slots == kept.length ? kept : new long[slots];
        System.arraycopy(kept, from, room, 0, size());
        return room;
    }

    private int indexOf(long number) {
        return Arrays.binarySearch(numbers, from, to, number);
    }
}
