package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Writes one message front to back, within a limit; a length that is known later is filled in afterwards. */
public final class ByteWriter {

    private final Buffer bytes;
    private final int limitBytes;

    /**
     * @param expectedBytes a guess of the size, to allocate once
     * @param limitBytes the maximum size of this message
     */
    public ByteWriter(int expectedBytes, int limitBytes) {
        this.bytes = Buffer.buffer(Math.min(expectedBytes, limitBytes));
        this.limitBytes = limitBytes;
    }

    public int position() {
        return bytes.length();
    }

    public ByteWriter u8(int value) {
        room(1);
        bytes.appendByte((byte) value);
        return this;
    }

    public ByteWriter int32LE(int value) {
        room(4);
        bytes.appendIntLE(value);
        return this;
    }

    public ByteWriter int32(int value) {
        room(4);
        bytes.appendInt(value);
        return this;
    }

    public ByteWriter int64LE(long value) {
        room(8);
        bytes.appendLongLE(value);
        return this;
    }

    public ByteWriter int64(long value) {
        room(8);
        bytes.appendLong(value);
        return this;
    }

    public ByteWriter bytes(Buffer more) {
        room(more.length());
        bytes.appendBuffer(more);
        return this;
    }

    /**
     * UTF-8 and a zero byte.
     *
     * @throws ProtocolException DECODE when {@code text} itself holds a zero character, or has no UTF-8
     */
    public ByteWriter cstring(String text) {
        if (text.indexOf('\0') >= 0) {
            throw ProtocolException.decode("text: holds a zero character (expected: none)");
        }
        if (!Utf8.isUnicode(text)) {
            throw ProtocolException.decode("text: " + Utf8.NOT_UNICODE);
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        room(utf8.length + 1);
        bytes.appendBytes(utf8).appendByte((byte) 0);
        return this;
    }

    /**
     * Overwrites the four bytes at {@code position}, which must be already written.
     *
     * @throws IndexOutOfBoundsException when they are not: the buffer itself would grow past the limit
     */
    public ByteWriter fillInt32LE(int position, int value) {
        Objects.checkFromIndexSize(position, 4, bytes.length());
        bytes.setIntLE(position, value);
        return this;
    }

    /** The message; the writer must not be used any more. */
    public Buffer done() {
        return bytes;
    }

    private void room(int count) {
        if (count > limitBytes - bytes.length()) {
            throw ProtocolException.limit(
                    "message: " + ((long) bytes.length() + count) + " bytes (expected: <= " + limitBytes + ")");
        }
    }
}
