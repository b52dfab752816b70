package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.PackStream.DOUBLES;
import static dev.polywire.bolt.wire.PackStream.INTS;
import static dev.polywire.bolt.wire.PackStream.LONGS;
import static dev.polywire.bolt.wire.PackStream.SHORTS;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes values, each in its smallest form, into an array that grows. A value that cannot be written causes a
 * {@link ProtocolException} DECODE, a byte beyond the limit causes LIMIT.
 */
public final class PackStreamWriter {

    private static final byte[] NOTHING = {};
    /** Kept for the next message; small, so that an idle connection costs little. */
    private static final int KEPT_BYTES = 512;

    private ValueDialect dialect;
    private byte[] bytes = NOTHING;
    private int at;
    private int limit;
    private int depth;

    /** @param limitBytes the maximum size */
    public PackStreamWriter(ValueDialect dialect, int limitBytes) {
        this.dialect = dialect;
        this.limit = limitBytes;
    }

    public ValueDialect dialect() {
        return dialect;
    }

    void dialect(ValueDialect dialect) {
        this.dialect = dialect;
    }

    public PackStreamWriter nullValue() {
        return u8(PackStream.NULL);
    }

    public PackStreamWriter bool(boolean value) {
        return u8(value ? PackStream.TRUE : PackStream.FALSE);
    }

    public PackStreamWriter integer(long value) {
        if (value == (byte) value) {
            if (value < -16) {
                u8(PackStream.INT_8);
            }
            return u8((int) value);
        }
        if (value == (short) value) {
            int from = room(3);
            bytes[from] = (byte) PackStream.INT_16;
            SHORTS.set(bytes, from + 1, (short) value);
        } else if (value == (int) value) {
            int from = room(5);
            bytes[from] = (byte) PackStream.INT_32;
            INTS.set(bytes, from + 1, (int) value);
        } else {
            int from = room(9);
            bytes[from] = (byte) PackStream.INT_64;
            LONGS.set(bytes, from + 1, value);
        }
        return this;
    }

    public PackStreamWriter floating(double value) {
        int from = room(9);
        bytes[from] = (byte) PackStream.FLOAT;
        DOUBLES.set(bytes, from + 1, value);
        return this;
    }

    /** UTF-8; its size counts bytes. */
    public PackStreamWriter text(String text) {
        int start = at;
        int length = text.length();
        size(length, PackStream.TINY_STRING, PackStream.STRING);
        int from = room(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                at = start;
                return notAscii(text);
            }
            bytes[from + i] = (byte) c;
        }
        return this;
    }

    public PackStreamWriter bytes(Buffer value) {
        bytesSize(value.length());
        int from = room(value.length());
        value.getBytes(0, value.length(), bytes, from);
        return this;
    }

    public PackStreamWriter uuid(UUID value) {
        if (!dialect.version().hasUuid()) {
            throw cannotSay("UUID", "6.1");
        }
        int from = room(17);
        bytes[from] = (byte) PackStream.UUID;
        LONGS.set(bytes, from + 1, value.getMostSignificantBits());
        LONGS.set(bytes, from + 9, value.getLeastSignificantBits());
        return this;
    }

    public PackStreamWriter list(Collection<? extends @Nullable Object> values) {
        enter();
        listHeader(values.size());
        for (Object value : values) {
            value(value);
        }
        depth--;
        return this;
    }

    public PackStreamWriter map(Map<?, ? extends @Nullable Object> values) {
        enter();
        mapHeader(values.size());
        for (Map.Entry<?, ? extends @Nullable Object> entry : values.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw PackStreamReader.bad("map key: no text (expected: text)");
            }
            text(key).value(entry.getValue());
        }
        depth--;
        return this;
    }

    /** That many values must follow. */
    public PackStreamWriter listHeader(int size) {
        return size(size, PackStream.TINY_LIST, PackStream.LIST);
    }

    /** That many pairs of a text and a value must follow. */
    public PackStreamWriter mapHeader(int size) {
        return size(size, PackStream.TINY_MAP, PackStream.MAP);
    }

    /** That many values, 0 to 15, must follow. */
    public PackStreamWriter structure(int fields, int tag) {
        return u8(PackStream.TINY_STRUCTURE | fields).u8(tag);
    }

    /** A value as {@link PackStreamReader#value} returns it; also Java's other numbers, {@code byte[]}, and any collection. */
    public PackStreamWriter value(@Nullable Object value) {
        if (value == null) {
            return nullValue();
        } else if (value instanceof String text) {
            return text(text);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            return integer(((Number) value).longValue());
        } else if (value instanceof Double || value instanceof Float) {
            return floating(((Number) value).doubleValue());
        } else if (value instanceof Boolean bool) {
            return bool(bool);
        } else if (value instanceof Collection<?> values) {
            return list(values);
        } else if (value instanceof Map<?, ?> values) {
            return map(values);
        } else if (value instanceof BoltStructure structure) {
            return structure(structure);
        } else if (value instanceof Buffer raw) {
            return bytes(raw);
        } else if (value instanceof byte[] raw) {
            return bytesSize(raw.length).raw(raw, 0, raw.length);
        } else if (value instanceof UUID uuid) {
            return uuid(uuid);
        }
        throw PackStreamReader.bad("value: " + value.getClass().getName() + " (expected: a type of PackStream)");
    }

    private PackStreamWriter structure(BoltStructure structure) {
        BoltVersion since = structure.since();
        if (!dialect.version().atLeast(since)) {
            throw cannotSay(structure.getClass().getSimpleName(), since.toString());
        }
        enter();
        structure.write(this);
        depth--;
        return this;
    }

    /** Appends bytes that are already PackStream. */
    PackStreamWriter raw(byte[] source, int from, int length) {
        int to = room(length);
        System.arraycopy(source, from, bytes, to, length);
        return this;
    }

    /** The position of the next byte. */
    int position() {
        return at;
    }

    /** Removes the bytes from {@code position} on. */
    void truncate(int position) {
        at = position;
        depth = 0;
    }

    /** No byte may be written at {@code position} or after it. */
    void limit(int position) {
        limit = position;
    }

    int skip(int count) {
        return room(count);
    }

    /** The bytes written; the array may change until {@link #take}. */
    byte[] array() {
        return bytes;
    }

    /** A copy of all bytes written; the writer starts again. */
    public Buffer take() {
        Buffer taken = Buffer.buffer(at).appendBytes(bytes, 0, at);
        at = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = NOTHING;
        }
        return taken;
    }

    static ProtocolException cannotSay(String what, String version) {
        return PackStreamReader.bad(what + ": not in this version (expected: Bolt " + version + ")");
    }

    private PackStreamWriter notAscii(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (!Utf8.isUnicode(text)) {
            throw PackStreamReader.bad("string: " + Utf8.NOT_UNICODE);
        }
        return size(utf8.length, PackStream.TINY_STRING, PackStream.STRING).raw(utf8, 0, utf8.length);
    }

    private PackStreamWriter bytesSize(int size) {
        return size <= 0xff ? u8(PackStream.BYTES).u8(size) : wideSize(size, PackStream.BYTES);
    }

    private PackStreamWriter size(int size, int tiny, int wide) {
        if (size <= 15) {
            return u8(tiny | size);
        }
        return size <= 0xff ? u8(wide).u8(size) : wideSize(size, wide);
    }

    private PackStreamWriter wideSize(int size, int wide) {
        if (size <= 0xffff) {
            int from = room(3);
            bytes[from] = (byte) (wide + 1);
            SHORTS.set(bytes, from + 1, (short) size);
        } else {
            int from = room(5);
            bytes[from] = (byte) (wide + 2);
            INTS.set(bytes, from + 1, size);
        }
        return this;
    }

    private PackStreamWriter u8(int value) {
        int from = room(1);
        bytes[from] = (byte) value;
        return this;
    }

    private void enter() {
        if (++depth > BoltLimits.GREATEST_MAX_DEPTH) {
            throw PackStreamReader.bad("depth: more (expected: <= " + BoltLimits.GREATEST_MAX_DEPTH + ")");
        }
    }

    private int room(int count) {
        if (count > limit - at) {
            throw ProtocolException.limit("message: over its limit by " + ((long) at + count - limit) + " bytes");
        }
        if (count > bytes.length - at) {
            long doubled = Math.max(256, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.max((long) at + count, Math.min(doubled, Integer.MAX_VALUE - 8)));
        }
        int from = at;
        at += count;
        return from;
    }
}
