package dev.polywire.eventstore.store;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.polywire.eventstore.wire.Filter;
import java.util.List;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted, by the name of their stream or by their type. Of a link it is the link that counts.
 *
 * <p>A client writes it, so it must not cost what it likes: regular expressions are those of RE2, which has no look-around and no
 * back-reference, and needs a time that grows with the text and not faster. {@link #steps} says how much.
 */
public final class EventFilter {

    private static final int MAX_PREFIXES = 1_000;
    private static final int MAX_PATTERN_CHARACTERS = 1_000;
    /** Characters with all counts multiplied: RE2 writes an expression as often as it may be repeated. */
    private static final long MAX_REPEATED_CHARACTERS = 5_000;
    /** Longer names pass no regular expression. */
    private static final int MAX_TEXT_CHARACTERS = 1_024;

    private static final java.util.regex.Pattern COUNTS = java.util.regex.Pattern.compile("\\{(\\d+)(?:,(\\d*))?}");

    private final Filter.Context context;
    private final List<String> prefixes;
    private final @Nullable Pattern pattern;

    private EventFilter(Filter.Context context, List<String> prefixes, @Nullable Pattern pattern) {
        this.context = context;
        this.prefixes = prefixes;
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException when it has nothing to compare with, too much, or no regular expression that RE2 knows */
    public static EventFilter of(Filter filter) {
        List<String> data = filter.data();
        if (data.isEmpty() || data.size() > MAX_PREFIXES) {
            throw new IllegalArgumentException(
                    "filter: " + data.size() + " texts (expected: a regular expression, or 1 to 1,000 prefixes)");
        }
        return filter.type() == Filter.Type.PREFIX
                ? new EventFilter(filter.context(), List.copyOf(data), null)
                : new EventFilter(filter.context(), List.of(), pattern(data.get(0)));
    }

    private static Pattern pattern(String text) {
        if (text.length() > MAX_PATTERN_CHARACTERS) {
            throw new IllegalArgumentException("filter: " + text.length() + " characters (expected: at most 1,000)");
        }
        double repeats = COUNTS.matcher(text)
                .results()
                .mapToDouble(EventFilter::count)
                .reduce(1, (all, count) -> all * Math.max(1, count));
        if (repeats * text.length() > MAX_REPEATED_CHARACTERS) {
            throw new IllegalArgumentException(
                    "filter: too many repetitions (expected: at most 5,000 characters, each as often as it is repeated)");
        }
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException none) {
            throw new IllegalArgumentException("filter: " + none.getDescription() + " (expected: RE2's syntax)");
        }
    }

    /** The larger number of {@code {n}}, {@code {n,}} or {@code {n,m}}. */
    private static double count(MatchResult counts) {
        String most = counts.group(2) == null || counts.group(2).isEmpty() ? counts.group(1) : counts.group(2);
        return Double.parseDouble(most);
    }

    /** Whether an event is wanted. */
    public boolean passes(StoredEvent event) {
        String text = text(event);
        return pattern == null
                ? prefixes.stream().anyMatch(text::startsWith)
                : text.length() <= MAX_TEXT_CHARACTERS && pattern.matcher(text).find();
    }

    /** About how many comparisons {@link #passes} takes with this event. */
    long cost(StoredEvent event) {
        return pattern == null
                ? steps()
                : (long) pattern.programSize()
                        * (1 + Math.min(MAX_TEXT_CHARACTERS, text(event).length()));
    }

    /** About how many comparisons a character takes; of prefixes, an event. */
    public long steps() {
        return pattern == null ? prefixes.stream().mapToLong(String::length).sum() : pattern.programSize();
    }

    private String text(StoredEvent event) {
        return context == Filter.Context.STREAM_ID ? event.stream() : event.type();
    }
}
