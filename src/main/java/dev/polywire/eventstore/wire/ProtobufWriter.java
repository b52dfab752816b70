package dev.polywire.eventstore.wire;

import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;

/**
 * Writes the fields of a protobuf message one after the other into the buffer that is sent. Each field has its tag, as in
 * {@link ProtobufReader}.
 */
final class ProtobufWriter {

    private final Buffer out;

    /** @param expectedBytes a guess of the size */
    ProtobufWriter(int expectedBytes) {
        this.out = Buffer.buffer(expectedBytes);
    }

    Buffer written() {
        return out;
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
        out.appendBuffer(value);
        return this;
    }

    /** @param name of the field, in the protocol @throws IllegalArgumentException when the text has no UTF-8 */
    ProtobufWriter text(int tag, String name, String text) {
        byte[] utf8 = Utf8.encoded(name, text);
        varint(tag);
        varint(utf8.length);
        out.appendBytes(utf8);
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
        return out.length();
    }

    /** Ends it: its length is known. */
    void end(int begun, int leastBytes) {
        int bytes = out.length() - begun;
        int lengthBytes = varintBytes(leastBytes);
        int missing = varintBytes(bytes) - lengthBytes;
        if (missing > 0) {
            byte[] fields = out.getBytes(begun, out.length());
            out.setBytes(begun + missing, fields);
        }
        int at = begun - lengthBytes;
        int left = bytes;
        for (; left > 0x7f; left >>>= 7) {
            out.setByte(at++, (byte) (left | 0x80));
        }
        out.setByte(at, (byte) left);
    }

    private static int varintBytes(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5;
    }

    private void varint(long value) {
        long left = value;
        for (; (left & ~0x7fL) != 0; left >>>= 7) {
            out.appendByte((byte) (left | 0x80));
        }
        out.appendByte((byte) left);
    }
}
