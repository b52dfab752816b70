package dev.polywire.framed.wire;

import dev.polywire.core.wire.ByteWriter;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Pairs;
import dev.polywire.framed.wire.TypedValue.Tagged;
import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes one CBOR item (RFC 8949): lengths in front, arguments as short as they can be, floats of 64 bits. */
final class CborWriter {

    private static final int EXPECTED_BYTES = 128;

    private final ByteWriter out = new ByteWriter(EXPECTED_BYTES, FramedLimits.GREATEST_MAX_FRAME_BYTES);

    /** @throws IllegalArgumentException when CBOR has no such value */
    Buffer write(@Nullable Object value) {
        item(value, 0);
        return out.done();
    }

    private void item(@Nullable Object value, int depth) {
        if (value == null) {
            head(CborReader.SIMPLE, CborReader.NULL);
        } else if (value instanceof Boolean flag) {
            head(CborReader.SIMPLE, flag ? CborReader.TRUE : CborReader.FALSE);
        } else if (value instanceof String text) {
            sized(CborReader.TEXT, Utf8Codec.utf8(text));
        } else if (value instanceof Buffer bytes) {
            sized(CborReader.BYTES, bytes);
        } else if (value instanceof byte[] bytes) {
            sized(CborReader.BYTES, Buffer.buffer(bytes));
        } else if (value instanceof Double || value instanceof Float) {
            out.u8(CborReader.SIMPLE << CborReader.MAJOR_TYPE_SHIFT | CborReader.EIGHT_BYTES)
                    .int64(Double.doubleToLongBits(((Number) value).doubleValue()));
        } else if (value instanceof Number number) {
            integer(ValueBudget.integer(number));
        } else {
            container(value, depth);
        }
    }

    private void container(Object value, int depth) {
        if (depth == CborCodec.MAX_DEPTH) {
            throw new IllegalArgumentException("deeper than " + CborCodec.MAX_DEPTH + " levels");
        }
        if (value instanceof Distinct set) {
            head(CborReader.TAG, CborReader.SET_TAG);
            items(set.items(), depth);
        } else if (value instanceof Set<?> set) {
            head(CborReader.TAG, CborReader.SET_TAG);
            items(set, depth);
        } else if (value instanceof Collection<?> list) {
            items(list, depth);
        } else if (value instanceof Pairs map) {
            entries(map.entries(), depth);
        } else if (value instanceof Map<?, ?> map) {
            entries(map.entrySet(), depth);
        } else if (value instanceof Tagged tagged) {
            head(CborReader.TAG, tagged.tag());
            item(tagged.value(), depth + 1);
        } else {
            throw new IllegalArgumentException(value.getClass().getSimpleName() + " (expected: a value that CBOR has)");
        }
    }

    private void integer(BigInteger value) {
        boolean negative = value.signum() < 0;
        BigInteger argument = negative ? value.not() : value;
        if (argument.bitLength() <= Long.SIZE) {
            head(negative ? CborReader.NEGATIVE : CborReader.UNSIGNED, argument.longValue());
            return;
        }
        head(CborReader.TAG, negative ? CborReader.NEGATIVE_BIG_TAG : CborReader.BIG_TAG);
        byte[] signed = argument.toByteArray();
        Buffer bytes = Buffer.buffer(signed);
        sized(CborReader.BYTES, signed[0] == 0 ? bytes.slice(1, signed.length) : bytes);
    }

    private void items(Collection<?> items, int depth) {
        head(CborReader.ARRAY, items.size());
        for (Object item : items) {
            item(item, depth + 1);
        }
    }

    private void entries(Collection<? extends Map.Entry<?, ?>> entries, int depth) {
        head(CborReader.MAP, entries.size());
        for (Map.Entry<?, ?> entry : entries) {
            item(entry.getKey(), depth + 1);
            item(entry.getValue(), depth + 1);
        }
    }

    private void sized(int type, Buffer bytes) {
        head(type, bytes.length());
        out.bytes(bytes);
    }

    /** @param argument unsigned */
    private void head(int type, long argument) {
        int major = type << CborReader.MAJOR_TYPE_SHIFT;
        if (argument < 0 || argument > 0xffff_ffffL) {
            out.u8(major | CborReader.EIGHT_BYTES).int64(argument);
        } else if (argument > 0xffff) {
            out.u8(major | CborReader.FOUR_BYTES).int32((int) argument);
        } else if (argument > 0xff) {
            out.u8(major | CborReader.TWO_BYTES).u8((int) argument >> Byte.SIZE).u8((int) argument);
        } else if (argument >= CborReader.ONE_BYTE) {
            out.u8(major | CborReader.ONE_BYTE).u8((int) argument);
        } else {
            out.u8(major | (int) argument);
        }
    }
}
