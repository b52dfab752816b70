package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;

/** Writes the fields of a protobuf message one after the other. Each has its tag, as in {@link ProtobufReader}. */
final class ProtobufWriter {

    private static final int MAX_VARINT_BYTES = 10;

    private Buffer out;
    /** Bytes that fit: a buffer that grew by itself would grow by one byte at a time. */
    private int capacity;

    private final int begin;
    private int at;

    /** Writes into memory of its own. @param expectedBytes a guess of the size */
    ProtobufWriter(int expectedBytes) {
        this(Buffer.buffer(expectedBytes), expectedBytes, 0);
    }

    /**
     * Writes into memory of somebody else, as long as that is enough.
     *
     * @param capacity of {@code out}
     * @param begin where the first field begins
     */
    ProtobufWriter(Buffer out, int capacity, int begin) {
        this.out = out;
        this.capacity = capacity;
        this.begin = begin;
        this.at = begin;
    }

    Buffer written() {
        return begin == 0 && out.length() == at ? out : out.slice(begin, at);
    }

    /** The same, with the bytes before the first field. */
    Buffer withHead() {
        return out.slice(0, at);
    }

    ProtobufWriter number(int tag, long value) {
        varint(tag);
        varint(value);
        return this;
    }

    ProtobufWriter flag(int tag, boolean value) {
        return number(tag, value ? 1 : 0);
    }

    ProtobufWriter bytes(int tag, Buffer value) {
        varint(tag);
        varint(value.length());
        room(value.length());
        out.setBuffer(at, value);
        at += value.length();
        return this;
    }

    /** @param name of the field, in the protocol @throws IllegalArgumentException when the text has no UTF-8 */
    ProtobufWriter text(int tag, String name, String text) {
        byte[] utf8 = Utf8.encoded(name, text);
        varint(tag);
        varint(utf8.length);
        room(utf8.length);
        out.setBytes(at, utf8);
        at += utf8.length;
        return this;
    }

    /**
     * Begins a message in the message.
     *
     * @param leastBytes what it has at least; mostly, its length then has as many bytes as the true one
     * @return where its fields begin, for {@link #end}
     */
    int begin(int tag, int leastBytes) {
        varint(tag);
        varint(leastBytes);
        return at;
    }

    /** Ends it: its length is known. */
    void end(int begun, int leastBytes) {
        int bytes = at - begun;
        int lengthBytes = varintBytes(leastBytes);
        int missing = varintBytes(bytes) - lengthBytes;
        if (missing > 0) {
            byte[] fields = out.getBytes(begun, at);
            room(missing);
            out.setBytes(begun + missing, fields);
        }
        at = begun - lengthBytes;
        varint(bytes);
        at += bytes;
    }

    private static int varintBytes(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5;
    }

    private void varint(long value) {
        room(MAX_VARINT_BYTES);
        long left = value;
        for (; (left & ~0x7fL) != 0; left >>>= 7) {
            out.setByte(at++, (byte) (left | 0x80));
        }
        out.setByte(at++, (byte) left);
    }

    private void room(int bytes) {
        if (bytes > capacity - at) {
            capacity = Math.max(2 * capacity, at + bytes);
            out = Buffer.buffer(capacity).appendBuffer(out, 0, at);
        }
    }
}
