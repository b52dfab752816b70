package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;

/**
 * The position of the length in a protocol's frames, and what that length counts.
 *
 * <pre>{@code
 *   | offset bytes | length: 4 bytes | ... | trailer |
 *                  counts FOLLOWING:  |<--->|             framed messages, EventStore, AMQP (trailer 1)
 *   |<------------ counts FRAME: ------------------->|   MongoDB
 * }</pre>
 *
 * @param offset bytes before the length
 * @param littleEndian byte order of the length; the length is unsigned in either order
 * @param counts what the length counts
 * @param least the smallest legal length
 * @param trailer bytes after those that the length counts
 * @param tooLong what a length above the limit means in this protocol: FRAMING or LIMIT
 */
public record LengthPrefix(
        int offset, boolean littleEndian, Counts counts, int least, int trailer, ProtocolException.Kind tooLong) {

    /** Width of the length itself; all five protocols use four bytes here. */
    static final int WIDTH = 4;

    /** What the length counts. */
    public enum Counts {
        /** The bytes between the length and the trailer. */
        FOLLOWING,
        /** The whole frame, including the bytes before the length. */
        FRAME
    }

    public LengthPrefix {
        Limits.range("offset", offset, 0, Pieces.HEAD_BYTES - WIDTH);
        Limits.range("trailer", trailer, 0, 1024);
        // A frame that counts itself is never shorter than its header: with a least of 0, empty frames would never end.
        Limits.range("least", least, counts == Counts.FRAME ? offset + WIDTH + trailer : 0, Integer.MAX_VALUE);
    }

    /** Bytes that must have arrived before the length can be read. */
    public int headerBytes() {
        return offset + WIDTH;
    }

    /** What the header of the frame says whose first byte is at {@code start}, as a signed number. */
    int length(Buffer bytes, int start) {
        int at = start + offset;
        return littleEndian ? bytes.getIntLE(at) : bytes.getInt(at);
    }

    /**
     * The size of the whole frame whose first byte is at {@code start}, read from its header alone.
     *
     * @param limitBytes the largest length that is accepted, as the length counts
     * @throws ProtocolException FRAMING below {@link #least}, {@link #tooLong} above the limit
     */
    long frameBytes(Buffer bytes, int start, int limitBytes) {
        long length = Integer.toUnsignedLong(length(bytes, start));
        if (length < least) {
            throw ProtocolException.framing("length: " + length + " (expected: >= " + least + ")");
        }
        if (length > limitBytes) {
            throw ProtocolException.of(tooLong, "length: " + length + " (expected: <= " + limitBytes + ")");
        }
        return counts == Counts.FRAME ? length : headerBytes() + length + trailer;
    }
}
