package dev.polywire.eventstore.session;

import dev.polywire.eventstore.session.EventFlow.Events;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that one pull gets. */
final class Handful {

    private final EventPages<?> pages;
    private final int max;
    private final int maxBytes;
    private final @Nullable Resume before;
    private final List<ReceivedEvent> events = new ArrayList<>();
    private long bytes;
    private @Nullable ReceivedEvent last;
    private @Nullable Resume end;

    /** @param before where the reader was */
    Handful(EventPages<?> pages, int max, int maxBytes, @Nullable Resume before) {
        this.pages = pages;
        this.max = max;
        this.maxBytes = maxBytes;
        this.before = before;
    }

    boolean goesOn() {
        return events.size() < max && bytes < maxBytes;
    }

    /** @return its size */
    long add(ReceivedEvent event) {
        long size = EventBytes.of(event);
        events.add(event);
        bytes += size;
        last = event;
        end = null;
        return size;
    }

    /** All up to here was looked at. @param place null: the last event is all there is to say */
    void passed(@Nullable Resume place) {
        if (place != null) {
            end = place;
        }
    }

    /** Where the reader is then. */
    @Nullable
    Resume place() {
        if (end != null) {
            return end;
        }
        return last == null ? before : pages.behind(last);
    }

    /** Null: the reader gets nothing, not even another place. */
    @Nullable
    Events events() {
        Resume place = place();
        boolean moved = place != null && !place.equals(before);
        return events.isEmpty() && !moved ? null : new Events(events, place, false);
    }
}
