package dev.polywire.core.net;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection that comes back by itself: dials at once, dials again with {@link Backoff} when it fails or breaks, one
 * attempt at a time, until it is closed. Nothing is sent again: calls that were under way fail with the connection.
 *
 * @param <C> the connection
 */
public final class Link<C extends Link.Breakable> {

    /** What a link needs of a connection. */
    public interface Breakable {

        /** Registers who hears, once, that it is down. */
        void closeHandler(Handler<RuntimeException> handler);

        /** Closes it; calls in flight fail with {@code cause}, as far as it is true for them. */
        void close(RuntimeException cause);
    }

    /** Where a link stands. */
    public enum State {
        /** Never been up. */
        CONNECTING,
        READY,
        /** Was up and will be again. */
        RECOVERING,
        CLOSED
    }

    /** Hears of changes. */
    public interface Listener {
        /** @param cause why it is not ready, or null */
        void state(State state, @Nullable RuntimeException cause);
    }

    private final Vertx vertx;
    private final Supplier<Future<C>> dial;
    private final Backoff backoff;
    private final Listener listener;
    private final ArrayDeque<Waiter<C>> waiters = new ArrayDeque<>();
    private State state = State.CONNECTING;
    private @Nullable C connection;
    private @Nullable RuntimeException lastFailure;
    private long readyAtMillis;
    private long timer = -1;

    private record Waiter<C>(Promise<C> promise, Deadline deadline) {}

    public Link(Vertx vertx, Supplier<Future<C>> dial, Backoff backoff, Listener listener) {
        this.vertx = vertx;
        this.dial = dial;
        this.backoff = backoff;
        this.listener = listener;
    }

    /** Begins. @return the outcome of the first attempt; a failed one is tried again all the same */
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
     * @return fails with a {@link CallException}: UNAVAILABLE at the deadline, SHUTTING_DOWN when the link is closed
     */
    public Future<C> ready(Deadline deadline) {
        if (connection != null) {
            return Future.succeededFuture(connection);
        }
        if (state == State.CLOSED) {
            return Future.failedFuture(closing());
        }
        Waiter<C> waiter = new Waiter<>(Promise.promise(), deadline);
        waiters.add(waiter);
        deadline.whenExpired(() -> {
            waiters.remove(waiter);
            waiter.promise.tryFail(unavailable());
        });
        return waiter.promise.future();
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
        for (Waiter<C> waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            waiter.promise.tryFail(closing());
        }
        if (last != null) {
            last.close(closing());
        }
    }

    private Future<Void> attempt() {
        if (state == State.CLOSED) {
            return Future.failedFuture(closing());
        }
        return dial().transform(dialled -> {
            if (dialled.succeeded()) {
                up(dialled.result());
                return state == State.CLOSED ? Future.failedFuture(closing()) : Future.succeededFuture();
            }
            failed(asRuntime(dialled.cause()));
            return Future.failedFuture(dialled.cause());
        });
    }

    /** A dial that throws has failed, like any other, and is tried again. */
    private Future<C> dial() {
        try {
            return dial.get();
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
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
                backoff.lostAfter(Monotonic.millis() - readyAtMillis);
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

    /** Unless the listener closed us when it heard. */
    private void again(RuntimeException cause) {
        lastFailure = cause;
        if (state != State.CLOSED) {
            timer = vertx.setTimer(backoff.nextMillis(), t -> attempt());
        }
    }

    private void become(State next, @Nullable RuntimeException cause) {
        state = next;
        listener.state(next, cause);
    }

    private CallException unavailable() {
        String why = lastFailure == null ? "still connecting" : String.valueOf(lastFailure.getMessage());
        return new CallException(
                CallException.Reason.UNAVAILABLE, "no connection by the deadline: " + why, lastFailure);
    }

    private static CallException closing() {
        return new CallException(CallException.Reason.SHUTTING_DOWN, "the connector is closing");
    }

    private static RuntimeException asRuntime(Throwable cause) {
        return cause instanceof RuntimeException known
                ? known
                : new CallException(CallException.Reason.UNAVAILABLE, String.valueOf(cause.getMessage()), cause);
    }
}
