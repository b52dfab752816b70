package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes arguments and properties, the other half of {@link AmqpReader}, into an array that is reused. A value that AMQP
 * cannot carry is an {@link IllegalArgumentException}, one byte too many a {@link ProtocolException} LIMIT.
 */
public final class AmqpWriter {

    private static final VarHandle SHORTS = view(short[].class);
    private static final VarHandle INTS = view(int[].class);
    private static final VarHandle LONGS = view(long[].class);

    /** Room for a method without tables. */
    private static final int FIRST_BYTES = 256;
    /** Kept from one message to the next; small, so that an idle connection costs little. */
    private static final int KEPT_BYTES = 4 * 1024;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int at;
    private int limit = Integer.MAX_VALUE;
    private int bitsLeft;

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.BIG_ENDIAN);
    }

    public AmqpWriter u8(int value) {
        int from = room(1);
        bytes[from] = (byte) value;
        return this;
    }

    public AmqpWriter u16(int value) {
        int from = room(2);
        SHORTS.set(bytes, from, (short) value);
        return this;
    }

    public AmqpWriter u32(long value) {
        int from = room(4);
        INTS.set(bytes, from, (int) value);
        return this;
    }

    public AmqpWriter u64(long value) {
        int from = room(8);
        LONGS.set(bytes, from, value);
        return this;
    }

    /** One more bit of the run that the last call began, or the first of a new one. */
    public AmqpWriter bit(boolean set) {
        int left = bitsLeft;
        if (left == 0) {
            u8(0);
            left = 8;
        }
        if (set) {
            bytes[at - 1] |= (byte) (1 << (8 - left));
        }
        bitsLeft = left - 1;
        return this;
    }

    /**
     * @param name the name of the value, for the failure
     * @throws IllegalArgumentException when it has more than 255 bytes, or no UTF-8
     */
    public AmqpWriter shortString(String name, String text) {
        byte[] utf8 = Utf8.encoded(name, text);
        if (utf8.length > 255) {
            throw new IllegalArgumentException(name + ": " + utf8.length + " bytes (expected: <= 255)");
        }
        int from = room(1 + utf8.length);
        bytes[from] = (byte) utf8.length;
        System.arraycopy(utf8, 0, bytes, from + 1, utf8.length);
        return this;
    }

    public AmqpWriter longString(Buffer value) {
        return u32(value.length()).bytes(value);
    }

    /** @throws IllegalArgumentException when it has no UTF-8 */
    public AmqpWriter longString(String text) {
        byte[] utf8 = Utf8.encoded("text", text);
        return u32(utf8.length).bytes(utf8);
    }

    /** @throws IllegalArgumentException when a value has no type in AMQP; see {@link FieldReader} */
    public AmqpWriter table(Map<String, ? extends @Nullable Object> table) {
        FieldWriter.table(this, table, 0);
        return this;
    }

    public AmqpWriter bytes(Buffer more) {
        int length = more.length();
        int from = room(length);
        more.getBytes(0, length, bytes, from);
        return this;
    }

    AmqpWriter bytes(byte[] more) {
        int from = room(more.length);
        System.arraycopy(more, 0, bytes, from, more.length);
        return this;
    }

    int position() {
        return at;
    }

    /** Overwrites the four bytes at {@code position}. */
    void fillU32(int position, int value) {
        INTS.set(bytes, position, value);
    }

    void fillU16(int position, int value) {
        SHORTS.set(bytes, position, (short) value);
    }

    /** No byte may be written at {@code position} or behind it. */
    void limit(int position) {
        limit = position;
    }

    /** The written bytes, from 0 to {@link #position}; valid until {@link #clear}. */
    byte[] array() {
        return bytes;
    }

    /** Begins anew. */
    void clear() {
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[FIRST_BYTES];
        }
        at = 0;
        bitsLeft = 0;
        limit = Integer.MAX_VALUE;
    }

    /** A copy of the written bytes. */
    public Buffer copy() {
        return Buffer.buffer(at).appendBytes(bytes, 0, at);
    }

    private int room(int count) {
        bitsLeft = 0;
        if (count > limit - at) {
            throw ProtocolException.limit("frame: over its limit by " + ((long) at + count - limit) + " bytes");
        }
        if (count > bytes.length - at) {
            long doubled = Math.min(2L * bytes.length, Integer.MAX_VALUE - 8);
            bytes = Arrays.copyOf(bytes, (int) Math.max((long) at + count, doubled));
        }
        int from = at;
        at += count;
        return from;
    }
}
