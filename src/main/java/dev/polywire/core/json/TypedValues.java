package dev.polywire.core.json;

import java.math.BigInteger;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Values for which JSON has no type, in the one form they have on the bus. */
public final class TypedValues {

    /** Digits of {@link Long#MIN_VALUE}, its sign included. */
    private static final int INT64_CHARACTERS = 20;

    /** The greatest that each smaller integer differs from as a double: JavaScript's numbers. */
    private static final long GREATEST_EXACT = (1L << 53) - 1;

    private TypedValues() {}

    /** A 64-bit integer that every language reads: beyond 2^53 - 1 a decimal string. {@link #int64} reads both. */
    public static Object exact(long value) {
        return value > GREATEST_EXACT || value < -GREATEST_EXACT ? (Object) Long.toString(value) : (Object) value;
    }

    /**
     * A 64-bit integer: a JSON integer, or a decimal string (a JavaScript number is exact only up to 2^53).
     *
     * @return null when it is neither, or out of range
     */
    public static @Nullable Long int64(@Nullable Object value) {
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof BigInteger big) {
            return big.bitLength() < Long.SIZE ? big.longValue() : null;
        }
        if (value instanceof String text && !text.isEmpty() && text.length() <= INT64_CHARACTERS && decimal(text)) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException outOfRange) {
                return null;
            }
        }
        return null;
    }

    /**
     * A number as one of 32 bits, rounded. An infinity stays one; no other number becomes one.
     *
     * @return null when it is out of range
     */
    public static @Nullable Float float32(double value) {
        float single = (float) value;
        return Float.isInfinite(single) && !Double.isInfinite(value) ? null : Float.valueOf(single);
    }

    /**
     * The double that is nearest to a text in a form that the caller has checked, beside {@code Infinity} and {@code NaN}.
     *
     * @return null when it is out of range: only infinity itself becomes infinity
     */
    public static @Nullable Double float64(String checked) {
        double value = Double.parseDouble(checked);
        return Double.isInfinite(value) && !checked.endsWith("Infinity") ? null : Double.valueOf(value);
    }

    /**
     * Bytes: base64 in the standard alphabet (RFC 4648 section 4) or the one for URLs (section 5), padded or not. Vert.x's
     * {@code JsonObject.put} writes the latter without padding.
     *
     * @return null when it is not valid base64
     */
    public static byte @Nullable [] bytes(@Nullable Object value) {
        if (!(value instanceof String text)) {
            return null;
        }
        boolean forUrls = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        try {
            return (forUrls ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** The text of bytes: standard base64 (RFC 4648 section 4), which the languages' own functions read. */
    public static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static boolean decimal(String text) {
        for (int i = text.charAt(0) == '-' && text.length() > 1 ? 1 : 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
