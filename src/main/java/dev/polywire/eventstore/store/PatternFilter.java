package dev.polywire.eventstore.store;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.polywire.eventstore.wire.Filter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.MatchResult;

/**
 * Those in which a regular expression is found: one of RE2, which has no look-around and no back-reference, and needs a time that grows
 * with the text and not faster. Loaded only for such a filter: the library is optional.
 */
final class PatternFilter extends EventFilter {

    private static final int MAX_PATTERN_CHARACTERS = 1_000;
    /** RE2 writes what is repeated as often as it may be: each character counts that often. */
    private static final long MAX_REPEATED_CHARACTERS = 5_000;
    /** What becomes of them: a character is an instruction, a group and a choice are some more. */
    private static final int MAX_STEPS = 10_000;
    /** Longer names pass no regular expression. */
    private static final int MAX_TEXT_CHARACTERS = 1_024;

    /** What is one thing: quoted text, a class, an escape, a count, a character. Only in the last one a parenthesis is a group. */
    private static final java.util.regex.Pattern PARTS = java.util.regex.Pattern.compile(
            "\\\\Q.*?(?:\\\\E|$)|\\[\\^?]?(?:\\[:\\^?\\w+:]|\\\\.|[^]\\\\])*+]|\\\\.|\\{(\\d+)(?:,(\\d*))?}|.",
            java.util.regex.Pattern.DOTALL);

    private final Pattern pattern;

    private PatternFilter(Filter.Context context, Pattern pattern) {
        super(context);
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException when it is too large, or RE2 does not know it */
    static PatternFilter of(Filter.Context context, String text) {
        if (text.length() > MAX_PATTERN_CHARACTERS) {
            throw new IllegalArgumentException("filter: " + text.length() + " characters (expected: at most 1,000)");
        }
        if (repeatedCharacters(text) > MAX_REPEATED_CHARACTERS) {
            throw tooManyRepetitions();
        }
        try {
            Pattern pattern = Pattern.compile(text);
            if (pattern.programSize() > MAX_STEPS) {
                throw tooManyRepetitions();
            }
            return new PatternFilter(context, pattern);
        } catch (PatternSyntaxException none) {
            throw new IllegalArgumentException("filter: " + none.getDescription() + " (expected: RE2's syntax)");
        }
    }

    private static IllegalArgumentException tooManyRepetitions() {
        return new IllegalArgumentException(
                "filter: too many repetitions (expected: at most 5,000 characters, each as often as it is repeated)");
    }

    /** Counts multiply those inside them, and add to those beside them: RE2 does not look at that before it writes all of it. */
    private static double repeatedCharacters(String text) {
        Deque<Double> outside = new ArrayDeque<>();
        double before = 0;
        double last = 0;
        for (MatchResult part : PARTS.matcher(text).results().toList()) {
            if (part.group(1) != null) {
                last *= Math.max(1, count(part));
            } else if (part.group().equals("(")) {
                outside.push(before + last);
                before = 0;
                last = 1;
            } else if (part.group().equals(")") && !outside.isEmpty()) {
                last += before + 1;
                before = outside.pop();
            } else {
                before += last;
                last = part.group().length();
            }
        }
        // A group without end is RE2's to refuse.
        return before + last + outside.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The larger number of {@code {n}}, {@code {n,}} or {@code {n,m}}. */
    private static double count(MatchResult counts) {
        String most = counts.group(2) == null || counts.group(2).isEmpty() ? counts.group(1) : counts.group(2);
        return Double.parseDouble(most);
    }

    @Override
    boolean fits(String text) {
        return text.length() <= MAX_TEXT_CHARACTERS && pattern.matcher(text).find();
    }

    @Override
    long cost(String text) {
        return steps() * (1 + Math.min(MAX_TEXT_CHARACTERS, text.length()));
    }

    @Override
    public long steps() {
        return pattern.programSize();
    }
}
