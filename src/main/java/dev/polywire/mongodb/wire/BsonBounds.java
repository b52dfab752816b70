package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Checks the structure of a BSON document (bsonspec.org 1.1) before it is decoded: lengths, types, UTF-8, booleans,
 * nesting. One pass in place, so time is linear and an announced length allocates nothing. Accepted because it is legal:
 * duplicate keys, empty keys, keys of arrays that are not numbers.
 *
 * <pre>
 *   document: int32 length (all of it) | element* | 00        element: type | cstring key | value
 * </pre>
 */
public final class BsonBounds {

    /** Documents inside each other, the outermost one counted. */
    public static final int MAX_DEPTH = 200;

    /** Bytes of a document without elements. */
    static final int LEAST_BYTES = 5;

    private final Buffer bytes;
    private int[] ends = new int[8];
    private int depth;
    private int at;

    private BsonBounds(Buffer bytes, int start) {
        this.bytes = bytes;
        this.at = start;
    }

    /**
     * The announced length of the document at {@code at}; at least 5 and within the buffer.
     *
     * @throws ProtocolException DECODE
     */
    public static int length(Buffer bytes, int at) {
        return length(bytes, at, bytes.length() - at);
    }

    private static String expected(int room) {
        return room < LEAST_BYTES
                ? ", and " + room + " bytes are left (expected: at least " + LEAST_BYTES + ")"
                : " (expected: " + LEAST_BYTES + " to " + room + ")";
    }

    private static int length(Buffer bytes, int at, int room) {
        int length = room < LEAST_BYTES ? 0 : bytes.getIntLE(at);
        if (length < LEAST_BYTES || length > room) {
            throw ProtocolException.decode("document length: " + length + expected(room));
        }
        return length;
    }

    /**
     * Checks the whole of {@code document}.
     *
     * @throws ProtocolException DECODE
     */
    public static void check(Buffer document) {
        requireWhole(document);
        new BsonBounds(document, 0).run();
    }

    /** Requires that the announced length is that of the buffer. */
    static void requireWhole(Buffer document) {
        if (length(document, 0) != document.length()) {
            throw ProtocolException.decode(
                    "document length: " + document.getIntLE(0) + " (expected: " + document.length() + ")");
        }
    }

    /**
     * The next document of a message, checked. A bad document is DECODE, because the end of the message is known.
     *
     * @param in reads {@code frame}
     */
    static Buffer readChecked(Buffer frame, ByteReader in) {
        Buffer document = in.slice(length(frame, in.position(), in.remaining()), "document");
        check(document);
        return document;
    }

    private void run() {
        open(bytes.length());
        while (depth > 0) {
            int last = ends[depth - 1] - 1;
            int type = bytes.getUnsignedByte(at++);
            if (type == 0) {
                if (at - 1 != last) {
                    throw bad("document: ends early (expected: where its length says)");
                }
                depth--;
            } else if (at > last) {
                throw bad("document: no zero byte at its end");
            } else {
                cstring(last, "key");
                value(type, last);
            }
        }
    }

    private void value(int type, int last) {
        switch (type) {
            case 0x01, 0x09, 0x11, 0x12 -> skip(8, last); // double, date, timestamp, int64
            case 0x02, 0x0d, 0x0e -> string(last); // string, code, symbol
            case 0x03, 0x04 -> open(last);
            case 0x05 -> binary(last);
            case 0x06, 0x0a, 0x7f, 0xff -> {} // undefined, null, max key, min key
            case 0x07 -> skip(12, last);
            case 0x08 -> bool(last);
            case 0x0b -> {
                cstring(last, "regular expression");
                cstring(last, "regular expression options");
            }
            case 0x0c -> {
                string(last);
                skip(12, last);
            }
            case 0x0f -> codeWithScope(last);
            case 0x10 -> skip(4, last);
            case 0x13 -> skip(16, last);
            default -> throw bad("type: 0x" + Integer.toHexString(type) + " (expected: a BSON type)");
        }
    }

    private void open(int last) {
        if (depth == MAX_DEPTH) {
            throw bad("nesting: " + (MAX_DEPTH + 1) + " (expected: <= " + MAX_DEPTH + ")");
        }
        int start = at;
        int length = int32(last, "document length");
        if (length < LEAST_BYTES || length > last - start) {
            throw bad("document length: " + length + expected(last - start));
        }
        if (depth == ends.length) {
            ends = Arrays.copyOf(ends, MAX_DEPTH);
        }
        ends[depth++] = start + length;
    }

    private void string(int last) {
        int length = int32(last, "string length");
        if (length < 1 || length > last - at) {
            throw bad("string length: " + length + " (expected: 1 to " + (last - at) + ")");
        }
        int zero = at + length - 1;
        if (bytes.getByte(zero) != 0) {
            throw bad("string: no zero byte at its end");
        }
        utf8(zero, "string");
        at = zero + 1;
    }

    private void binary(int last) {
        int length = int32(last, "binary length");
        int start = at + 1;
        if (length < 0 || length > last - start) {
            throw bad("binary length: " + length + " (expected: 0 to " + (last - start) + ")");
        }
        // The old subtype 2 has a second length inside.
        if (bytes.getByte(at) == 2 && (length < 4 || bytes.getIntLE(start) != length - 4)) {
            throw bad("binary length inside subtype 2: other than " + (length - 4));
        }
        at = start + length;
    }

    private void bool(int last) {
        int value = bytes.getByte(at);
        skip(1, last);
        if (value != 0 && value != 1) {
            throw bad("boolean: " + value + " (expected: 0 or 1)");
        }
    }

    // int32 size of all three | string code | document scope: the scope must end at that size.
    private void codeWithScope(int last) {
        int start = at;
        int size = int32(last, "code with scope");
        if (size < 4 + 5 + LEAST_BYTES || size > last - start) {
            throw bad("code with scope: " + size + " (expected: 14 to " + (last - start) + ")");
        }
        int end = start + size;
        string(end);
        open(end);
        if (ends[depth - 1] != end) {
            throw bad("code with scope: its parts do not add up to " + size);
        }
    }

    private void cstring(int last, String what) {
        int zero = at;
        int signs = 0;
        while (zero < last) {
            int next = bytes.getByte(zero);
            if (next == 0) {
                break;
            }
            signs |= next;
            zero++;
        }
        if (zero == last) {
            throw bad(what + ": no zero byte at its end");
        }
        // Of ASCII no byte is negative.
        if (signs < 0) {
            utf8(zero, what);
        }
        at = zero + 1;
    }

    private void utf8(int end, String what) {
        if (!Utf8.isWellFormed(bytes, at, end)) {
            throw bad(what + ": not UTF-8");
        }
    }

    private int int32(int last, String what) {
        if (last - at < 4) {
            throw bad(what + ": " + (last - at) + " bytes (expected: 4)");
        }
        at += 4;
        return bytes.getIntLE(at - 4);
    }

    private void skip(int count, int last) {
        if (last - at < count) {
            throw bad("value: " + (last - at) + " bytes (expected: " + count + ")");
        }
        at += count;
    }

    private static ProtocolException bad(String message) {
        return ProtocolException.decode(message);
    }
}
