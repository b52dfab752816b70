package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadEventResult;
import dev.polywire.eventstore.wire.ReadStreamResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads streams as clients ask for them, with the words that EventStore has for what cannot be asked. Asks no permission. */
public final class SliceReader {

    /** Events that can be asked for at once. */
    public static final int MAX_EVENTS = 4_096;

    public static final String TOO_BIG = "Read size too big, should be less than " + MAX_EVENTS + " items";

    private final StreamStore store;

    public SliceReader(StreamStore store) {
        this.store = store;
    }

    /** @param number from 0; -1: the last one */
    public EventRead event(String stream, long number) {
        long last = store.lastNumber(stream);
        if (last == StoredEvent.TOMBSTONE) {
            return new EventRead(ReadEventResult.STREAM_DELETED, null);
        }
        StoredEvent event = store.event(stream, number);
        if (event != null) {
            return new EventRead(ReadEventResult.SUCCESS, event);
        }
        if (StreamNames.isMetadata(stream) && store.lastNumber(StreamNames.originalOf(stream)) >= 0) {
            return new EventRead(ReadEventResult.SUCCESS, null);
        }
        boolean missing = last < 0 || store.isSoftDeleted(stream);
        return new EventRead(missing ? ReadEventResult.NO_STREAM : ReadEventResult.NOT_FOUND, null);
    }

    /** @param maxCount at most {@link #MAX_EVENTS} */
    public StreamSlice slice(ReadDirection direction, String stream, long from, int maxCount) {
        if (direction == ReadDirection.FORWARD && from < 0) {
            return StreamSlice.error("fromEventNumber should be non negative.\nParameter name: fromEventNumber");
        }
        if (maxCount <= 0) {
            return StreamSlice.error("maxCount should be positive.\nParameter name: maxCount");
        }
        long last = store.lastNumber(stream);
        if (last == StoredEvent.TOMBSTONE) {
            return StreamSlice.none(ReadStreamResult.STREAM_DELETED, last);
        }
        if (last < 0 || store.isSoftDeleted(stream)) {
            return StreamSlice.none(ReadStreamResult.NO_STREAM, last);
        }
        return direction == ReadDirection.FORWARD
                ? forward(stream, from, maxCount, last)
                : backward(stream, from, maxCount, last);
    }

    private StreamSlice forward(String stream, long from, int maxCount, long last) {
        long minimum = store.metadata(stream).minimum(last);
        // From 2^63 - 1 it overflows, as in the real server: the answer begins at the minimum.
        long end = from + maxCount - 1;
        if (end < minimum) {
            return StreamSlice.of(List.of(), minimum, last, false);
        }
        List<StoredEvent> events = readable(stream, Math.max(from, minimum), Math.min(end, last));
        long next = events.isEmpty()
                ? Math.min(end, last) + 1
                : events.get(events.size() - 1).number() + 1;
        return StreamSlice.of(events, next, last, end >= last);
    }

    private StreamSlice backward(String stream, long from, int maxCount, long last) {
        long minimum = store.metadata(stream).minimum(last);
        long end = from < 0 ? last : from;
        if (end < minimum) {
            return StreamSlice.of(List.of(), -1, last, true);
        }
        long start = Math.max(Math.max(0, end - maxCount + 1), minimum);
        List<StoredEvent> events = new ArrayList<>(readable(stream, start, Math.min(end, last)));
        boolean isEnd = start == minimum
                || start <= last && (events.isEmpty() || events.get(0).number() != start);
        Collections.reverse(events);
        return StreamSlice.of(events, isEnd ? -1 : Math.min(start - 1, last), last, isEnd);
    }

    /** Those between two numbers that are not too old. */
    private List<StoredEvent> readable(String stream, long first, long last) {
        long oldest = store.oldestTicks(store.metadata(stream));
        List<StoredEvent> events = new ArrayList<>();
        for (long number = first; number <= last; number++) {
            StoredEvent event = store.written(stream, number);
            if (event != null && event.createdTicks() >= oldest) {
                events.add(event);
            }
        }
        return events;
    }
}
