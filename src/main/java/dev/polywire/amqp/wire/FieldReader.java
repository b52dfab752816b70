package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads field tables and arrays with the types of RabbitMQ (its errata to 4.2.5.5), which are not those of the
 * specification's text.
 *
 * <pre>
 *   t Boolean   b Byte    B UnsignedField(8)    s Short   u UnsignedField(16)   I Integer   i UnsignedField(32)
 *   l, L Long   f Float   d Double   D BigDecimal   S LongString   x Buffer   T Timestamp   F Map   A List   V null
 * </pre>
 *
 * <p>The writer takes these and, for convenience, {@code String} (S), {@code byte[]} (x), {@code Instant} (T) and any
 * {@code Collection} (A). The 32 bits of a decimal have a sign, as all clients write them.
 */
final class FieldReader {

    /** Nesting of tables and arrays, the outermost table not counted; they are read by recursion. */
    static final int MAX_DEPTH = 32;

    private final Buffer bytes;
    private int at;
    private int end;
    private int depth;

    FieldReader(Buffer bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    /** A table, up to the end; of two equal keys the last counts. */
    Map<String, @Nullable Object> fields() {
        if (at == end) {
            return Map.of();
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        while (at < end) {
            int length = bytes.getUnsignedByte(claim(1));
            int from = claim(length);
            fields.put(bytes.getString(from, from + length), value());
        }
        return Collections.unmodifiableMap(fields);
    }

    @Nullable
    Object value() {
        int type = bytes.getUnsignedByte(claim(1));
        return switch (type) {
            case 't' -> bytes.getByte(claim(1)) != 0;
            case 'b' -> bytes.getByte(claim(1));
            case 'B' -> new UnsignedField(8, bytes.getUnsignedByte(claim(1)));
            case 's' -> bytes.getShort(claim(2));
            case 'u' -> new UnsignedField(16, bytes.getUnsignedShort(claim(2)));
            case 'I' -> bytes.getInt(claim(4));
            case 'i' -> new UnsignedField(32, bytes.getUnsignedInt(claim(4)));
            case 'l', 'L' -> bytes.getLong(claim(8));
            case 'f' -> bytes.getFloat(claim(4));
            case 'd' -> bytes.getDouble(claim(8));
            case 'D' -> decimal();
            case 'S' -> new LongString(slice());
            case 'x' -> slice();
            case 'T' -> new Timestamp(bytes.getLong(claim(8)));
            case 'F' -> nested(true);
            case 'A' -> nested(false);
            case 'V' -> null;
            default -> throw ProtocolException.decode("field type: " + type + " (expected: one of bBdDfFAiIlLsStTuVx)");
        };
    }

    private BigDecimal decimal() {
        int scale = bytes.getUnsignedByte(claim(1));
        return new BigDecimal(BigInteger.valueOf(bytes.getInt(claim(4))), scale);
    }

    private Object nested(boolean table) {
        if (++depth > MAX_DEPTH) {
            throw ProtocolException.decode("table: depth " + depth + " (expected: <= " + MAX_DEPTH + ")");
        }
        int length = length();
        int after = end;
        end = at + length;
        Object value = table ? fields() : items();
        end = after;
        depth--;
        return value;
    }

    private List<@Nullable Object> items() {
        if (at == end) {
            return List.of();
        }
        List<@Nullable Object> items = new ArrayList<>();
        while (at < end) {
            items.add(value());
        }
        return Collections.unmodifiableList(items);
    }

    private Buffer slice() {
        int length = length();
        int from = claim(length);
        return bytes.slice(from, from + length);
    }

    private int length() {
        long length = bytes.getUnsignedInt(claim(4));
        if (length > end - at) {
            throw tooShort(length);
        }
        return (int) length;
    }

    private int claim(int count) {
        if (count > end - at) {
            throw tooShort(count);
        }
        int from = at;
        at += count;
        return from;
    }

    private ProtocolException tooShort(long needed) {
        return ProtocolException.decode("table: " + needed + " bytes (expected: <= " + (end - at) + ")");
    }
}
