package dev.polywire.amqp.session;

import java.util.Arrays;

/** The numbers and sizes of unacknowledged deliveries, in order; settled ones take no memory. */
final class UnackedDeliveries {

    /** What is kept of each. */
    static final int KEPT_BYTES = Long.BYTES + Integer.BYTES;

    private static final int FIRST_SLOTS = 64;

    private long[] numbers = new long[FIRST_SLOTS];
    private int[] sizes = new int[FIRST_SLOTS];
    private int from;
    private int to;
    private long bytes;

    /** @param number greater than all earlier ones. @param size bytes of its body */
    void add(long number, int size) {
        if (to == numbers.length) {
            boolean full = size() > numbers.length / 2;
            long[] room = full ? new long[2 * numbers.length] : numbers;
            int[] roomForSizes = full ? new int[2 * sizes.length] : sizes;
            System.arraycopy(numbers, from, room, 0, size());
            System.arraycopy(sizes, from, roomForSizes, 0, size());
            numbers = room;
            sizes = roomForSizes;
            to -= from;
            from = 0;
        }
        sizes[to] = size;
        numbers[to++] = number;
        bytes += size;
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

    private int indexOf(long number) {
        return Arrays.binarySearch(numbers, from, to, number);
    }
}
