package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What a machine has to send: small pieces are joined, a piece of {@link #WHOLE_BYTES} or more is passed on uncopied. */
public final class OutputQueue {

    /** From here on copying a piece costs more than one more write. */
    static final int WHOLE_BYTES = 8 * 1024;

    /** What is written at a time; more would only be memory. */
    static final int JOINED_BYTES = 64 * 1024;

    private final ArrayDeque<Buffer> pieces = new ArrayDeque<>();
    /** The last piece, when it is ours to append to. */
    private @Nullable Buffer tail;
    /** What small pieces came to the last time, so that the next joined one has its size from the beginning. */
    private int expectedBytes;

    private long bytes;

    /** Adds a piece, which must not be changed afterwards. An empty one is nothing to send. */
    public void add(Buffer piece) {
        int length = piece.length();
        if (length == 0) {
            return;
        }
        if (length >= WHOLE_BYTES) {
            tail = null;
            pieces.add(piece);
            bytes += length;
        } else {
            tail(length).appendBuffer(piece);
        }
    }

    /** Adds the first {@code length} bytes of an array, which are copied. */
    public void add(byte[] piece, int length) {
        if (length > 0) {
            tail(length).appendBytes(piece, 0, length);
        }
    }

    /** Adds one byte. */
    public void addByte(int value) {
        tail(1).appendByte((byte) value);
    }

    /** Adds a 32-bit number, the most significant byte first. */
    public void addInt(int value) {
        tail(Integer.BYTES).appendInt(value);
    }

    /** The next buffer to write, or null; see {@link Machine#takeOutput}. */
    public @Nullable Buffer take() {
        Buffer first = pieces.poll();
        if (first == null) {
            return null;
        }
        if (first == tail) {
            expectedBytes = first.length();
            tail = null;
        }
        bytes -= first.length();
        return first;
    }

    /** Bytes that wait. */
    public long bytes() {
        return bytes;
    }

    /** Where the next {@code length} bytes go, which are counted here. */
    private Buffer tail(int length) {
        Buffer last = tail;
        if (last == null || last.length() + length > JOINED_BYTES) {
            last = Buffer.buffer(Math.max(length, expectedBytes));
            tail = last;
            pieces.add(last);
        }
        bytes += length;
        return last;
    }
}
