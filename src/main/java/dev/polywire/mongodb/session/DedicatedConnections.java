package dev.polywire.mongodb.session;

import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.PoolEvent;
import dev.polywire.mongodb.client.MongoConnection;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections beside a pool, each closed by whoever has asked for it. Who asks waits in order, until its deadline, for the pool to
 * be ready and to allow a dial. Belongs to one context.
 */
final class DedicatedConnections {

    /** Whoever is told, who may open more then. */
    interface DedicatedListener {

        /** @param failure why one could not be opened; null: it is open, or nobody wants it any more */
        void dialled(@Nullable RuntimeException failure);

        /**
         * One has ended.
         *
         * @param madeMillis when it was opened
         * @param broken whether that was while something was in flight, and the generation is that in which it was dialled
         */
        void ended(RuntimeException cause, long madeMillis, boolean broken);
    }

    private final int most;
    private final Supplier<Future<MongoConnection>> dial;
    private final PoolEvents events;
    private final PoolPlaces<?> places;
    private final Redial redial;
    private final DedicatedListener listener;
    private final Set<MongoConnection> open = new LinkedHashSet<>();
    /** In the order in which they came. */
    private final Set<Promise<MongoConnection>> waiting = new LinkedHashSet<>();

    private int connecting;
    private long lateAnswersBefore;
    private boolean closed;

    /**
     * @param most that are open, or asked for
     * @param dial makes a connection with its login
     * @param places the pool's, with which these take turns
     * @param redial the pool's
     */
    DedicatedConnections(
            int most,
            Supplier<Future<MongoConnection>> dial,
            PoolEvents events,
            PoolPlaces<?> places,
            Redial redial,
            DedicatedListener listener) {
        this.most = most;
        this.dial = dial;
        this.events = events;
        this.places = places;
        this.redial = redial;
        this.listener = listener;
    }

    /**
     * Opens one.
     *
     * While a refusal stands and no attempt is due, none waits. An attempt may be due that only these are going to make.
     *
     * @param deadline until it is open
     * @param asked is run when it waits
     * @return fails with OVERLOADED when there are too many, UNAVAILABLE at the deadline, SHUTTING_DOWN, or with the refusal of a
     *     login
     */
    Future<MongoConnection> open(Deadline deadline, Runnable asked) {
        CallException refused = places.current() > 0 && redial.isTime() ? null : redial.refused();
        if (closed) {
            return Future.failedFuture(PoolEnds.closing());
        } else if (refused != null) {
            return Future.failedFuture(refused);
        } else if (size() >= most) {
            return Future.failedFuture(new CallException(
                    Reason.OVERLOADED,
                    "cursors that wait or are read by exhaust: more (expected: <= " + most
                            + ", this instance's share of maxDedicatedConnections)"));
        }
        Promise<MongoConnection> promise = Promise.promise();
        waiting.add(promise);
        deadline.whenExpired(() -> {
            waiting.remove(promise);
            promise.tryFail(new CallException(Reason.UNAVAILABLE, "no connection by the deadline"));
        });
        asked.run();
        return promise.future();
    }

    /** Dials for those that wait, as many as may be dialled. @param ready whether the pool is */
    void serve(boolean ready) {
        while (ready && redial.isTime() && connecting < waiting.size() && places.mayOpenBeside()) {
            connecting++;
            places.openingBeside();
            events.tell(PoolEvent.CONNECTION_CREATED);
            int ofGeneration = places.generation();
            dial.get().onComplete(dialled -> dialled(dialled, ofGeneration));
        }
    }

    /** It goes to the one that has waited for longest, who may use the pool at once. */
    private void dialled(AsyncResult<MongoConnection> dialled, int ofGeneration) {
        connecting--;
        places.overBeside();
        Promise<MongoConnection> first = null;
        if (dialled.failed()) {
            events.tell(PoolEvent.CONNECTION_CLOSED, PoolEvents.ERROR);
            redial.failed();
            redial.ifRefused(this::fail);
        } else if (closed || waiting.isEmpty()) {
            dialled.result().close(PoolEnds.closedByUs("nobody wants it"));
            events.tell(PoolEvent.CONNECTION_CLOSED, PoolEvents.IDLE);
        } else {
            events.tell(PoolEvent.CONNECTION_READY);
            first = waiting.iterator().next();
            waiting.remove(first);
            keep(dialled.result(), ofGeneration);
        }
        if (!closed) {
            listener.dialled(dialled.failed() ? CallException.ofDial(dialled.cause()) : null);
        }
        if (first != null) {
            first.complete(dialled.result());
        }
    }

    private void keep(MongoConnection connection, int ofGeneration) {
        long madeMillis = Monotonic.millis();
        open.add(connection);
        connection.keptBy(new MongoConnection.Keeper() {
            @Override
            public void progress() {}

            @Override
            public void ended(RuntimeException cause, boolean brokenInUse) {
                open.remove(connection);
                lateAnswersBefore += connection.lateAnswers();
                events.tell(PoolEvent.CONNECTION_CLOSED, reason(connection, cause));
                if (!closed) {
                    boolean broken = brokenInUse && ofGeneration == places.generation();
                    if (!broken && connection.isEndedByPeer()) {
                        redial.ended(madeMillis, cause, places.current() > 0);
                    }
                    listener.ended(cause, madeMillis, broken);
                }
            }
        });
    }

    /** Whoever has asked for it needs it no longer, as a rule. */
    private String reason(MongoConnection connection, RuntimeException cause) {
        if (closed) {
            return PoolEvents.POOL_CLOSED;
        }
        return connection.isEndedByPeer() || Call.isViolation(cause) ? PoolEvents.ERROR : PoolEvents.IDLE;
    }

    /** Who waits does so no longer. */
    void fail(RuntimeException why) {
        List<Promise<MongoConnection>> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(each -> each.tryFail(why));
    }

    /** The server is gone without a word. */
    void drop(RuntimeException cause) {
        List.copyOf(open).forEach(each -> each.drop(cause));
    }

    /** None is opened any more. */
    void close(RuntimeException cause) {
        closed = true;
        fail(cause);
        List.copyOf(open).forEach(each -> each.close(cause));
    }

    /** Those that are open, or asked for, or being opened. */
    int size() {
        return open.size() + Math.max(connecting, waiting.size());
    }

    int connecting() {
        return connecting;
    }

    boolean isOpen() {
        return !open.isEmpty();
    }

    /** When the server last sent something on one of them, on {@link Monotonic}'s clock; {@link Long#MIN_VALUE}: none is open. */
    long heardMillis() {
        long last = Long.MIN_VALUE;
        for (MongoConnection each : open) {
            last = Math.max(last, each.heardMillis());
        }
        return last;
    }

    /** Whether all that the server sends is read, but for what its reader does not want yet. */
    boolean isRead() {
        return open.stream().noneMatch(MongoConnection::isStarved);
    }

    /** Answers that arrived after their callers had given up, on all so far. */
    long lateAnswers() {
        return lateAnswersBefore
                + open.stream().mapToLong(MongoConnection::lateAnswers).sum();
    }
}
