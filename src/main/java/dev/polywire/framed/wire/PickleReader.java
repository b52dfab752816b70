package dev.polywire.framed.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.PickleNode.Type;
import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one pickle, protocol 2 to 5: a program for a stack machine, of which only the opcodes for data are run.
 *
 * <pre>
 *   80 04              PROTO 4
 *   95 0a 00 .. 00     FRAME, 10 bytes of it: may be left out
 *   8c 06 737472696e67 SHORT_BINUNICODE "string"
 *   94                 MEMOIZE
 *   2e                 STOP
 * </pre>
 */
final class PickleReader {

    private static final int LEAST_PROTOCOL = 2;
    private static final int GREATEST_PROTOCOL = 5;

    private final ByteReader in;
    private final PickleStack stack;

    PickleReader(Buffer pickle, ValueBudget budget) {
        in = new ByteReader(pickle, ProtocolException.Kind.DECODE);
        stack = new PickleStack(budget);
    }

    @Nullable
    Object read() {
        if (in.u8("PROTO") != PickleOpcode.PROTO.code) {
            throw in.bad("no PROTO in front (expected: a pickle of protocol 2 to 5)");
        }
        int protocol = in.u8("protocol");
        if (protocol < LEAST_PROTOCOL || protocol > GREATEST_PROTOCOL) {
            throw in.bad("protocol: " + protocol + " (expected: " + LEAST_PROTOCOL + " to " + GREATEST_PROTOCOL + ")");
        }
        for (PickleOpcode opcode = next(); opcode != PickleOpcode.STOP; opcode = next()) {
            run(opcode);
        }
        Object value = stack.pop(1).get(0);
        if (!stack.isEmpty() || in.remaining() > 0) {
            throw in.bad("more than one value (expected: one, and nothing behind STOP)");
        }
        return PickleNode.plain(value);
    }

    private PickleOpcode next() {
        int at = in.position();
        int code = in.u8("opcode");
        PickleOpcode opcode = PickleOpcode.of(code);
        if (opcode == null) {
            throw in.bad("opcode: " + code + " at byte " + at + " (expected: one of pickle)");
        }
        if (opcode.use != PickleOpcode.Use.DATA) {
            throw in.bad("opcode " + opcode + " at byte " + at + " " + opcode.use.words + " (expected: data)");
        }
        return opcode;
    }

    private void run(PickleOpcode opcode) {
        switch (opcode) {
            case FRAME -> length(in.int64LE("FRAME"), "FRAME");
            case MARK -> stack.mark();
            case NONE -> stack.push(null);
            case NEWTRUE -> stack.push(true);
            case NEWFALSE -> stack.push(false);
            case BININT -> stack.push((long) in.int32LE("BININT"));
            case BININT1 -> stack.push((long) in.u8("BININT1"));
            case BININT2 -> stack.push((long) (in.u8("BININT2") | in.u8("BININT2") << Byte.SIZE));
            case LONG1 -> stack.push(integer(in.u8("LONG1")));
            case LONG4 -> stack.push(integer(length(in.int32LE("LONG4"), "LONG4")));
            case BINFLOAT -> stack.push(Double.longBitsToDouble(in.int64("BINFLOAT")));
            case SHORT_BINUNICODE, BINUNICODE, BINUNICODE8 -> stack.push(in.utf8(length(opcode), "str"));
            case SHORT_BINBYTES, BINBYTES, BINBYTES8, BYTEARRAY8 ->
                stack.push(in.slice(length(opcode), "bytes").copy());
            case EMPTY_LIST -> stack.push(Type.LIST, List.of());
            case EMPTY_DICT -> stack.push(Type.DICT, List.of());
            case EMPTY_SET -> stack.push(Type.SET, List.of());
            case EMPTY_TUPLE -> stack.push(Type.TUPLE, List.of());
            case TUPLE -> stack.push(Type.TUPLE, stack.popMark());
            case TUPLE1 -> stack.push(Type.TUPLE, stack.pop(1));
            case TUPLE2 -> stack.push(Type.TUPLE, stack.pop(2));
            case TUPLE3 -> stack.push(Type.TUPLE, stack.pop(3));
            case APPEND -> stack.addAll(Type.LIST, stack.pop(1));
            case APPENDS -> stack.addAll(Type.LIST, stack.popMark());
            case ADDITEMS -> stack.addAll(Type.SET, stack.popMark());
            case SETITEM -> stack.putAll(stack.pop(2));
            case SETITEMS -> stack.putAll(stack.popMark());
            case MEMOIZE -> stack.memoize();
            case BINPUT -> stack.put(in.u8("BINPUT"));
            case LONG_BINPUT -> stack.put(Integer.toUnsignedLong(in.int32LE("LONG_BINPUT")));
            case BINGET -> stack.get(in.u8("BINGET"));
            case LONG_BINGET -> stack.get(Integer.toUnsignedLong(in.int32LE("LONG_BINGET")));
            default -> throw in.bad("opcode " + opcode + " (expected: in front only)");
        }
    }

    /** A length of 1, 4 or 8 bytes, unsigned, little endian: the opcode says how many. */
    private int length(PickleOpcode opcode) {
        return switch (opcode) {
            case SHORT_BINUNICODE, SHORT_BINBYTES -> in.u8(opcode.name());
            case BINUNICODE, BINBYTES -> length(Integer.toUnsignedLong(in.int32LE(opcode.name())), opcode.name());
            default -> length(in.int64LE(opcode.name()), opcode.name());
        };
    }

    private int length(long announced, String what) {
        return in.announced(announced, 1, what);
    }

    /** Two's complement, little endian; no bytes are 0. */
    private Object integer(int count) {
        byte[] little = in.slice(count, "integer").getBytes();
        byte[] big = new byte[Math.max(1, count)];
        for (int i = 0; i < count; i++) {
            big[count - 1 - i] = little[i];
        }
        return ValueBudget.shortest(new BigInteger(big));
    }
}
