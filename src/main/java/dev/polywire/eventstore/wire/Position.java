package dev.polywire.eventstore.wire;

/**
 * A place among all events.
 *
 * @param commit where the write of the event is complete; -1: the end
 * @param prepare where the event itself is; the same, but for transactions
 */
public record Position(long commit, long prepare) implements Comparable<Position> {

    /** Before all events. */
    public static final Position BEGINNING = new Position(0, 0);

    /** Behind all events, for servers; it compares as less than any place. */
    public static final Position END = new Position(-1, -1);

    /** Events stand in this order. */
    @Override
    public int compareTo(Position other) {
        return commit == other.commit ? Long.compare(prepare, other.prepare) : Long.compare(commit, other.commit);
    }
}
