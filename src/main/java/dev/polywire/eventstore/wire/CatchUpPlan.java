package dev.polywire.eventstore.wire;

/**
 * Where a catch-up subscription goes on, whatever happens to it. It reads, subscribes at the end, reads again what was written
 * meanwhile, and only then gives what is pushed: so there is no gap, and places tell what came twice.
 *
 * <pre>
 *            at the end, all pulled        confirmed            at the end, as far as the confirmation
 *   BEHIND --------SUBSCRIBE------> JOINING --------> SEAM -------------------------------> LIVE
 *     ^  READ                          |              | READ                                 |
 *     +--------------------------------+--------------+--------------------------------------+
 *           lost, dropped, refused; UNSUBSCRIBE: the queue of what is pushed is full, or no confirmation has come
 * </pre>
 *
 * @param <P> the place of an event: its number in the stream, or its position among all events
 */
public final class CatchUpPlan<P extends Comparable<P>> {

    /** What the subscription knows. */
    public enum Phase {
        /** There may be more to read; nothing is pushed. */
        BEHIND,
        /** The server was asked to push. */
        JOINING,
        /** It pushes, and what came before is still to be read. */
        SEAM,
        /** All that comes is pushed. */
        LIVE
    }

    /** What is to be done next. */
    public enum Step {
        /** Ask for the page at {@link #from}; the outcome is {@link #page} or {@link #failed}. */
        READ,
        /** Begin a conversation with a new id; the outcome is {@link #confirmed}, {@link #dropped} or {@link #late}. */
        SUBSCRIBE,
        /** End it, on the connection where it has begun. */
        UNSUBSCRIBE,
        /** Wait a little, then say {@link #rested}. */
        PAUSE,
        /** Until something happens. */
        WAIT
    }

    /** Servers answer reads from an index that is a little late; what was scavenged never comes. */
    static final int MAX_LATE_PAGES = 5;

    private final PageCursor<P> cursor;
    private Phase phase = Phase.BEHIND;
    private boolean reading;
    private boolean leaving;
    private boolean tired;
    private boolean resting;
    private long confirmedTo;
    private int latePages;

    /** @param cursor forward, where it begins; the plan moves it */
    public CatchUpPlan(PageCursor<P> cursor) {
        this.cursor = cursor;
    }

    public Phase phase() {
        return phase;
    }

    /** Where the page begins that is to be read. */
    public P from() {
        return cursor.from();
    }

    /**
     * Decides, and counts on it that this is done.
     *
     * @param room whether a further page has room
     * @param drained whether all that was read was pulled
     * @param connected whether there is a connection to subscribe on
     */
    public Step next(boolean room, boolean drained, boolean connected) {
        if (leaving) {
            leaving = false;
            return Step.UNSUBSCRIBE;
        }
        if (reading || resting) {
            return Step.WAIT;
        }
        if (tired) {
            tired = false;
            resting = true;
            return Step.PAUSE;
        }
        if (phase == Phase.BEHIND && cursor.isAtEnd()) {
            if (!drained || !connected) {
                return Step.WAIT;
            }
            phase = Phase.JOINING;
            return Step.SUBSCRIBE;
        }
        reading = room && (phase == Phase.BEHIND || phase == Phase.SEAM);
        return reading ? Step.READ : Step.WAIT;
    }

    /** An event of a page is kept, or a pushed one is given. @return false: it was before, and is left out */
    public boolean takes(P place) {
        return cursor.takes(place);
    }

    /**
     * A page has come, and {@link #takes} was asked for its events.
     *
     * @param next where the next one begins
     * @param isEnd whether it lies behind the last event
     * @param knownTo how far the server knows the events, in the terms of {@link #confirmed}
     */
    public void page(P next, boolean isEnd, long knownTo) {
        reading = false;
        tired = !cursor.page(next, isEnd);
        if (phase == Phase.SEAM && isEnd) {
            if (knownTo >= confirmedTo || ++latePages >= MAX_LATE_PAGES) {
                phase = Phase.LIVE;
            } else {
                tired = true;
            }
        }
    }

    /** No page has come. @param pause whether the server needs one */
    public void failed(boolean pause) {
        reading = false;
        tired |= pause;
    }

    /** The pause is over. */
    public void rested() {
        resting = false;
    }

    /** The server pushes what comes from now on; later confirmations say nothing. @param knownTo how far there are events already */
    public void confirmed(long knownTo) {
        if (phase == Phase.JOINING) {
            phase = Phase.SEAM;
            confirmedTo = knownTo;
            latePages = 0;
        }
    }

    /** The server does not push, or no longer. What is queued is to be dropped. */
    public void dropped() {
        tired = true;
        behind();
    }

    /** The connection has ended, and the subscription with it. What is queued is to be dropped. */
    public void lost() {
        leaving = false;
        behind();
    }

    /** The server has not confirmed it for so long that it never will. What is queued is to be dropped. */
    public void late() {
        if (phase == Phase.JOINING) {
            leaving = true;
            behind();
        }
    }

    /** There is no room for what is pushed. What is queued is to be dropped. */
    public void full() {
        if (phase != Phase.BEHIND) {
            leaving = true;
            behind();
        }
    }

    private void behind() {
        phase = Phase.BEHIND;
        cursor.reopen();
    }
}
