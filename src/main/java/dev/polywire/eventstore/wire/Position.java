package dev.polywire.eventstore.wire;

/**
 * A place among all events. Its order is the order of events.
 *
 * @param commit where the write of the event is complete; -1: the end
 * @param prepare where the event itself is; the same, but for transactions
 */
public record Position(long commit, long prepare) implements Comparable<Position> {

    /** Before all events. */
    public static final Position BEGINNING = new Position(0, 0);

    /** Behind all events, to servers. */
    public static final Position END = new Position(-1, -1);

    /** Of places that are one: {@link #END} is none. */
    @Override
    public int compareTo(Position other) {
        int byCommit = Long.compare(commit, other.commit);
        return byCommit != 0 ? byCommit : Long.compare(prepare, other.prepare);
    }
}
