package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a part of a buffer from front to back and never past its end: every length is checked against the remaining bytes
 * before anything is allocated. The constructor determines what a short read breaks: the connection, or one message.
 */
public final class ByteReader {

    private final Buffer bytes;
    private final int end;
    private final ProtocolException.Kind onBad;
    private int at;

    /** Reads all of {@code bytes}. */
    public ByteReader(Buffer bytes, ProtocolException.Kind onBad) {
        this(bytes, 0, bytes.length(), onBad);
    }

    /** Reads {@code bytes} from {@code start} (inclusive) to {@code end} (exclusive). */
    public ByteReader(Buffer bytes, int start, int end, ProtocolException.Kind onBad) {
        if (start < 0 || end < start || end > bytes.length()) {
            throw new IndexOutOfBoundsException(start + ".." + end + " of " + bytes.length());
        }
        this.bytes = bytes;
        this.at = start;
        this.end = end;
        this.onBad = onBad;
    }

    /** Index of the next byte in the buffer. */
    public int position() {
        return at;
    }

    public int remaining() {
        return end - at;
    }

    public short u8(String what) {
        return bytes.getUnsignedByte(claim(1, what));
    }

    public int int32LE(String what) {
        return bytes.getIntLE(claim(4, what));
    }

    public int int32(String what) {
        return bytes.getInt(claim(4, what));
    }

    public long int64LE(String what) {
        return bytes.getLongLE(claim(8, what));
    }

    public long int64(String what) {
        return bytes.getLong(claim(8, what));
    }

    /** The next {@code count} bytes, sharing memory. */
    public Buffer slice(int count, String what) {
        int from = claim(count, what);
        return bytes.slice(from, from + count);
    }

    public void skip(int count, String what) {
        claim(count, what);
    }

    /** Strict UTF-8 of {@code count} bytes. */
    public String utf8(int count, String what) {
        int from = claim(count, what);
        return decode(from, count, what);
    }

    /** Strict UTF-8 up to a zero byte, which is read too. */
    public String cstring(String what) {
        int from = at;
        for (int i = from; i < end; i++) {
            if (bytes.getByte(i) == 0) {
                at = i + 1;
                return decode(from, i - from, what);
            }
        }
        throw bad(what + ": no zero byte (expected: within " + remaining() + " bytes)");
    }

    /**
     * A length, or a count of elements of at least {@code leastBytes} each, as the message announces it: unsigned, and no
     * more than the remaining bytes allow.
     */
    public int announced(long count, int leastBytes, String what) {
        int most = remaining() / leastBytes;
        if (count < 0 || count > most) {
            throw bad(what + ": " + Long.toUnsignedString(count) + " (expected: <= " + most + ")");
        }
        return (int) count;
    }

    /** The failure of a malformed message, of the kind given to the constructor. */
    public ProtocolException bad(String message) {
        return ProtocolException.of(onBad, message);
    }

    private int claim(int count, String what) {
        if (count < 0 || count > end - at) {
            throw bad(what + ": " + count + " bytes (expected: <= " + (end - at) + ")");
        }
        int from = at;
        at += count;
        return from;
    }

    private String decode(int from, int count, String what) {
        byte[] raw = bytes.getBytes(from, from + count);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw bad(what + ": not UTF-8");
        }
    }
}
