package dev.polywire.amqp.wire;

import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes field tables and arrays; {@link FieldReader} has the types. */
final class FieldWriter {

    /** The digits of the largest number of 31 bits. */
    private static final int MAX_DIGITS = 10;

    private FieldWriter() {}

    static void table(AmqpWriter out, Map<?, ? extends @Nullable Object> table, int depth) {
        int length = begin(out);
        fields(out, table, depth);
        end(out, length);
    }

    /** A table without its length. */
    static void fields(AmqpWriter out, Map<?, ? extends @Nullable Object> table, int depth) {
        for (Map.Entry<?, ? extends @Nullable Object> field : table.entrySet()) {
            if (!(field.getKey() instanceof String key)) {
                throw new IllegalArgumentException("table key: no text (expected: text)");
            }
            out.shortString("table key", key);
            value(out, field.getValue(), depth);
        }
    }

    static void value(AmqpWriter out, @Nullable Object value, int depth) {
        if (value == null) {
            out.u8('V');
        } else if (value instanceof String text) {
            out.u8('S').longString(text);
        } else if (value instanceof LongString text) {
            out.u8('S').longString(text.bytes());
        } else if (value instanceof Boolean bool) {
            out.u8('t').u8(bool ? 1 : 0);
        } else if (value instanceof Integer number) {
            out.u8('I').u32(number);
        } else if (value instanceof Long number) {
            out.u8('l').u64(number);
        } else if (value instanceof Map<?, ?> table) {
            out.u8('F');
            table(out, table, deeper(depth));
        } else if (value instanceof Collection<?> items) {
            out.u8('A');
            array(out, items, deeper(depth));
        } else {
            rarely(out, value);
        }
    }

    private static void rarely(AmqpWriter out, Object value) {
        if (value instanceof Double number) {
            out.u8('d').u64(Double.doubleToRawLongBits(number));
        } else if (value instanceof Float number) {
            out.u8('f').u32(Float.floatToRawIntBits(number));
        } else if (value instanceof Short number) {
            out.u8('s').u16(number);
        } else if (value instanceof Byte number) {
            out.u8('b').u8(number);
        } else if (value instanceof UnsignedField number) {
            unsigned(out, number);
        } else if (value instanceof BigDecimal number) {
            decimal(out, number);
        } else if (value instanceof Timestamp time) {
            out.u8('T').u64(time.seconds());
        } else if (value instanceof Instant time) {
            out.u8('T').u64(time.getEpochSecond());
        } else if (value instanceof Buffer raw) {
            out.u8('x').longString(raw);
        } else if (value instanceof byte[] raw) {
            out.u8('x').u32(raw.length).bytes(raw);
        } else {
            throw new IllegalArgumentException(
                    "table value: " + value.getClass().getName() + " (expected: a type of AMQP)");
        }
    }

    private static void unsigned(AmqpWriter out, UnsignedField number) {
        switch (number.bits()) {
            case 8 -> out.u8('B').u8((int) number.value());
            case 16 -> out.u8('u').u16((int) number.value());
            default -> out.u8('i').u32(number.value());
        }
    }

    private static void decimal(AmqpWriter out, BigDecimal number) {
        // Checked before any arithmetic: a caller's 1E+1000000000 would take a gigabyte.
        boolean fits = number.scale() <= 255 && number.precision() - Math.min(0L, number.scale()) <= MAX_DIGITS;
        BigDecimal scaled = fits && number.scale() < 0 ? number.setScale(0, RoundingMode.UNNECESSARY) : number;
        if (!fits || scaled.unscaledValue().bitLength() > 31) {
            throw new IllegalArgumentException("decimal: scale " + number.scale() + ", " + number.precision()
                    + " digits (expected: <= 255, and 31 bits)");
        }
        out.u8('D').u8(scaled.scale()).u32(scaled.unscaledValue().intValue());
    }

    private static void array(AmqpWriter out, Collection<?> items, int depth) {
        int length = begin(out);
        for (Object item : items) {
            value(out, item, depth);
        }
        end(out, length);
    }

    private static int begin(AmqpWriter out) {
        out.u32(0);
        return out.position();
    }

    private static void end(AmqpWriter out, int start) {
        out.fillU32(start - 4, out.position() - start);
    }

    private static int deeper(int depth) {
        if (depth == FieldReader.MAX_DEPTH) {
            throw new IllegalArgumentException("table: deeper (expected: <= " + FieldReader.MAX_DEPTH + ")");
        }
        return depth + 1;
    }
}
