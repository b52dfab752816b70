package dev.polywire.eventstore.wire;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page begins, and which events were there before: pages overlap where all events are read, and when one is asked
 * for twice.
 *
 * @param <P> the place of an event: its number in the stream, or its position among all events
 */
public final class PageCursor<P extends Comparable<P>> {

    private final ReadDirection direction;
    /** Where a page begins behind an event. */
    private final UnaryOperator<P> behind;

    private P from;
    /** The place that was passed last; null: none. */
    private @Nullable P last;

    private boolean atEnd;
    /** Whether an event was passed since the last page. */
    private boolean moved;

    private PageCursor(ReadDirection direction, UnaryOperator<P> behind, P from, @Nullable P last) {
        this.direction = direction;
        this.behind = behind;
        this.from = from;
        this.last = last;
    }

    /** Through a stream. @param from the first number; backward, -1 is the last event */
    public static PageCursor<Long> stream(ReadDirection direction, long from) {
        boolean forward = direction == ReadDirection.FORWARD;
        return new PageCursor<>(
                direction, number -> forward ? number + 1 : number - 1, from, forward && from > 0 ? from - 1 : null);
    }

    /** Through all events. @param after the place behind which the first one stands; null: at the beginning, or at the end */
    public static PageCursor<Position> all(ReadDirection direction, @Nullable Position after) {
        Position first = direction == ReadDirection.FORWARD ? Position.BEGINNING : Position.END;
        return new PageCursor<>(direction, UnaryOperator.identity(), after == null ? first : after, after);
    }

    /** Where the next page begins, as the protocol says it. */
    public P from() {
        return moved && last != null ? behind.apply(last) : from;
    }

    /** Whether the last page was the last one. */
    public boolean isAtEnd() {
        return atEnd;
    }

    /** Passes an event. @return false: it was passed before */
    public boolean takes(P place) {
        if (!isNew(place)) {
            return false;
        }
        last = place;
        moved = true;
        return true;
    }

    /**
     * A page was read, and its events were taken.
     *
     * @param next where the server says that the next one begins, which may be before what was asked for
     * @return false: the server does not get on
     */
    public boolean page(P next, boolean isEnd) {
        P before = from();
        boolean isAhead = last == null || compare(next, behind.apply(last)) >= 0;
        from = isAhead ? next : behind.apply(last);
        atEnd = isEnd;
        boolean getsOn = isEnd || moved || compare(from, before) > 0;
        moved = false;
        return getsOn;
    }

    /** There may be more than the last page has said. */
    void reopen() {
        atEnd = false;
    }

    private boolean isNew(P place) {
        return last == null || compare(place, last) > 0;
    }

    /** More than 0: the one lies behind the other, the way that is read. */
    private int compare(P one, P other) {
        return direction == ReadDirection.FORWARD ? one.compareTo(other) : other.compareTo(one);
    }
}
