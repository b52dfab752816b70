package dev.polywire.framed.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the memory of the values of one payload: one byte can encode an empty list, and three can repeat everything
 * before. Costs are estimates, in bytes of heap, of a value and its JSON together.
 */
final class ValueBudget {

    static final long NUMBER_BYTES = 24;
    static final long TEXT_BYTES = 56;
    static final long LIST_BYTES = 128;
    /** A tuple, a set, a dictionary: in JSON each is an object. */
    static final long OBJECT_BYTES = 360;

    static final long ENTRY_BYTES = 96;

    /** 1,000 digits: arithmetic on more is slow enough to be an attack. */
    static final int MAX_INTEGER_BITS = 3_322;

    private final long maxValueBytes;
    private long spentBytes;

    ValueBudget(long maxValueBytes) {
        this.maxValueBytes = maxValueBytes;
    }

    /** @throws ProtocolException LIMIT */
    void spend(long bytes) {
        spentBytes += bytes;
        if (spentBytes > maxValueBytes) {
            throw ProtocolException.limit(
                    "value: " + spentBytes + " bytes of memory and more (expected: <= " + maxValueBytes + ")");
        }
    }

    /** The cost of a value that contains no others. */
    static long costBytes(@Nullable Object value) {
        if (value instanceof String text) {
            return TEXT_BYTES + text.length();
        } else if (value instanceof Buffer bytes) {
            return TEXT_BYTES + bytes.length();
        }
        return value instanceof BigInteger big ? TEXT_BYTES + big.bitLength() / Byte.SIZE : NUMBER_BYTES;
    }

    /**
     * An integer to write.
     *
     * @throws IllegalArgumentException when it is not an integer, or has too many digits
     */
    static BigInteger integer(Number value) {
        if (value instanceof BigInteger big && big.bitLength() <= MAX_INTEGER_BITS) {
            return big;
        } else if (value instanceof BigInteger) {
            throw new IllegalArgumentException("an integer of more than " + MAX_INTEGER_BITS + " bits");
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            return BigInteger.valueOf(value.longValue());
        }
        throw new IllegalArgumentException(value.getClass().getSimpleName() + " (expected: an integer or a double)");
    }

    /** A {@link Long} if it fits. @throws ProtocolException DECODE when it has too many digits */
    static Object shortest(BigInteger value) {
        if (value.bitLength() > MAX_INTEGER_BITS) {
            throw ProtocolException.decode(
                    "integer: " + value.bitLength() + " bits (expected: <= " + MAX_INTEGER_BITS + ")");
        }
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }
}
