package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted, by the name of their stream or by their type. A client says it, so that each look is counted by what it
 * costs.
 */
public final class EventFilter {

    private static final int MAX_PREFIXES = 1_000;

    private final Filter.Context context;
    private final List<String> prefixes;
    private final @Nullable LinearPattern pattern;
    private long spent;

    private EventFilter(Filter.Context context, List<String> prefixes, @Nullable LinearPattern pattern) {
        this.context = context;
        this.prefixes = prefixes;
        this.pattern = pattern;
    }

    /** All are wanted. */
    static EventFilter all() {
        return new EventFilter(Filter.Context.STREAM_ID, List.of(""), null);
    }

    /** @throws IllegalArgumentException when it has nothing to compare with, too much, or a regular expression that is none of ours */
    public static EventFilter of(Filter filter) {
        List<String> data = filter.data();
        if (data.isEmpty() || data.size() > MAX_PREFIXES) {
            throw new IllegalArgumentException(
                    "filter: " + data.size() + " texts (expected: a regular expression, or 1 to 1,000 prefixes)");
        }
        return switch (filter.type()) {
            case REGEX -> new EventFilter(filter.context(), List.of(), LinearPattern.compile(data.get(0)));
            case PREFIX -> new EventFilter(filter.context(), data, null);
        };
    }

    /** Whether an event is wanted. */
    public boolean fits(StoredEvent event) {
        String text = context == Filter.Context.STREAM_ID ? event.stream() : event.type();
        if (pattern != null) {
            spent += pattern.cost(text);
            return pattern.find(text);
        }
        for (String prefix : prefixes) {
            spent += 1 + Math.min(prefix.length(), text.length());
            if (text.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** What all looks together have cost, in characters compared. */
    long spent() {
        return spent;
    }
}
