package dev.polywire.eventstore.store;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.polywire.eventstore.wire.Filter;
import java.util.regex.MatchResult;

/**
 * Those in which a regular expression is found: one of RE2, which has no look-around and no back-reference, and needs a time that grows
 * with the text and not faster. Loaded only for such a filter: the library is optional.
 */
final class PatternFilter extends EventFilter {

    private static final int MAX_PATTERN_CHARACTERS = 1_000;
    /** Characters with all counts multiplied: RE2 writes an expression as often as it may be repeated. */
    private static final long MAX_REPEATED_CHARACTERS = 5_000;
    /** Longer names pass no regular expression. */
    private static final int MAX_TEXT_CHARACTERS = 1_024;

    private static final java.util.regex.Pattern COUNTS = java.util.regex.Pattern.compile("\\{(\\d+)(?:,(\\d*))?}");

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
        double repeats = COUNTS.matcher(text)
                .results()
                .mapToDouble(PatternFilter::count)
                .reduce(1, (all, count) -> all * Math.max(1, count));
        if (repeats * text.length() > MAX_REPEATED_CHARACTERS) {
            throw new IllegalArgumentException(
                    "filter: too many repetitions (expected: at most 5,000 characters, each as often as it is repeated)");
        }
        try {
            return new PatternFilter(context, Pattern.compile(text));
        } catch (PatternSyntaxException none) {
            throw new IllegalArgumentException("filter: " + none.getDescription() + " (expected: RE2's syntax)");
        }
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
