package dev.polywire.eventstore.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which event has an id: the first one that got it, and only of the newest ids. */
final class KnownIds {

    private final Map<UUID, StoredEvent> events = new LinkedHashMap<>();
    private final int max;

    KnownIds(int max) {
        this.max = max;
    }

    void add(StoredEvent event) {
        if (events.putIfAbsent(event.id(), event) == null && events.size() > max) {
            events.remove(events.keySet().iterator().next());
        }
    }

    /** The event of this stream with this id; null: there is none, it was forgotten, or another stream got the id first. */
    @Nullable
    StoredEvent find(String stream, UUID id) {
        StoredEvent event = events.get(id);
        return event != null && event.stream().equals(stream) ? event : null;
    }
}
