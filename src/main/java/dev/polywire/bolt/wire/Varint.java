package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/** An unsigned number of up to 64 bits, seven per byte, the lowest first; the last byte has its high bit clear. */
final class Varint {

    static final int MAX_BYTES = 10;

    private long value;
    private int count;

    /**
     * Takes the next byte.
     *
     * @return whether it was the last
     * @throws ProtocolException FRAMING when the number is longer than 64 bits
     */
    boolean take(int next) {
        if (++count == MAX_BYTES && next > 1) {
            throw ProtocolException.framing("varint: more than 64 bits (expected: <= " + MAX_BYTES + " bytes)");
        }
        value |= (long) (next & 0x7f) << 7 * (count - 1);
        return next < 0x80;
    }

    /** The number, unsigned. */
    long value() {
        return value;
    }

    static void append(Buffer bytes, long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes.appendByte((byte) (left | 0x80));
            left >>>= 7;
        }
        bytes.appendByte((byte) left);
    }
}
