package dev.polywire.eventstore.wire;

/**
 * What follows when a sending of an operation was in vain. Nothing has changed where the server says that it did not do it, and with
 * reads: these are sent again until the deadline. What may be there already is sent again only if the server recognises it.
 *
 * <pre>
 *                                     repeatable        else
 *   NOT_SENT, LOST_READ               again             again
 *   LOST_WRITE                        again             fails
 *   GIVEN_UP_BY_SERVER                again, paused     fails
 *   NOT_READY, TOO_BUSY, NO_LEADER    again, paused     again, paused
 *   NOT_LEADER                        to the leader: at once, paused when that was in vain
 *   PAGE_TOO_LONG                     half of it        half of it
 *   IS_READ_ONLY, REFUSED             fails             fails
 * </pre>
 *
 * @param what to do
 * @param pauseMillis before that; 0: none
 */
public record NextSending(What what, long pauseMillis) {

    public enum What {
        AGAIN,
        TO_LEADER,
        HALF,
        FAIL
    }

    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final int LAST_DOUBLING = 5;

    private static final NextSending AT_ONCE = new NextSending(What.AGAIN, 0);
    private static final NextSending HALF = new NextSending(What.HALF, 0);
    private static final NextSending FAIL = new NextSending(What.FAIL, 0);

    /**
     * @param repeatable whether the server finds that it has done it already
     * @param refusals of nodes that cannot do it now, before this one
     * @param leftMillis until the deadline
     */
    public static NextSending after(OperationTrouble trouble, boolean repeatable, int refusals, long leftMillis) {
        if (leftMillis <= 0) {
            return FAIL;
        }
        return switch (trouble) {
            case NOT_SENT, LOST_READ -> AT_ONCE;
            case LOST_WRITE -> repeatable ? AT_ONCE : FAIL;
            case GIVEN_UP_BY_SERVER -> repeatable ? paused(What.AGAIN, refusals) : FAIL;
            case NOT_READY, TOO_BUSY, NO_LEADER -> paused(What.AGAIN, refusals);
            case NOT_LEADER ->
                refusals == 0 ? new NextSending(What.TO_LEADER, 0) : paused(What.TO_LEADER, refusals - 1);
            case PAGE_TOO_LONG -> HALF;
            case IS_READ_ONLY, REFUSED -> FAIL;
        };
    }

    private static NextSending paused(What what, int refusals) {
        return new NextSending(
                what, Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(refusals, LAST_DOUBLING)));
    }
}
