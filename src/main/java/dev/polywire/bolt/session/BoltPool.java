package dev.polywire.bolt.session;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.PoolEvent;
import dev.polywire.core.net.Spi;
import dev.polywire.core.net.WaitingLine;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server. Callers get connections in the order of their requests; the pool makes as many as callers
 * wait for, up to the limit. Belongs to the context it was made on.
 */
public final class BoltPool {

    private record Waiter(Promise<BoltConnection> promise, Deadline deadline) {}

    private record Idle(BoltConnection connection, long sinceMillis) {}

    /** How long a caller waits for the answer to a RESET before another connection is opened for it. */
    private static final long PROMPT_MILLIS = 200;

    private static final String POOL_CLOSED = "poolClosed";
    private static final String CONNECTION_ERROR = "connectionError";
    private static final String STALE = "stale";

    private final Vertx vertx;
    private final Supplier<Future<BoltConnection>> dial;
    private final PoolOptions options;
    private final Consumer<RuntimeException> lost;
    private final boolean patient;
    private final String target;
    private final Spi spi;
    private final Backoff backoff = new Backoff(new Random());
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private final ArrayDeque<Idle> idle = new ArrayDeque<>();
    /** All open connections, with the time they were made. */
    private final Map<BoltConnection, Long> all = new LinkedHashMap<>();

    /** Those that callers have. */
    private final Set<BoltConnection> out = new HashSet<>();
    /** Why the pool closes some of {@link #all}. */
    private final Map<BoltConnection, String> ending = new HashMap<>();

    private final WaitingLine line;
    private int dialling;
    /** Connections that have been asked for a sign just now: each will probably be idle in a moment. */
    private int checking;

    private long redial = -1;
    /** The server is not dialled for longer than a moment. */
    private boolean resting;

    private long sweep = -1;
    private @Nullable RuntimeException lastFailure;
    /** Connections that were made earlier must not be used any more. */
    private long staleMillis = Long.MIN_VALUE;

    private boolean closed;

    /**
     * @param lost is given each connection failure, after the connection has left the pool or could not be made
     * @param patient whether callers continue to wait when the server cannot be reached, and it is dialled again; otherwise
     *     they fail at once, so that another server can be tried
     * @param target the server, as text for people
     * @param spi is told what happens, as by a pool of MongoDB
     */
    public BoltPool(
            Vertx vertx,
            Supplier<Future<BoltConnection>> dial,
            PoolOptions options,
            Consumer<RuntimeException> lost,
            boolean patient,
            String target,
            Spi spi) {
        this.vertx = vertx;
        this.dial = dial;
        this.options = options;
        this.lost = lost;
        this.patient = patient;
        this.target = target;
        this.spi = spi;
        this.line = new WaitingLine(vertx, "bolt requests that wait for a connection", this::fail);
        tell(PoolEvent.POOL_CREATED, "");
        tell(PoolEvent.POOL_READY, "");
    }

    /**
     * An idle connection, to be returned with {@link #release}.
     *
     * @return fails with OVERLOADED, UNAVAILABLE at the deadline or when the server cannot be reached, SHUTTING_DOWN, or as
     *     {@link BoltConnection#connect} does
     */
    public Future<BoltConnection> acquire(Deadline deadline) {
        tell(PoolEvent.CONNECTION_CHECK_OUT_STARTED, "");
        if (closed) {
            tell(PoolEvent.CONNECTION_CHECK_OUT_FAILED, POOL_CLOSED);
            return Future.failedFuture(closing());
        }
        if (waiting.size() >= options.maxWaiting() + options.maxConnections() - inUse()) {
            tell(PoolEvent.CONNECTION_CHECK_OUT_FAILED, CONNECTION_ERROR);
            return Future.failedFuture(new CallException(
                    Reason.OVERLOADED, "waiting for a connection: more (expected: <= " + options.maxWaiting() + ")"));
        }
        Waiter waiter = new Waiter(Promise.promise(), deadline);
        waiting.add(waiter);
        deadline.whenExpired(() -> {
            // Its caller may use the same deadline for what comes after.
            if (waiting.remove(waiter)) {
                tell(PoolEvent.CONNECTION_CHECK_OUT_FAILED, "timeout");
                waiter.promise.tryFail(late());
            }
        });
        serve();
        return waiter.promise.future().isComplete() ? waiter.promise.future() : waiting(waiter);
    }

    private Future<BoltConnection> waiting(Waiter waiter) {
        try {
            long held = line.enter(waiter.deadline, 0);
            return waiter.promise.future().onComplete(over -> line.leave(held));
        } catch (CallException noRoom) {
            waiting.remove(waiter);
            tell(PoolEvent.CONNECTION_CHECK_OUT_FAILED, CONNECTION_ERROR);
            return Future.failedFuture(noRoom);
        }
    }

    /** Takes a connection back, and ends any open result or transaction. */
    public void release(BoltConnection connection) {
        Long madeMillis = all.get(connection);
        if (madeMillis == null) {
            return;
        }
        checkedIn(connection);
        boolean old = madeMillis <= staleMillis || Monotonic.millis() - madeMillis > options.maxLifetimeMillis();
        if (closed || old) {
            end(connection, STALE);
        } else if (connection.isIdle()) {
            rest(connection);
        } else {
            mend(connection, "released");
        }
    }

    /** Retires all current connections: a new login does not apply to them. */
    public void clear() {
        staleMillis = Monotonic.millis();
        tell(PoolEvent.POOL_CLEARED, "");
        List.copyOf(idle).forEach(each -> end(each.connection, STALE));
        tell(PoolEvent.POOL_READY, "");
    }

    /** Open connections. */
    public int size() {
        return all.size();
    }

    /** Connections in use. */
    public int inUse() {
        return all.size() - idle.size() - checking;
    }

    /** Closes all connections; their requests fail. */
    public void close() {
        closed = true;
        vertx.cancelTimer(redial);
        vertx.cancelTimer(sweep);
        fail(closing());
        List.copyOf(all.keySet()).forEach(BoltConnection::close);
        tell(PoolEvent.POOL_CLOSED, "");
    }

    private void serve() {
        while (!waiting.isEmpty() && !idle.isEmpty()) {
            Idle last = idle.removeLast();
            if (Monotonic.millis() - last.sinceMillis >= options.checkAfterMillis()) {
                mend(last.connection, "asked whether it is there");
            } else {
                give(last.connection);
            }
        }
        while (redial < 0 && room() > 0 && dialling + checking < waiting.size()) {
            dial();
        }
        if (resting && !patient && all.isEmpty() && dialling == 0) {
            fail(new CallException(Reason.UNAVAILABLE, "not dialled yet again: " + lastMessage(), lastFailure));
        }
    }

    private int room() {
        return options.maxConnections() - all.size() - dialling;
    }

    /**
     * The connection is not given out until it has answered; closing it ends the wait, too. Callers that wait count on it for
     * a moment only: a server that does not stop a query may not answer for long.
     */
    private void mend(BoltConnection connection, String why) {
        checking++;
        long moment = vertx.setTimer(PROMPT_MILLIS, t -> {
            checking--;
            serve();
        });
        connection.reset(CallException.lost(why)).onComplete(mended -> {
            if (vertx.cancelTimer(moment)) {
                checking--;
            }
            if (mended.succeeded() && connection.isIdle() && !closed) {
                rest(connection);
            } else {
                connection.close();
                serve();
            }
        });
    }

    private void rest(BoltConnection connection) {
        if (waiting.isEmpty()) {
            idle.add(new Idle(connection, Monotonic.millis()));
            sweepLater();
        } else {
            give(connection);
        }
    }

    private void give(BoltConnection connection) {
        out.add(connection);
        tell(PoolEvent.CONNECTION_CHECKED_OUT, "");
        waiting.remove().promise.complete(connection);
    }

    private void dial() {
        dialling++;
        tell(PoolEvent.CONNECTION_CREATED, "");
        dial.get().onComplete(dialled -> {
            dialling--;
            if (dialled.failed()) {
                tell(PoolEvent.CONNECTION_CLOSED, "error");
                failed(dialled.cause());
            } else if (closed) {
                tell(PoolEvent.CONNECTION_CLOSED, POOL_CLOSED);
                dialled.result().close();
            } else {
                made(dialled.result());
            }
        });
    }

    private void made(BoltConnection connection) {
        long madeMillis = Monotonic.millis();
        all.put(connection, madeMillis);
        tell(PoolEvent.CONNECTION_READY, "");
        connection.closeHandler(cause -> {
            all.remove(connection);
            checkedIn(connection);
            String why = ending.remove(connection);
            tell(PoolEvent.CONNECTION_CLOSED, closed ? POOL_CLOSED : why == null ? "error" : why);
            idle.removeIf(each -> each.connection == connection);
            if (!closed) {
                if (!isOurs(cause)) {
                    broke(madeMillis, cause);
                }
                serve();
            }
        });
        if (!connection.isClosed()) {
            rest(connection);
        }
    }

    /** The server may have closed it over one caller's request: the others must not wait long, nor be at it for ever. */
    private void broke(long madeMillis, RuntimeException cause) {
        lastFailure = cause;
        if (redial < 0) {
            backoff.lost(madeMillis, Monotonic.millis());
            dialAgain();
        }
        lost.accept(cause);
    }

    private void failed(Throwable cause) {
        RuntimeException why = CallException.ofDial(cause);
        lastFailure = why;
        if (!closed) {
            lost.accept(why);
        }
        boolean unreachable = why instanceof CallException call && call.hadNoEffect();
        if (!unreachable || !patient || closed) {
            fail(why);
        } else if (redial < 0) {
            backoff.stood(oldestMillis());
            dialAgain();
        }
    }

    private void dialAgain() {
        long millis = backoff.nextMillis();
        resting = millis > Backoff.QUICK_MILLIS;
        redial = vertx.setTimer(millis, t -> {
            redial = -1;
            resting = false;
            serve();
        });
    }

    /** How long the oldest connection has been there; 0: there is none. */
    private long oldestMillis() {
        return all.isEmpty() ? 0 : Monotonic.millis() - all.values().iterator().next();
    }

    private void fail(RuntimeException cause) {
        for (Waiter waiter = waiting.poll(); waiter != null; waiter = waiting.poll()) {
            tell(PoolEvent.CONNECTION_CHECK_OUT_FAILED, closed ? POOL_CLOSED : CONNECTION_ERROR);
            waiter.promise.tryFail(cause);
        }
    }

    private void checkedIn(BoltConnection connection) {
        if (out.remove(connection)) {
            tell(PoolEvent.CONNECTION_CHECKED_IN, "");
        }
    }

    private void end(BoltConnection connection, String why) {
        if (all.containsKey(connection)) {
            ending.put(connection, why);
            connection.close();
        }
    }

    private void tell(PoolEvent event, String reason) {
        if (spi != Spi.NONE) {
            spi.pool("bolt", target, event, reason);
        }
    }

    private void sweepLater() {
        if (sweep < 0) {
            sweep = vertx.setTimer(options.maxIdleMillis(), t -> {
                sweep = -1;
                sweep();
            });
        }
    }

    private void sweep() {
        long nowMillis = Monotonic.millis();
        List.copyOf(idle).stream()
                .filter(each -> nowMillis - each.sinceMillis >= options.maxIdleMillis())
                .forEach(each -> end(each.connection, "idle"));
        if (!idle.isEmpty()) {
            sweepLater();
        }
    }

    private static boolean isOurs(RuntimeException cause) {
        return cause instanceof CallException call && call.reason() == Reason.SHUTTING_DOWN;
    }

    private CallException late() {
        return new CallException(
                Reason.UNAVAILABLE,
                "no connection by the deadline: "
                        + (lastFailure == null || !all.isEmpty() ? "all are in use" : lastMessage()),
                lastFailure);
    }

    private String lastMessage() {
        return lastFailure == null ? "no failure" : String.valueOf(lastFailure.getMessage());
    }

    private static CallException closing() {
        return new CallException(Reason.SHUTTING_DOWN, "the pool is closed");
    }
}
