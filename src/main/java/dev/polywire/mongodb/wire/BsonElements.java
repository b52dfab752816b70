package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;

/**
 * Steps over the elements of one document in place, without decoding values. The bytes must have passed
 * {@link BsonBounds#check}.
 *
 * <pre>
 *   element: type | cstring key | value
 * </pre>
 */
public final class BsonElements {

    static final int DOUBLE = 0x01;
    static final int STRING = 0x02;
    static final int DOCUMENT = 0x03;
    static final int ARRAY = 0x04;
    static final int BOOLEAN = 0x08;
    static final int INT32 = 0x10;
    static final int INT64 = 0x12;

    private final Buffer bytes;
    private int type;
    private int start;
    private int value;
    private int end;

    /** Before the first element of the document (or array) whose length is at {@code at}. */
    public BsonElements(Buffer checked, int at) {
        this.bytes = checked;
        this.end = at + 4;
    }

    /** To the next element; false at the document's end. */
    public boolean next() {
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
        return bytes.getString(start + 1, value - 1);
    }

    /** Whether the key is this; a name in ASCII costs no memory. */
    public boolean is(String name) {
        int from = start + 1;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                return key().equals(name);
            }
            // A key ends with a zero byte.
            if (c == 0 || bytes.getByte(from + i) != c) {
                return false;
            }
        }
        return from + name.length() == value - 1;
    }

    /** Whether the bytes from {@code start} to {@code end} are this text, which must be ASCII. */
    static boolean isAscii(Buffer bytes, int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes.getByte(start + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a reply's value counts as true: true, and any number but 0. */
    public boolean isTrue() {
        return switch (type) {
            case BOOLEAN -> bytes.getByte(value) != 0;
            case INT32 -> bytes.getIntLE(value) != 0;
            case INT64 -> bytes.getLongLE(value) != 0;
            case DOUBLE -> Double.longBitsToDouble(bytes.getLongLE(value)) != 0;
            default -> false;
        };
    }

    /** Whether the value is the number 0. */
    boolean isZero() {
        return (type == INT32 || type == INT64 || type == DOUBLE) && !isTrue();
    }

    /** A string's characters. */
    String text() {
        return bytes.getString(value + 4, end - 1);
    }

    /** An int64's value. */
    long int64() {
        return bytes.getLongLE(value);
    }

    /** A document or an array; shares memory. */
    Buffer document() {
        return bytes.slice(value, end);
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
