package dev.polywire.eventstore.store;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one stream, each at its number, and its metadata. */
final class EventStream {

    private final String name;
    private final List<StoredEvent> events = new ArrayList<>(0);
    private StreamMetadata metadata;
    private boolean ended;
    /** The answer to the last question for the first event since then: time goes on, and so does the next answer. */
    private int since;

    private long sinceTicks;

    EventStream(String name) {
        this.name = name;
        this.metadata = StreamNames.isMetadata(name) ? StreamMetadata.OF_METADATA : StreamMetadata.NONE;
    }

    String name() {
        return name;
    }

    StreamMetadata metadata() {
        return metadata;
    }

    void metadata(StreamMetadata other) {
        metadata = other;
    }

    /** @param event the next one, or a tombstone */
    void add(StoredEvent event) {
        if (event.number() == StoredEvent.TOMBSTONE) {
            ended = true;
        } else {
            events.add(event);
        }
    }

    /** Whether it was deleted for ever. */
    boolean isEnded() {
        return ended;
    }

    /** -1: there is none. A tombstone does not count. */
    long lastNumber() {
        return events.size() - 1L;
    }

    /** Whether or not it can still be read. */
    @Nullable
    StoredEvent event(long number) {
        return number >= 0 && number < events.size() ? events.get((int) number) : null;
    }

    /** The same text where the event before had it. */
    String shared(String type) {
        String before = events.isEmpty() ? type : events.get(events.size() - 1).type();
        return before.equals(type) ? before : type;
    }

    /**
     * The first number of an event that was created then or later; the one behind the last, when there is none. Those behind it
     * may be older: a transaction's events keep the time at which they were prepared.
     */
    long firstSince(long createdTicks) {
        if (createdTicks < sinceTicks) {
            since = 0;
        }
        sinceTicks = createdTicks;
        while (since < events.size() && events.get(since).createdTicks() < createdTicks) {
            since++;
        }
        return since;
    }
}
