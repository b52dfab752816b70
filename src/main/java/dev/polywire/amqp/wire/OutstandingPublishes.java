package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;

/**
 * The publishes of a channel that wait for their confirm: numbers from 1 on, one bit each from the oldest that waits to the
 * newest. A confirm for any other number is a fault of the broker, and settles nothing.
 */
final class OutstandingPublishes {

    /** From the oldest that waits to the newest: 128 KiB of bits. */
    static final int MAX_WINDOW = 1 << 20;

    private static final int FIRST_WINDOW = 256;

    /** A ring: the bit of a number is set while it waits. */
    private long[] bits = new long[FIRST_WINDOW / Long.SIZE];

    private long oldest = 1;
    private long next = 1;

    /** @throws ProtocolException LIMIT when the oldest has waited for too long */
    void requireRoom() {
        if (next - oldest >= MAX_WINDOW) {
            throw ProtocolException.limit("publishes since the oldest without confirm: " + (next - oldest)
                    + " (expected: < " + MAX_WINDOW + ")");
        }
    }

    /** Adds a publish and returns its number. */
    long add() {
        if (next - oldest == (long) bits.length * Long.SIZE) {
            grow();
        }
        long number = next++;
        bits[word(number)] |= 1L << number;
        return number;
    }

    /** Handles a confirm; with {@code multiple} for all waiting ones up to {@code number}. */
    void settle(long number, boolean multiple) {
        if (number < oldest || number >= next || !multiple && !waits(number)) {
            throw new Violation(
                    ReplyCode.COMMAND_INVALID,
                    "confirm of publish " + Long.toUnsignedString(number) + (multiple ? " and before" : "")
                            + " (expected: one of " + oldest + " to " + (next - 1) + " that waits)");
        }
        for (long each = multiple ? oldest : number; each <= number; each++) {
            bits[word(each)] &= ~(1L << each);
        }
        while (oldest < next && !waits(oldest)) {
            oldest++;
        }
    }

    private boolean waits(long number) {
        return (bits[word(number)] & 1L << number) != 0;
    }

    private int word(long number) {
        return (int) (number / Long.SIZE) & (bits.length - 1);
    }

    private void grow() {
        long[] before = bits;
        bits = new long[2 * before.length];
        // A word of the ring may hold both ends, so bits move one by one.
        for (long each = oldest; each < next; each++) {
            if ((before[(int) (each / Long.SIZE) & (before.length - 1)] & 1L << each) != 0) {
                bits[word(each)] |= 1L << each;
            }
        }
    }
}
