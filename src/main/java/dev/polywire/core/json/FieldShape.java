package dev.polywire.core.json;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reader expects of a field.
 *
 * @param min of {@link Kind#INTEGER}; so is {@code max}
 * @param words of {@link Kind#WORD} all there are; of {@link Kind#TEXTS} those that may stand in place of the list
 * @param isRequired whether its absence is a complaint
 * @param fallback what an absent one reads like, or null: no value of this kind
 */
public record FieldShape(
        Kind kind,
        long min,
        long max,
        List<String> words,
        boolean isRequired,
        @Nullable Object fallback) {

    /** The JSON types, as far as readers tell them apart. */
    public enum Kind {
        /** The reader asks whether it is there, or looks at its type itself. */
        ANY,
        TEXT,
        /** One of some strings. */
        WORD,
        FLAG,
        INTEGER,
        OBJECT,
        /** A list of strings. */
        TEXTS,
        /** A list of objects. */
        OBJECTS
    }

    static FieldShape of(Kind kind) {
        return new FieldShape(kind, 0, 0, List.of(), false, null);
    }

    static FieldShape range(long min, long max) {
        return new FieldShape(Kind.INTEGER, min, max, List.of(), false, null);
    }

    static FieldShape word(List<String> words) {
        return new FieldShape(Kind.WORD, 0, 0, words, false, null);
    }

    static FieldShape textsOr(String word) {
        return new FieldShape(Kind.TEXTS, 0, 0, List.of(word), false, null);
    }

    FieldShape required() {
        return new FieldShape(kind, min, max, words, true, null);
    }

    FieldShape orElse(Object value) {
        return new FieldShape(kind, min, max, words, false, value);
    }
}
