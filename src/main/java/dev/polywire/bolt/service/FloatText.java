package dev.polywire.bolt.service;

import dev.polywire.core.json.TypedValues;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Floating point numbers as text, in the forms of JSON; Java's own parser accepts more. */
final class FloatText {

    static final String FORM = "[-+]?(?:[0-9]++(?:\\.[0-9]*+)?+(?:[eE][-+]?[0-9]++)?+|Infinity)|NaN";
    private static final Pattern NUMBER = Pattern.compile(FORM);

    /** The cost of parsing a number grows with the square of its digits. */
    private static final int MAX_CHARACTERS = 1_000;

    private FloatText() {}

    /** @throws IllegalArgumentException when the value is neither a number nor the text of one */
    static double parse(@Nullable Object json) {
        if (json instanceof Number number) {
            return number.doubleValue();
        } else if (json instanceof String text
                && text.length() <= MAX_CHARACTERS
                && NUMBER.matcher(text).matches()) {
            return checked(text);
        }
        throw new IllegalArgumentException("not a number (expected: a number, NaN, Infinity or -Infinity)");
    }

    /** @param text in the {@link #FORM}. @throws IllegalArgumentException when it is out of range */
    static double checked(String text) {
        Double number = TypedValues.float64(text);
        if (number == null) {
            throw new IllegalArgumentException("not in range (expected: a number of 64 bits)");
        }
        return number;
    }

    /** As {@link #parse}, of 32 bits. */
    static float parseSingle(@Nullable Object json) {
        Float number = TypedValues.float32(parse(json));
        if (number == null) {
            throw new IllegalArgumentException("not in range (expected: a number of 32 bits)");
        }
        return number;
    }
}
