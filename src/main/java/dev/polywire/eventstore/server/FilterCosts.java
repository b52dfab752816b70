package dev.polywire.eventstore.server;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What subscriptions' filters have cost while one write is told: it may have a million events, each with a type to look at. */
final class FilterCosts {

    /** Comparisons of all filters together: about a second. */
    static final long MAX_OF_WRITE = 100_000_000;

    private final Map<VolatileSubscription, Long> bySubscription = new HashMap<>();
    private long all;

    void add(VolatileSubscription looking, long cost) {
        bySubscription.merge(looking, cost, Long::sum);
        all += cost;
    }

    void forget(VolatileSubscription ended) {
        Long cost = bySubscription.remove(ended);
        all -= cost == null ? 0 : cost;
    }

    /** The one that has cost most; null: all together have not cost too much. */
    @Nullable
    VolatileSubscription excess() {
        return all <= MAX_OF_WRITE
                ? null
                : Collections.max(bySubscription.entrySet(), Map.Entry.comparingByValue())
                        .getKey();
    }

    /** The write is told. */
    void told() {
        bySubscription.clear();
        all = 0;
    }
}
