package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.Filter;
import java.util.List;

/**
 * Which events are wanted, by the name of their stream or by their type. Of a link it is the link that counts. A client writes it, so it
 * must not cost what it likes: {@link #steps} says how much.
 */
public abstract class EventFilter {

    private static final int MAX_PREFIXES = 1_000;

    private final Filter.Context context;

    EventFilter(Filter.Context context) {
        this.context = context;
    }

    /**
     * @throws IllegalArgumentException when it has nothing to compare with, too much, no regular expression that RE2 knows, or when
     *     there is no RE2
     */
    public static EventFilter of(Filter filter) {
        List<String> data = filter.data();
        if (data.isEmpty() || data.size() > MAX_PREFIXES) {
            throw new IllegalArgumentException(
                    "filter: " + data.size() + " texts (expected: a regular expression, or 1 to 1,000 prefixes)");
        }
        if (filter.type() == Filter.Type.PREFIX) {
            return new PrefixFilter(filter.context(), List.copyOf(data));
        }
        try {
            return PatternFilter.of(filter.context(), data.get(0));
        } catch (NoClassDefFoundError missing) {
            throw new IllegalArgumentException(
                    "filter: a regular expression needs RE2/J (expected: the server has com.google.re2j:re2j)");
        }
    }

    /** Whether an event is wanted. */
    public final boolean passes(StoredEvent event) {
        return fits(text(event));
    }

    /** About how many comparisons {@link #passes} takes with this event. */
    public final long cost(StoredEvent event) {
        return cost(text(event));
    }

    /** About how many comparisons a character takes; of prefixes, an event. */
    public abstract long steps();

    abstract boolean fits(String text);

    abstract long cost(String text);

    /** What it looks at. */
    public final String text(StoredEvent event) {
        return context == Filter.Context.STREAM_ID ? event.stream() : event.type();
    }
}
