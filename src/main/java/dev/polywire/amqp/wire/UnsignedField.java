package dev.polywire.amqp.wire;

import dev.polywire.core.wire.Limits;

/**
 * An unsigned number in a field table: types {@code B}, {@code u} and {@code i}.
 *
 * @param bits 8, 16 or 32
 * @param value 0 to 2^bits - 1
 */
public record UnsignedField(int bits, long value) {

    public UnsignedField {
        if (bits != 8 && bits != 16 && bits != 32) {
            throw new IllegalArgumentException("bits: " + bits + " (expected: 8, 16 or 32)");
        }
        Limits.range("value", value, 0, (1L << bits) - 1);
    }
}
