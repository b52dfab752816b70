package dev.polywire.eventstore.store;

import dev.polywire.eventstore.wire.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All events, in the order in which they were committed. A position is where a record would begin in EventStore's own file; the
 * records of transactions take their place there, too.
 */
final class StoreLog {

    /** EventStore's first record, which is no event. */
    static final int HEAD_BYTES = 168;

    private static final int PREPARE_BYTES = 88;
    private static final int COMMIT_BYTES = 66;
    private static final int TWO_BYTES_FROM = 0x80;
    private static final int THREE_BYTES_FROM = 0x800;
    private static final int LONG_TEXT_FROM = 0x80;

    private final StoreBounds bounds;
    private final List<StoredEvent> events = new ArrayList<>();
    /** Where records begin. */
    private long[] starts = new long[16];

    private int records = 1;
    private long end = HEAD_BYTES;
    private long lastCommit = -1;
    private long charged;

    StoreLog(StoreBounds bounds) {
        this.bounds = bounds;
    }

    StoreBounds bounds() {
        return bounds;
    }

    /** @throws StoreFullException when it would be more than the bounds */
    void requireRoom(long moreRecords, long moreBytes) {
        if (records + moreRecords > bounds.maxRecords()) {
            throw new StoreFullException("records: more (expected: <= " + bounds.maxRecords() + ")");
        }
        if (end + charged + moreBytes > bounds.maxBytes()) {
            throw new StoreFullException("log: more bytes (expected: <= " + bounds.maxBytes() + ")");
        }
    }

    /** Counts what is made of an event and kept besides. */
    void charge(long bytes) {
        charged += bytes;
    }

    /** What a record of an event takes, or one of a transaction, which has no type and no data. */
    static long bytes(String stream, String type, int contentBytes) {
        return PREPARE_BYTES + bytes(stream) + bytes(type) + (long) contentBytes;
    }

    /** The same with a type and content. @param emptyBytes what it takes without them */
    static long moreBytes(long emptyBytes, String type, int contentBytes) {
        return emptyBytes - 1 + bytes(type) + contentBytes;
    }

    /** In UTF-8, behind its length; counted, because a write should not make them only for that. */
    private static long bytes(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            // Half of a pair, which has four.
            int more = Character.isSurrogate(each) || each >= TWO_BYTES_FROM && each < THREE_BYTES_FROM ? 1 : 2;
            length += each < TWO_BYTES_FROM ? 1 : 1 + more;
        }
        int prefix = 1;
        for (long rest = length; rest >= LONG_TEXT_FROM; rest /= LONG_TEXT_FROM) {
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
