package dev.polywire.bolt.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * A list of numbers of one type: {@code marker of the type, as bytes; the numbers, big endian, as bytes}. From Bolt 6.0 on.
 *
 * @param data a whole number of elements
 */
public record Vector(Element element, Buffer data) implements BoltStructure {

    public static final int TAG = 0x56;

    /** The type of its numbers; the marker is PackStream's marker of such a number. */
    public enum Element {
        INT_8(PackStream.INT_8, 1),
        INT_16(PackStream.INT_16, 2),
        INT_32(PackStream.INT_32, 4),
        INT_64(PackStream.INT_64, 8),
        /** PackStream itself has no 32-bit float. */
        FLOAT_32(0xc6, 4),
        FLOAT_64(PackStream.FLOAT, 8);

        private final int marker;
        private final int bytes;

        Element(int marker, int bytes) {
            this.marker = marker;
            this.bytes = bytes;
        }

        static Element of(Buffer marker) {
            return Arrays.stream(values())
                    .filter(element -> marker.length() == 1 && marker.getUnsignedByte(0) == element.marker)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("vector: of an unknown type"));
        }
    }

    public Vector {
        if (data.length() % element.bytes != 0) {
            throw new IllegalArgumentException(
                    "vector: " + data.length() + " bytes (expected: a multiple of " + element.bytes + ")");
        }
    }

    /** The count of numbers. */
    public int size() {
        return data.length() / element.bytes;
    }

    /** The number at {@code index}: a Long or a Double. */
    public Number get(int index) {
        int at = index * element.bytes;
        return switch (element) {
            case INT_8 -> (long) data.getByte(at);
            case INT_16 -> (long) data.getShort(at);
            case INT_32 -> (long) data.getInt(at);
            case INT_64 -> data.getLong(at);
            case FLOAT_32 -> (double) data.getFloat(at);
            case FLOAT_64 -> data.getDouble(at);
        };
    }

    @Override
    public BoltVersion since() {
        return BoltVersion.V6_0;
    }

    @Override
    public void write(PackStreamWriter out) {
        out.structure(2, TAG)
                .bytes(Buffer.buffer(1).appendByte((byte) element.marker))
                .bytes(data);
    }
}
