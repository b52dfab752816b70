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

    /** About 30 ms; the next page goes on where this one has ended. */
    private static final long MAX_COST = 5_000_000;

    private static final int MAX_RECORD_BYTES = 16 * 1024 * 1024;
    private static final int FIRST_BYTE_LAST = 24;
    private static final String CHUNK = " in chunk #0-0 (chunk-000000.000000).";

    private final StoreLog log;

    public AllReader(StreamStore store) {
        this.log = store.log();
    }

    /** The position that is meant: (-1, -1) is the end. */
    public Position asked(Position position) {
        return position.commit() == -1 && position.prepare() == -1 ? new Position(log.end(), log.end()) : position;
    }

    /** @param maxCount at most {@link SliceReader#MAX_EVENTS}; with less than 1 nothing is read */
    public AllSlice slice(ReadDirection direction, Position position, int maxCount) {
        return read(direction, position, new Look(maxCount, maxCount, null));
    }

    /** Only those that fit. @param window how many are looked at, at most: a page ends early when to look has cost too much */
    public AllSlice slice(ReadDirection direction, Position position, int maxCount, int window, EventFilter filter) {
        return read(direction, position, new Look(maxCount, window, filter));
    }

    private AllSlice read(ReadDirection direction, Position position, Look look) {
        Position from = asked(position);
        if (from.commit() < 0 || from.prepare() < 0) {
            return AllSlice.error(from, "Invalid position.");
        }
        return direction == ReadDirection.FORWARD ? forward(from, look) : backward(from, look);
    }

    /** What a page has found so far, and what that has cost. */
    private static final class Look {

        private final int maxCount;
        private final int window;
        /** Null: all pass. Without filters nobody needs their library. */
        private final @Nullable EventFilter filter;

        private final List<StoredEvent> events = new ArrayList<>();
        private int looked;
        private long cost;

        Look(int maxCount, int window, @Nullable EventFilter filter) {
            this.maxCount = maxCount;
            this.window = window;
            this.filter = filter;
        }

        boolean goesOn() {
            return looked < window && events.size() < maxCount && cost < MAX_COST;
        }

        void at(StoredEvent event) {
            looked++;
            cost += filter == null ? 0 : filter.cost(event);
            if (filter == null || filter.passes(event)) {
                events.add(event);
            }
        }
    }

    private AllSlice forward(Position from, Look look) {
        if (from.commit() > log.lastCommit()) {
            return AllSlice.of(from, List.of(), from, true);
        }
        if (log.isInside(from.commit())) {
            return AllSlice.error(from, noRecordAt(from.commit()));
        }
        Position next = from;
        int index = log.before(from);
        while (index < log.size() && look.goesOn()) {
            StoredEvent event = log.event(index++);
            next = behind(event.position());
            look.at(event);
        }
        return AllSlice.of(from, look.events, next, index == log.size());
    }

    /** An event of a transaction has others behind it in the same commit. */
    private Position behind(Position of) {
        long end = log.endOf(of.prepare());
        return of.commit() == of.prepare() ? new Position(end, 0) : new Position(of.commit(), end);
    }

    private AllSlice backward(Position from, Look look) {
        if (from.commit() > log.end()) {
            return AllSlice.error(
                    from,
                    "Requested position " + from.commit() + " is greater than writer checkpoint " + log.end()
                            + " when requesting to read previous record from TF.");
        }
        if (from.commit() >= LENGTHS_BYTES && log.isInside(from.commit())) {
            return AllSlice.error(from, noRecordBefore(from.commit()));
        }
        Position next = from;
        int index = log.before(from);
        while (index > 0 && look.goesOn()) {
            StoredEvent event = log.event(--index);
            next = event.position();
            look.at(event);
        }
        return AllSlice.of(from, look.events, next, index == 0);
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
