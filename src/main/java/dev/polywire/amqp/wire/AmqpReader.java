package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of a method and the properties of a content (AMQP 0-9-1, 4.2.5), front to back and never past their
 * end. A bad value is a {@link ProtocolException} DECODE.
 *
 * <p>A server treats short strings as bytes: bytes that are not UTF-8 become U+FFFD, so that a routing key of another
 * publisher cannot end the connection at each delivery.
 */
public final class AmqpReader {

    private final @Nullable ShortStrings strings;
    private Buffer bytes;
    private int at;
    private int end;
    private int bits;
    /** How many bits of {@link #bits} are not read. */
    private int bitsLeft;

    /** Reads {@code bytes} from {@code start} (inclusive) to {@code end} (exclusive). */
    public AmqpReader(Buffer bytes, int start, int end) {
        this(bytes, start, end, null);
    }

    public AmqpReader(Buffer bytes) {
        this(bytes, 0, bytes.length());
    }

    private AmqpReader(Buffer bytes, int start, int end, @Nullable ShortStrings strings) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
        this.strings = strings;
    }

    /** A reader for many payloads, see {@link #on}, which keeps recent short strings. */
    static AmqpReader ofMany() {
        return new AmqpReader(Buffer.buffer(), 0, 0, new ShortStrings());
    }

    /** Starts again with other bytes. */
    AmqpReader on(Buffer bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
        this.bitsLeft = 0;
        return this;
    }

    public int remaining() {
        return end - at;
    }

    /** Octet. */
    public int u8() {
        return bytes.getUnsignedByte(claim(1));
    }

    /** Short, 0 to 65,535. */
    public int u16() {
        return bytes.getUnsignedShort(claim(2));
    }

    /** Long, 0 to 2^32-1. */
    public long u32() {
        return bytes.getUnsignedInt(claim(4));
    }

    /** Long long; unsigned, so that from 2^63 on it is negative. */
    public long u64() {
        return bytes.getLong(claim(8));
    }

    /** Bits are packed, up to eight in an octet, the first one lowest; any other type ends their run. */
    public boolean bit() {
        int left = bitsLeft;
        if (left == 0) {
            bits = u8();
            left = 8;
        }
        boolean set = (bits & 1 << (8 - left)) != 0;
        bitsLeft = left - 1;
        return set;
    }

    /** At most 255 bytes. */
    public String shortString() {
        int length = u8();
        int from = claim(length);
        return strings == null ? bytes.getString(from, from + length) : strings.text(bytes, from, length);
    }

    /** Bytes with a length of four, sharing memory. */
    public Buffer longString() {
        int length = length();
        int from = claim(length);
        return bytes.slice(from, from + length);
    }

    /** A field table; see {@link FieldReader} for the types of its values. */
    public Map<String, @Nullable Object> table() {
        int length = length();
        if (length == 0) {
            return Map.of();
        }
        int from = claim(length);
        return new FieldReader(bytes, from, from + length).fields();
    }

    /** @throws ProtocolException DECODE when something is left */
    public void requireEnd() {
        if (at != end) {
            throw ProtocolException.decode("arguments: " + (end - at) + " bytes behind them (expected: none)");
        }
    }

    private int length() {
        long length = u32();
        if (length > end - at) {
            throw tooShort(length);
        }
        return (int) length;
    }

    private int claim(int count) {
        bitsLeft = 0;
        if (count > end - at) {
            throw tooShort(count);
        }
        int from = at;
        at += count;
        return from;
    }

    private ProtocolException tooShort(long needed) {
        return ProtocolException.decode("field: " + needed + " bytes (expected: <= " + (end - at) + ")");
    }
}
