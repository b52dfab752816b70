package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Steps over the elements of one document in place, without decoding values. The bytes must have passed
 * {@link BsonBounds#check}.
 *
 * <pre>
 *   element: type | cstring key | value
 * </pre>
 */
final class BsonElements {

    static final int DOCUMENT = 0x03;
    static final int ARRAY = 0x04;

    private final Buffer bytes;
    private int type;
    private int start;
    private int value;
    private int end;

    /** Before the first element of the document (or array) whose length is at {@code at}. */
    BsonElements(Buffer checked, int at) {
        this.bytes = checked;
        this.end = at + 4;
    }

    /** To the next element; false at the document's end. */
    boolean next() {
        type = bytes.getUnsignedByte(end);
        if (type == 0) {
            return false;
        }
        start = end;
        value = afterZero(start + 1);
        end = value + valueBytes();
        return true;
    }

    int type() {
        return type;
    }

    String key() {
        return bytes.getString(start + 1, value - 1, StandardCharsets.UTF_8.name());
    }

    /** Where the element begins: its type. */
    int start() {
        return start;
    }

    /** Where the value begins. */
    int value() {
        return value;
    }

    /** Behind the value. */
    int end() {
        return end;
    }

    private int valueBytes() {
        return switch (type) {
            case 0x01, 0x09, 0x11, 0x12 -> 8; // double, date, timestamp, int64
            case 0x02, 0x0d, 0x0e -> 4 + bytes.getIntLE(value); // string, code, symbol
            case DOCUMENT, ARRAY, 0x0f -> bytes.getIntLE(value); // code with scope counts itself, too
            case 0x05 -> 4 + 1 + bytes.getIntLE(value);
            case 0x07 -> 12;
            case 0x08 -> 1;
            case 0x0b -> afterZero(afterZero(value)) - value;
            case 0x0c -> 4 + bytes.getIntLE(value) + 12;
            case 0x10 -> 4;
            case 0x13 -> 16;
            default -> 0; // undefined, null, max key, min key
        };
    }

    private int afterZero(int at) {
        int zero = at;
        while (bytes.getByte(zero) != 0) {
            zero++;
        }
        return zero + 1;
    }
}
