package dev.polywire.amqp.session;

import java.util.Arrays;

/** The numbers of unacknowledged deliveries, in order; settled ones take no memory. */
final class UnackedDeliveries {

    private static final int FIRST_SLOTS = 64;

    private long[] numbers = new long[FIRST_SLOTS];
    private int from;
    private int to;

    /** @param number greater than all earlier ones */
    void add(long number) {
        if (to == numbers.length) {
            long[] room = size() > numbers.length / 2 ? new long[2 * numbers.length] : numbers;
            System.arraycopy(numbers, from, room, 0, size());
            numbers = room;
            to -= from;
            from = 0;
        }
        numbers[to++] = number;
    }

    boolean has(long number) {
        return indexOf(number) >= 0;
    }

    /** Removes this number, which must be present, and with {@code multiple} all before it. */
    void remove(long number, boolean multiple) {
        int index = indexOf(number);
        if (multiple || index == from) {
            from = index + 1;
        } else {
            System.arraycopy(numbers, index + 1, numbers, index, --to - index);
        }
    }

    int size() {
        return to - from;
    }

    void clear() {
        from = 0;
        to = 0;
    }

    private int indexOf(long number) {
        return Arrays.binarySearch(numbers, from, to, number);
    }
}
