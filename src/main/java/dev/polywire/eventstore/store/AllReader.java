package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads all events, with the words that EventStore has for positions that are none. Forward, an event at the position is the first
 * one; backward, the one before it is. Asks no permission.
 */
public final class AllReader {

    /** Two lengths: a record that ends before has no place. */
    private static final int LENGTHS_BYTES = 8;

    /** Comparisons of characters for one page, about 50 ms; the next page goes on where this one has ended. */
    private static final long MAX_STEPS = 10_000_000;

    private static final int MAX_RECORD_BYTES = 16 * 1024 * 1024;
    private static final int FIRST_BYTE_LAST = 24;
    private static final String CHUNK = " in chunk #0-0 (chunk-000000.000000).";

    private final EventLog log;

    public AllReader(StreamStore store) {
        this.log = store.log();
    }

    /** The position that is meant: (-1, -1) is the end. */
    public Position asked(Position position) {
        return position.commit() == -1 && position.prepare() == -1 ? new Position(log.end(), log.end()) : position;
    }

    /** @param maxCount at most {@link StreamReader#MAX_EVENTS}; with less than 1 nothing is read */
    public AllSlice slice(ReadDirection direction, Position position, int maxCount) {
        return read(direction, position, maxCount, maxCount, null);
    }

    /** Only those that pass a filter. @param window how many are looked at; fewer, where to look takes long */
    public AllSlice slice(
            ReadDirection direction, Position position, int maxCount, int window, EventFilter filter) {
        long most = Math.max(1, MAX_STEPS / Math.max(1, filter.steps()));
        return read(direction, position, maxCount, (int) Math.min(window, most), filter);
    }

    private AllSlice read(
            ReadDirection direction, Position position, int maxCount, int window, @Nullable EventFilter filter) {
        Position from = asked(position);
        if (from.commit() < 0 || from.prepare() < 0) {
            return AllSlice.error(from, "Invalid position.");
        }
        return direction == ReadDirection.FORWARD
                ? forward(from, maxCount, window, filter)
                : backward(from, maxCount, window, filter);
    }

    private AllSlice forward(Position from, int maxCount, int window, @Nullable EventFilter filter) {
        if (from.commit() > log.lastCommit()) {
            return AllSlice.of(from, List.of(), from, true);
        }
        if (log.isInside(from.commit())) {
            return AllSlice.error(from, noRecordAt(from.commit()));
        }
        List<StoredEvent> events = new ArrayList<>();
        Position next = from;
        int index = log.before(from);
        for (int looked = 0; index < log.size() && looked < window && events.size() < maxCount; looked++) {
            StoredEvent event = log.event(index++);
            next = behind(event.position());
            if (filter == null || filter.passes(event)) {
                events.add(event);
            }
        }
        return AllSlice.of(from, events, next, index == log.size());
    }

    /** An event of a transaction has others behind it in the same commit. */
    private Position behind(Position of) {
        long end = log.endOf(of.prepare());
        return of.commit() == of.prepare() ? new Position(end, 0) : new Position(of.commit(), end);
    }

    private AllSlice backward(Position from, int maxCount, int window, @Nullable EventFilter filter) {
        if (from.commit() > log.end()) {
            return AllSlice.error(
                    from,
                    "Requested position " + from.commit() + " is greater than writer checkpoint " + log.end()
                            + " when requesting to read previous record from TF.");
        }
        if (from.commit() >= LENGTHS_BYTES && log.isInside(from.commit())) {
            return AllSlice.error(from, noRecordBefore(from.commit()));
        }
        List<StoredEvent> events = new ArrayList<>();
        Position next = from;
        int index = log.before(from);
        for (int looked = 0; index > 0 && looked < window && events.size() < maxCount; looked++) {
            StoredEvent event = log.event(--index);
            next = event.position();
            if (filter == null || filter.passes(event)) {
                events.add(event);
            }
        }
        return AllSlice.of(from, events, next, index == 0);
    }

    /** The real server takes the bytes there for a length; most are zero. */
    private static String noRecordAt(long position) {
        return "Log record at actual pos " + position + " has non-positive length: 0. " + CHUNK;
    }

    /** The last byte before is for it the highest one of a length: one byte into a record, that record's lowest. */
    private String noRecordBefore(long position) {
        int length = (int) (log.bytesAt(position) - LENGTHS_BYTES) << FIRST_BYTE_LAST;
        String where = "Log record that ends at actual pos " + position;
        return length > 0
                ? where + " has too large length: " + length + " bytes, while limit is " + MAX_RECORD_BYTES
                        + " bytes. In chunk #0-0 (chunk-000000.000000)."
                : where + " has non-positive length: " + length + ". " + CHUNK;
    }
}
