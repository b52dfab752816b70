package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says of each event whether somebody wants it, by the name of its stream or by its type. */
public final class EventFilter {

    private final boolean byStream;
    private final List<String> prefixes;
    private final @Nullable LinearPattern pattern;

    private EventFilter(boolean byStream, List<String> prefixes, @Nullable LinearPattern pattern) {
        this.byStream = byStream;
        this.prefixes = prefixes;
        this.pattern = pattern;
    }

    /**
     * A filter, as a client wants it.
     *
     * @throws IllegalArgumentException when there is nothing in it, or no {@link LinearPattern} where there must be one
     */
    public static EventFilter of(Filter filter) {
        if (filter.data().isEmpty()) {
            throw new IllegalArgumentException("filter: no data (expected: a regular expression, or prefixes)");
        }
        boolean byStream = filter.context() == Filter.Context.STREAM_ID;
        return filter.type() == Filter.Type.PREFIX
                ? new EventFilter(byStream, List.copyOf(filter.data()), null)
                : new EventFilter(
                        byStream, List.of(), LinearPattern.of(filter.data().get(0)));
    }

    /** Whether an event is wanted. Of a link it is the link that counts, not its target. */
    public boolean passes(StoredEvent event) {
        String text = byStream ? event.stream() : event.type();
        return pattern == null ? prefixes.stream().anyMatch(text::startsWith) : pattern.isFoundIn(text);
    }

    /** How many comparisons of characters one event may take. */
    public long steps() {
        return pattern == null ? prefixes.stream().mapToLong(String::length).sum() : pattern.steps();
    }
}
