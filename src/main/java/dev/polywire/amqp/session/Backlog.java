package dev.polywire.amqp.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryHolder;
import dev.polywire.core.net.Monotonic;

/**
 * What a consumer has and has not settled, in bytes. It pauses the connection, since no broker can be told to send less to a
 * consumer that it has; a consumer that does not move meanwhile is ended, since the others of the connection wait.
 *
 * <pre>
 *   more than maxBytes, and the broker may send more --+
 *   the memory budget says so -------------------------+--> connection paused --nothing settled or taken--> overloaded
 *                                                                                     for slowMillis
 * </pre>
 */
final class Backlog implements MemoryHolder {

    /** Recovery waits behind a paused connection, and gives up a step after {@link Recovery#STEP_MILLIS}. */
    private static final long SLOW_IN_RECOVERY_MILLIS = Recovery.STEP_MILLIS / 3;

    /** The consumer. */
    interface Owner {

        /** Ends the consumer. @param release whether what its reader has not taken must not be kept */
        void overloaded(CallException why, boolean release);
    }

    private final RecoveringConnection connection;
    private final String name;
    private final ConsumerLimits limits;
    private final Owner owner;
    private final MemoryAccount account;
    private long bytes;
    private boolean over;
    /** Nothing more comes, so that nothing is to be paused. */
    private boolean complete;

    private boolean paused;
    private long movedAtMillis;
    private long timer = -1;

    /** @param name the consumer's, for people */
    Backlog(RecoveringConnection connection, String name, ConsumerLimits limits, Owner owner) {
        this.connection = connection;
        this.name = name;
        this.limits = limits;
        this.owner = owner;
        this.account = MemoryBudget.of(connection.vertx()).open("amqp " + connection.target() + ", " + name, this);
    }

    /**
     * Called whenever it may have changed.
     *
     * @param kept bytes of messages that its reader has not taken
     * @param full whether the broker delivers no more before one is settled
     */
    void holds(long kept, UnackedDeliveries unsettled, boolean full) {
        account.holds(kept + (long) UnackedDeliveries.KEPT_BYTES * unsettled.size());
        bytes = Math.max(kept, unsettled.bodyBytes());
        // Below the limit by a good part before it goes on: else each settlement would resume and pause.
        long most = over ? limits.maxBytes() / 4 * 3 : limits.maxBytes();
        over = !full && bytes > most;
        pauseOrResume();
    }

    /** Something was settled or taken. */
    void moved() {
        movedAtMillis = paused ? Monotonic.millis() : movedAtMillis;
    }

    /** Nothing more is delivered. */
    void complete() {
        complete = true;
        pauseOrResume();
    }

    /** Nothing is held any more, and never will be. */
    void close() {
        complete();
        account.close();
    }

    @Override
    public void read(boolean on) {
        pauseOrResume();
    }

    @Override
    public void drop(CallException why) {
        owner.overloaded(why, true);
        account.close();
    }

    private void pauseOrResume() {
        boolean pause = !complete && (over || !account.mayRead());
        if (pause == paused) {
            return;
        }
        paused = pause;
        connection.pauseDeliveries(this, pause);
        if (pause) {
            movedAtMillis = Monotonic.millis();
            look();
        } else {
            connection.vertx().cancelTimer(timer);
        }
    }

    private void look() {
        long slowMillis = connection.state() == Link.State.READY
                ? limits.slowMillis()
                : Math.min(limits.slowMillis(), SLOW_IN_RECOVERY_MILLIS);
        long leftMillis = movedAtMillis + slowMillis - Monotonic.millis();
        if (leftMillis > 0) {
            timer = connection.vertx().setTimer(leftMillis, t -> look());
        } else {
            owner.overloaded(
                    new CallException(
                            Reason.OVERLOADED,
                            name + ": holds " + bytes + " bytes (expected: <= " + limits.maxBytes()
                                    + ", or one settled or taken within " + slowMillis + " ms)"),
                    false);
        }
    }
}
