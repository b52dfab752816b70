package dev.polywire.eventstore.session;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pages that were read and not yet pulled: that of which some events may be gone, and at most one ahead. */
final class HeldPages {

    /**
     * @param end null: behind its last event
     * @param bytes of all its events: they share the page's memory
     */
    private record Held(
            List<ReceivedEvent> events, @Nullable Resume end, long bytes) {}

    private final ArrayDeque<Held> ahead = new ArrayDeque<>();
    private @Nullable Held current;
    private int taken;
    /** Where pages without events have ended since the last one that had some; null: there were none. */
    private @Nullable Resume looked;

    private long bytes;

    void add(List<ReceivedEvent> events, @Nullable Resume end) {
        if (!events.isEmpty()) {
            Held page = new Held(events, end, EventBytes.of(events));
            ahead.add(page);
            bytes += page.bytes;
            looked = null;
        } else if (end != null) {
            looked = end;
        }
    }

    /** Whether the page is begun behind which the next one may be asked for. */
    boolean hasRoom() {
        return ahead.isEmpty();
    }

    /** Whether there are no events. */
    boolean isDrained() {
        return current == null && ahead.isEmpty();
    }

    /** Whether there is not even a place. */
    boolean isEmpty() {
        return isDrained() && looked == null;
    }

    long bytes() {
        return bytes;
    }

    /** Moves events to a reader, until it has enough or there are no more. */
    void take(Handful to) {
        while (!isDrained() && to.goesOn()) {
            Held from = current;
            if (from == null) {
                from = ahead.remove();
                current = from;
                taken = 0;
            }
            while (taken < from.events.size() && to.goesOn()) {
                to.add(from.events.get(taken++));
            }
            if (taken == from.events.size()) {
                to.passed(from.end);
                bytes -= from.bytes;
                current = null;
            }
        }
        if (isDrained()) {
            to.passed(looked);
            looked = null;
        }
    }

    void clear() {
        ahead.clear();
        current = null;
        looked = null;
        bytes = 0;
    }
}
