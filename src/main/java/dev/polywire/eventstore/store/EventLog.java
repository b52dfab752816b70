package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.Position;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All events, in the order in which they were committed. A position is where a record would begin in EventStore's own file; the
 * records of transactions take their place there, too.
 */
final class EventLog {

    /** EventStore's first record, which is no event. */
    static final int HEAD_BYTES = 168;

    private static final int PREPARE_BYTES = 88;
    private static final int COMMIT_BYTES = 66;
    private static final int SHORT_TEXT_BYTES = 0x80;

    private final StoreBounds bounds;
    private final List<StoredEvent> events = new ArrayList<>();
    /** Where records begin. */
    private long[] starts = new long[16];

    private int records = 1;
    private long end = HEAD_BYTES;
    private long lastCommit = -1;

    EventLog(StoreBounds bounds) {
        this.bounds = bounds;
    }

    /** @throws StoreFullException */
    void requireRoom(int moreRecords, long moreBytes) {
        if (records + (long) moreRecords > bounds.maxRecords()) {
            throw new StoreFullException("records: more (expected: <= " + bounds.maxRecords() + ")");
        }
        if (end + moreBytes > bounds.maxBytes()) {
            throw new StoreFullException("log: more bytes (expected: <= " + bounds.maxBytes() + ")");
        }
    }

    /** What a record of an event takes, or one of a transaction, which has no type and no data. */
    static long bytes(String stream, String type, int contentBytes) {
        return PREPARE_BYTES + bytes(stream) + bytes(type) + (long) contentBytes;
    }

    private static long bytes(String text) {
        long length = text.getBytes(StandardCharsets.UTF_8).length;
        int prefix = 1;
        for (long rest = length; rest >= SHORT_TEXT_BYTES; rest /= SHORT_TEXT_BYTES) {
            prefix++;
        }
        return prefix + length;
    }

    /** Takes the place of a record. @return its position */
    long prepare(long bytes) {
        if (records == starts.length) {
            starts = Arrays.copyOf(starts, records * 2);
        }
        long start = end;
        starts[records++] = start;
        end += bytes;
        return start;
    }

    /** Takes the place of what ends a transaction. @return its position */
    long commit() {
        lastCommit = prepare(COMMIT_BYTES);
        return lastCommit;
    }

    /** A record that is its own commit. @return its position */
    long prepareAndCommit(long bytes) {
        lastCommit = prepare(bytes);
        return lastCommit;
    }

    void add(StoredEvent event) {
        events.add(event);
    }

    /** Where the next record will be. */
    long end() {
        return end;
    }

    /** -1: there is none. */
    long lastCommit() {
        return lastCommit;
    }

    /** Whether no record begins or ends there. */
    boolean isInside(long position) {
        return position < end && Arrays.binarySearch(starts, 0, records, position) < 0;
    }

    /** The bytes of the record in which a position is, which is before the end. */
    long bytesAt(long position) {
        int found = Arrays.binarySearch(starts, 0, records, position);
        int record = found >= 0 ? found : -found - 2;
        return recordEnd(record) - starts[record];
    }

    /** Where the record ends that begins there. */
    long endOf(long position) {
        return recordEnd(Arrays.binarySearch(starts, 0, records, position));
    }

    private long recordEnd(int record) {
        return record + 1 < records ? starts[record + 1] : end;
    }

    int size() {
        return events.size();
    }

    StoredEvent event(int index) {
        return events.get(index);
    }

    /** How many events are before a position. */
    int before(Position position) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBefore(events.get(middle).position(), position)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean isBefore(Position one, Position other) {
        return one.commit() < other.commit() || one.commit() == other.commit() && one.prepare() < other.prepare();
    }
}
