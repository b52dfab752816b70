package dev.polywire.eventstore.store;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether a write fits what is there. In the order of EventStore's own checks, which decides what a client is told. */
final class WriteCheck {

    /** Expected versions that are no number of an event. */
    static final long NO_STREAM = -1;

    static final long STREAM_EXISTS = -4;

    private final StreamStore store;
    private final KnownIds ids;

    WriteCheck(StreamStore store, KnownIds ids) {
        this.store = store;
        this.ids = ids;
    }

    /** Null: it can be written. */
    @Nullable
    WriteOutcome refusal(String stream, long expectedVersion, List<UUID> events) {
        long current = store.lastNumber(stream);
        if (current == StoredEvent.TOMBSTONE) {
            return WriteOutcome.STREAM_DELETED;
        }
        if (expectedVersion == STREAM_EXISTS) {
            if (store.isSoftDeleted(stream)) {
                return WriteOutcome.STREAM_DELETED;
            }
            if (current < 0 && store.lastNumber(StreamNames.metadataOf(stream)) < 0) {
                return WriteOutcome.wrongVersion(current);
            }
        }
        if (expectedVersion == StreamStore.ANY || expectedVersion == STREAM_EXISTS) {
            return refusalOfKnown(stream, current, events);
        }
        if (expectedVersion < current) {
            return refusalOfEarlier(stream, expectedVersion, current, events);
        }
        return expectedVersion > current ? WriteOutcome.wrongVersion(current) : null;
    }

    /** Wherever in the stream they are: the numbers told are those of the first and the last one. */
    private @Nullable WriteOutcome refusalOfKnown(String stream, long current, List<UUID> events) {
        long first = -1;
        long last = -1;
        for (int i = 0; i < events.size(); i++) {
            StoredEvent known = ids.find(stream, events.get(i));
            if (known == null) {
                return i == 0 ? null : WriteOutcome.wrongVersion(current);
            }
            first = i == 0 ? known.number() : first;
            last = known.number();
        }
        return events.isEmpty() ? null : WriteOutcome.known(first, last);
    }

    /** They must be exactly those behind the expected version. */
    private @Nullable WriteOutcome refusalOfEarlier(
            String stream, long expectedVersion, long current, List<UUID> events) {
        for (int i = 0; i < events.size(); i++) {
            StoredEvent there = store.written(stream, expectedVersion + 1 + i);
            if (there == null || !there.id().equals(events.get(i))) {
                boolean begins = i == 0 && expectedVersion == NO_STREAM && store.isSoftDeleted(stream);
                return begins ? null : WriteOutcome.wrongVersion(current);
            }
        }
        return events.isEmpty()
                ? WriteOutcome.wrongVersion(current)
                : WriteOutcome.known(expectedVersion + 1, expectedVersion + events.size());
    }
}
