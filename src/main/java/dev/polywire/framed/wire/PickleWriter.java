package dev.polywire.framed.wire;

import dev.polywire.core.wire.ByteWriter;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Pairs;
import dev.polywire.framed.wire.TypedValue.Tuple;
import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes one pickle of protocol 4, without frames and memo: every Python from 3.4 on reads that. */
final class PickleWriter {

    private static final int PROTOCOL = 4;
    private static final int EXPECTED_BYTES = 128;

    private final ByteWriter out = new ByteWriter(EXPECTED_BYTES, FramedLimits.GREATEST_MAX_FRAME_BYTES);

    /** @throws IllegalArgumentException when a pickle cannot carry the value */
    Buffer write(@Nullable Object value) {
        opcode(PickleOpcode.PROTO).u8(PROTOCOL);
        value(value, 0);
        return opcode(PickleOpcode.STOP).done();
    }

    private void value(@Nullable Object value, int depth) {
        if (value == null) {
            opcode(PickleOpcode.NONE);
        } else if (value instanceof Boolean flag) {
            opcode(flag ? PickleOpcode.NEWTRUE : PickleOpcode.NEWFALSE);
        } else if (value instanceof String text) {
            sized(PickleOpcode.SHORT_BINUNICODE, PickleOpcode.BINUNICODE, Utf8Codec.utf8(text));
        } else if (value instanceof Buffer bytes) {
            sized(PickleOpcode.SHORT_BINBYTES, PickleOpcode.BINBYTES, bytes);
        } else if (value instanceof byte[] bytes) {
            sized(PickleOpcode.SHORT_BINBYTES, PickleOpcode.BINBYTES, Buffer.buffer(bytes));
        } else if (value instanceof Double || value instanceof Float) {
            opcode(PickleOpcode.BINFLOAT).int64(Double.doubleToRawLongBits(((Number) value).doubleValue()));
        } else if (value instanceof Number number) {
            integer(ValueBudget.integer(number));
        } else {
            container(value, depth);
        }
    }

    private void container(Object value, int depth) {
        if (depth == PickleCodec.MAX_DEPTH) {
            throw new IllegalArgumentException("deeper than " + PickleCodec.MAX_DEPTH + " levels");
        }
        if (value instanceof Tuple tuple) {
            tuple(tuple.items(), depth);
        } else if (value instanceof Distinct set) {
            set(set.items(), depth);
        } else if (value instanceof Set<?> set) {
            set(set, depth);
        } else if (value instanceof Collection<?> list) {
            filled(PickleOpcode.EMPTY_LIST, list, PickleOpcode.APPENDS, depth);
        } else if (value instanceof Pairs dict) {
            dict(dict.entries(), depth);
        } else if (value instanceof Map<?, ?> dict) {
            dict(dict.entrySet(), depth);
        } else {
            throw new IllegalArgumentException(
                    value.getClass().getSimpleName() + " (expected: a value that Python has without a class)");
        }
    }

    private void integer(BigInteger value) {
        if (value.bitLength() >= Integer.SIZE) {
            big(value);
            return;
        }
        int small = value.intValue();
        if (small >= 0 && small <= 0xff) {
            opcode(PickleOpcode.BININT1).u8(small);
        } else if (small >= 0 && small <= 0xffff) {
            opcode(PickleOpcode.BININT2).u8(small).u8(small >> Byte.SIZE);
        } else {
            opcode(PickleOpcode.BININT).int32LE(small);
        }
    }

    private void big(BigInteger value) {
        byte[] bytes = value.toByteArray();
        if (bytes.length <= 0xff) {
            opcode(PickleOpcode.LONG1).u8(bytes.length);
        } else {
            opcode(PickleOpcode.LONG4).int32LE(bytes.length);
        }
        for (int i = bytes.length - 1; i >= 0; i--) {
            out.u8(bytes[i]);
        }
    }

    private void tuple(List<?> items, int depth) {
        if (items.isEmpty()) {
            opcode(PickleOpcode.EMPTY_TUPLE);
            return;
        }
        opcode(PickleOpcode.MARK);
        for (Object item : items) {
            value(item, depth + 1);
        }
        opcode(PickleOpcode.TUPLE);
    }

    private void set(Collection<?> items, int depth) {
        items.forEach(PickleWriter::requireHashable);
        filled(PickleOpcode.EMPTY_SET, items, PickleOpcode.ADDITEMS, depth);
    }

    private void dict(Collection<? extends Map.Entry<?, ?>> entries, int depth) {
        opcode(PickleOpcode.EMPTY_DICT);
        opcode(PickleOpcode.MARK);
        for (Map.Entry<?, ?> entry : entries) {
            requireHashable(entry.getKey());
            value(entry.getKey(), depth + 1);
            value(entry.getValue(), depth + 1);
        }
        opcode(PickleOpcode.SETITEMS);
    }

    private void filled(PickleOpcode empty, Collection<?> items, PickleOpcode fill, int depth) {
        opcode(empty);
        opcode(PickleOpcode.MARK);
        for (Object item : items) {
            value(item, depth + 1);
        }
        opcode(fill);
    }

    /** Otherwise Python would refuse the whole pickle. */
    private static void requireHashable(@Nullable Object value) {
        if (value instanceof Tuple tuple) {
            tuple.items().forEach(PickleWriter::requireHashable);
        } else if (value instanceof Collection || value instanceof Map || value instanceof TypedValue) {
            throw new IllegalArgumentException("a container as a key (expected: a hashable value)");
        }
    }

    private void sized(PickleOpcode small, PickleOpcode large, Buffer bytes) {
        if (bytes.length() <= 0xff) {
            opcode(small).u8(bytes.length());
        } else {
            opcode(large).int32LE(bytes.length());
        }
        out.bytes(bytes);
    }

    private ByteWriter opcode(PickleOpcode opcode) {
        return out.u8(opcode.code);
    }
}
