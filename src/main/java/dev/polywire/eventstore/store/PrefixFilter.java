package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.Filter;
import java.util.List;

/** Those that begin with one of some texts. */
final class PrefixFilter extends EventFilter {

    /** To look at an event at all, as characters. */
    private static final int LOOK_COST = 20;

    private final List<String> prefixes;

    PrefixFilter(Filter.Context context, List<String> prefixes) {
        super(context);
        this.prefixes = prefixes;
    }

    @Override
    boolean fits(String text) {
        return prefixes.stream().anyMatch(text::startsWith);
    }

    @Override
    long cost(String text) {
        return LOOK_COST + steps();
    }

    @Override
    public long steps() {
        return prefixes.stream().mapToLong(String::length).sum();
    }
}
