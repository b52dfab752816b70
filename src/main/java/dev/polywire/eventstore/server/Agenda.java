package dev.polywire.eventstore.server;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/** What will be done at some time, in that order; what is due at the same time in the order in which it was put here. */
final class Agenda {

    private record Entry(long atMillis, long number, Runnable step) {}

    private final LongSupplier nowMillis;
    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingLong(Entry::atMillis).thenComparingLong(Entry::number));
    private long added;

    /** @param nowMillis of the clock of {@link #tick} */
    Agenda(LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
    }

    /** @param delayMillis 0 or more */
    void later(long delayMillis, Runnable step) {
        entries.add(new Entry(nowMillis.getAsLong() + delayMillis, added++, step));
    }

    /** How much is to be done. */
    int size() {
        return entries.size();
    }

    /** When {@link #tick} must be called; {@link Long#MAX_VALUE}: never. */
    long deadlineMillis() {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.atMillis;
    }

    /** Time has passed: does what is due. */
    void tick(long nowMillis) {
        for (Entry first = entries.peek(); first != null && first.atMillis <= nowMillis; first = entries.peek()) {
            entries.remove();
            first.step.run();
        }
    }
}
