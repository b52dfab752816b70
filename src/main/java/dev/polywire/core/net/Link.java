package dev.polywire.core.net;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection that is restored automatically: dials at once, and again with {@link Backoff} after each failure or loss,
 * one attempt at a time, until it is closed. Nothing is sent again: calls in flight fail with the connection.
 *
 * @param <C> the connection
 */
public final class Link<C extends Link.Breakable> {

    /** The part of a connection that a link uses. */
    public interface Breakable {

        /** Registers the handler that is called once, when the connection is down. */
        void closeHandler(Handler<RuntimeException> handler);

        /** Closes the connection; calls in flight fail with {@code cause}, or with what it means for them. */
        void close(RuntimeException cause);
    }

    /** The state of a link. */
    public enum State {
        /** The link has never been up. */
        CONNECTING,
        READY,
        /** The link was up and is dialling again. */
        RECOVERING,
        CLOSED
    }

    /** Receives the changes of state. */
    public interface Listener {
        /** @param cause why it is not ready, or null */
        void state(State state, @Nullable RuntimeException cause);
    }

    private final Vertx vertx;
    private final Supplier<Future<C>> dial;
    private final Backoff backoff;
    private final StandingRefusal refusal;
    private final Listener listener;
    private final ArrayDeque<Waiter<C>> waiters = new ArrayDeque<>();
    private final WaitingLine line;
    private State state = State.CONNECTING;
    private @Nullable C connection;
    private @Nullable RuntimeException lastFailure;
    private long readyAtMillis;
    private long timer = -1;

    private record Waiter<C>(Promise<C> promise, Deadline deadline) {}

    public Link(Vertx vertx, Supplier<Future<C>> dial, Backoff backoff, Listener listener) {
        this(vertx, dial, backoff, new StandingRefusal(new Random()), listener);
    }

    /** @param refusal shared by the links with one login */
    public Link(Vertx vertx, Supplier<Future<C>> dial, Backoff backoff, StandingRefusal refusal, Listener listener) {
        this.vertx = vertx;
        this.dial = dial;
        this.backoff = backoff;
        this.refusal = refusal;
        this.listener = listener;
        this.line = new WaitingLine(vertx, "requests that wait for a connection", this::fail);
    }

    /** Begins. @return the outcome of the first attempt; the link dials again even when it fails */
    public Future<Void> start() {
        listener.state(state, null);
        return attempt();
    }

    public State state() {
        return state;
    }

    /** The connection, or null while there is none. */
    public @Nullable C now() {
        return connection;
    }

    /**
     * The connection, now or as soon as there is one.
     *
     * @return fails with a {@link CallException}: UNAVAILABLE at the deadline, at once with the {@link #refusal} while there is
     *     one, SHUTTING_DOWN when the link is closed, OVERLOADED when there is no room to wait
     */
    public Future<C> ready(Deadline deadline) {
        return ready(deadline, 0);
    }

    /** The same. @param heldBytes of what waits beside the request that has this deadline */
    public Future<C> ready(Deadline deadline, long heldBytes) {
        if (connection != null) {
            return Future.succeededFuture(connection);
        }
        if (state == State.CLOSED) {
            return Future.failedFuture(closing());
        }
        CallException refused = refusal.now();
        if (refused != null) {
            return Future.failedFuture(refused);
        }
        long held;
        try {
            held = line.enter(deadline, heldBytes);
        } catch (CallException noRoom) {
            return Future.failedFuture(noRoom);
        }
        Waiter<C> waiter = new Waiter<>(Promise.promise(), deadline);
        waiters.add(waiter);
        deadline.whenExpired(() -> {
            waiters.remove(waiter);
            waiter.promise.tryFail(unavailable());
        });
        return waiter.promise.future().onComplete(over -> line.leave(held));
    }

    /** Why there is no connection, if waiting for one is useless for now; or null. */
    public @Nullable CallException refusal() {
        return connection == null && state != State.CLOSED ? refusal.now() : null;
    }

    /** Closes for good. Waiting calls fail with SHUTTING_DOWN. */
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        vertx.cancelTimer(timer);
        C last = connection;
        connection = null;
        become(State.CLOSED, null);
        fail(closing());
        if (last != null) {
            last.close(closing());
        }
    }

    private Future<Void> attempt() {
        if (state == State.CLOSED) {
            return Future.failedFuture(closing());
        }
        return refusal.attempt(dial).transform(dialled -> {
            if (dialled.succeeded()) {
                up(dialled.result());
                return state == State.CLOSED ? Future.failedFuture(closing()) : Future.succeededFuture();
            }
            failed(CallException.ofDial(dialled.cause()));
            return Future.failedFuture(dialled.cause());
        });
    }

    private void up(C made) {
        if (state == State.CLOSED) {
            made.close(closing());
            return;
        }
        connection = made;
        readyAtMillis = Monotonic.millis();
        made.closeHandler(cause -> {
            if (connection == made) {
                connection = null;
                refusal.ended(cause);
                backoff.lost(readyAtMillis, Monotonic.millis());
                become(State.RECOVERING, cause);
                again(cause);
            }
        });
        if (connection == made) {
            become(State.READY, null);
        }
        while (connection == made && !waiters.isEmpty()) {
            waiters.remove().promise.tryComplete(made);
        }
    }

    private void failed(RuntimeException cause) {
        if (state != State.CLOSED) {
            listener.state(state, cause);
            again(cause);
        }
    }

    /** Unless the listener closed the link when it was notified. */
    private void again(RuntimeException cause) {
        lastFailure = cause;
        CallException refused = refusal();
        if (refused != null) {
            fail(refused);
        }
        if (state != State.CLOSED) {
            timer = vertx.setTimer(Math.max(backoff.nextMillis(), refusal.restMillis()), t -> attempt());
        }
    }

    private void become(State next, @Nullable RuntimeException cause) {
        state = next;
        listener.state(next, cause);
    }

    private void fail(CallException why) {
        for (Waiter<C> waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.promise.tryFail(why);
        }
    }

    private CallException unavailable() {
        String why = lastFailure == null ? "still connecting" : String.valueOf(lastFailure.getMessage());
        return new CallException(
                CallException.Reason.UNAVAILABLE, "no connection by the deadline: " + why, lastFailure);
    }

    private static CallException closing() {
        return new CallException(CallException.Reason.SHUTTING_DOWN, "the connector is closing");
    }
}
