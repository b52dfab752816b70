package dev.polywire.framed.wire;

import dev.polywire.core.wire.ByteReader;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Tagged;
import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one CBOR item (RFC 8949 section 3).
 *
 * <pre>
 *   | major type: 3 bits | argument: 5 bits, or the 1, 2, 4, 8 bytes behind | content |
 *   83 01 62 c3bc f6     an array of three: 1, "ü", null
 * </pre>
 */
final class CborReader {

    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    static final int MAJOR_TYPE_SHIFT = 5;
    /** The additional information for an argument in the 1, 2, 4 or 8 bytes that follow. */
    static final int ONE_BYTE = 24;

    static final int TWO_BYTES = 25;
    static final int FOUR_BYTES = 26;
    static final int EIGHT_BYTES = 27;

    /** Values of major type 7. */
    static final int FALSE = 20;

    static final int TRUE = 21;
    static final int NULL = 22;
    private static final int UNDEFINED = 23;

    /** RFC 8949 section 3.4.3. */
    static final int BIG_TAG = 2;

    static final int NEGATIVE_BIG_TAG = 3;
    /** Of a set: IANA's registry of CBOR tags. */
    static final int SET_TAG = 258;
    /** "This is CBOR", RFC 8949 section 3.4.6: does not change the value. */
    private static final int SELF_DESCRIBED_TAG = 55_799;

    private static final int ADDITIONAL_MASK = 0x1f;
    private static final int INDEFINITE = 31;
    private static final int BREAK = 0xff;

    private final ByteReader in;
    private final ValueBudget budget;
    private int depth;

    CborReader(Buffer payload, ValueBudget budget) {
        this.in = new ByteReader(payload, ProtocolException.Kind.DECODE);
        this.budget = budget;
    }

    @Nullable
    Object read() {
        Object value = item(in.u8("item"));
        if (in.remaining() > 0) {
            throw in.bad("more than one item: " + in.remaining() + " bytes behind it (expected: 0)");
        }
        return value;
    }

    private @Nullable Object item(int head) {
        int type = head >> MAJOR_TYPE_SHIFT;
        int additional = head & ADDITIONAL_MASK;
        if (type >= ARRAY && type <= TAG) {
            if (++depth > CborCodec.MAX_DEPTH) {
                throw in.bad("nesting: deeper than " + CborCodec.MAX_DEPTH + " levels");
            }
            Object value = type == TAG ? tagged(argument(additional)) : container(type, additional);
            depth--;
            return value;
        }
        Object value = scalar(type, additional);
        budget.spend(ValueBudget.costBytes(value));
        return value;
    }

    private @Nullable Object scalar(int type, int additional) {
        return switch (type) {
            case UNSIGNED -> integer(argument(additional), false);
            case NEGATIVE -> integer(argument(additional), true);
            case BYTES -> bytes(additional);
            case TEXT -> text(additional);
            default -> simple(additional);
        };
    }

    /** The unsigned 64-bit argument after, or in, an item's first byte. */
    private long argument(int additional) {
        return switch (additional) {
            case ONE_BYTE -> in.u8("argument");
            case TWO_BYTES -> uint16();
            case FOUR_BYTES -> Integer.toUnsignedLong(in.int32("argument"));
            case EIGHT_BYTES -> in.int64("argument");
            default -> {
                if (additional > EIGHT_BYTES) {
                    throw in.bad("additional information: " + additional + " (expected: 0 to 27)");
                }
                yield additional;
            }
        };
    }

    /** An announced length, or a count of items that have {@code leastBytes} each. */
    private int count(int additional, int leastBytes, String what) {
        return in.announced(argument(additional), leastBytes, what);
    }

    private Buffer bytes(int additional) {
        if (additional != INDEFINITE) {
            return in.slice(count(additional, 1, "bytes"), "bytes").copy();
        }
        Buffer all = Buffer.buffer();
        for (int chunk = in.u8("chunk"); chunk != BREAK; chunk = in.u8("chunk")) {
            all.appendBuffer(in.slice(count(chunk(chunk, BYTES), 1, "bytes"), "bytes"));
        }
        return all;
    }

    private String text(int additional) {
        if (additional != INDEFINITE) {
            return in.utf8(count(additional, 1, "text"), "text");
        }
        StringBuilder all = new StringBuilder();
        for (int chunk = in.u8("chunk"); chunk != BREAK; chunk = in.u8("chunk")) {
            all.append(in.utf8(count(chunk(chunk, TEXT), 1, "text"), "text"));
        }
        return all.toString();
    }

    private int chunk(int head, int type) {
        if (head >> MAJOR_TYPE_SHIFT != type) {
            throw in.bad("chunk: major type " + (head >> MAJOR_TYPE_SHIFT) + " (expected: " + type + ")");
        }
        return head & ADDITIONAL_MASK;
    }

    private Object container(int type, int additional) {
        return type == ARRAY ? items(additional) : entries(additional);
    }

    private List<@Nullable Object> items(int additional) {
        budget.spend(ValueBudget.LIST_BYTES);
        List<@Nullable Object> items = new ArrayList<>(0);
        if (additional == INDEFINITE) {
            for (int head = in.u8("item"); head != BREAK; head = in.u8("item")) {
                items.add(item(head));
            }
            return items;
        }
        for (int left = count(additional, 1, "array"); left > 0; left--) {
            items.add(item(in.u8("item")));
        }
        return items;
    }

    private Object entries(int additional) {
        budget.spend(ValueBudget.OBJECT_BYTES);
        DictBuilder entries = new DictBuilder();
        if (additional == INDEFINITE) {
            for (int head = in.u8("key"); head != BREAK; head = in.u8("key")) {
                entry(entries, head);
            }
            return entries.value();
        }
        for (int left = count(additional, 2, "map"); left > 0; left--) {
            entry(entries, in.u8("key"));
        }
        return entries.value();
    }

    private void entry(DictBuilder entries, int head) {
        budget.spend(ValueBudget.ENTRY_BYTES);
        Object key = item(head);
        if (!entries.put(key, item(in.u8("value")))) {
            throw in.bad("map: a key twice (expected: once)");
        }
    }

    private @Nullable Object tagged(long tag) {
        Object value = item(in.u8("item"));
        if (tag == SELF_DESCRIBED_TAG) {
            return value;
        } else if (tag == BIG_TAG && value instanceof Buffer bytes) {
            return ValueBudget.shortest(new BigInteger(1, bytes.getBytes()));
        } else if (tag == NEGATIVE_BIG_TAG && value instanceof Buffer bytes) {
            return ValueBudget.shortest(new BigInteger(1, bytes.getBytes()).not());
        } else if (tag < 0) {
            throw in.bad("tag: " + Long.toUnsignedString(tag) + " (expected: <= " + Long.MAX_VALUE + ")");
        }
        budget.spend(ValueBudget.OBJECT_BYTES);
        return tag == SET_TAG && value instanceof List<?> items
                ? new Distinct(new ArrayList<>(items))
                : new Tagged(tag, value);
    }

    private @Nullable Object simple(int additional) {
        return switch (additional) {
            case FALSE -> false;
            case TRUE -> true;
            case NULL, UNDEFINED -> null;
            case TWO_BYTES -> half(uint16());
            case FOUR_BYTES -> (double) Float.intBitsToFloat(in.int32("float"));
            case EIGHT_BYTES -> Double.longBitsToDouble(in.int64("float"));
            case INDEFINITE -> throw in.bad("a break (expected: an item)");
            default -> throw in.bad("a simple value: " + additional + " (expected: false, true, null, undefined)");
        };
    }

    /** RFC 8949 appendix D: a sign, 5 bits of exponent, 10 of fraction. */
    private static double half(int bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double value = switch (exponent) {
            case 0 -> Math.scalb((double) fraction, -24);
            case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> Math.scalb((double) (fraction + 0x400), exponent - 25);
        };
        return bits >> 15 == 0 ? value : -value;
    }

    private int uint16() {
        return in.u8("argument") << Byte.SIZE | in.u8("argument");
    }

    /** @param argument unsigned; -1 minus it when {@code negative} */
    private static Object integer(long argument, boolean negative) {
        if (argument >= 0) {
            return negative ? ~argument : argument;
        }
        BigInteger unsigned = new BigInteger(Long.toUnsignedString(argument));
        return negative ? unsigned.not() : unsigned;
    }
}
