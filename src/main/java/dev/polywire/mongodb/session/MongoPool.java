package dev.polywire.mongodb.session;

import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.PoolEvent;
import dev.polywire.core.net.Spi;
import dev.polywire.core.net.StandingRefusal;
import dev.polywire.core.net.WaitingLine;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.wire.HelloReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server, in the words of the connection monitoring and pooling specification. It differs in that a
 * connection takes several commands, see {@link PoolPlaces}, and that one is kept open: the pool dials by itself, with back-off,
 * when it has none. Commands that find no place wait in the order in which they came, each until its deadline.
 *
 * <pre>
 *   a connection breaks while something is in flight   the generation is raised: idle ones close, those in use finish and close
 *                                                      then, and what waits fails with CONNECTION_LOST, which was not sent
 *   an idle one ends, a call runs into its deadline,   nothing
 *   or one cannot be opened
 *   {@link #drop}: the server is gone                  the generation is raised, and all are closed at once
 * </pre>
 *
 * <p>Belongs to the context it was made on.
 */
public final class MongoPool {

    private static final String PROTOCOL = "mongodb";

    /** What waits. @param heldBytes in the {@link #line} */
    private record Waiting(MongoCall call, long heldBytes) {}

    /** A connection of the pool. */
    private static final class Pooled extends PoolPlaces.Place {

        final MongoConnection connection;

        Pooled(MongoConnection connection) {
            this.connection = connection;
        }

        @Override
        int inFlight() {
            return connection.inFlight();
        }

        @Override
        boolean takesMore() {
            return connection.takesMore();
        }

        @Override
        long oldestSentMillis() {
            return connection.oldestSentMillis();
        }
    }

    private final Vertx vertx;
    private final Supplier<Future<MongoConnection>> dial;
    private final MongoPoolOptions options;
    private final Spi spi;
    private final String target;
    private final Link.Listener listener;
    private final PoolPlaces<Pooled> places;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final Set<MongoConnection> dedicated = new HashSet<>();
    private final WaitingLine line;
    private final Backoff backoff = new Backoff(new Random());
    private final StandingRefusal refusal = new StandingRefusal(new Random());
    private final Promise<Void> first = Promise.promise();
    private Link.State state = Link.State.CONNECTING;
    private @Nullable RuntimeException lastFailure;
    private @Nullable HelloReply hello;
    private long readyAtMillis;
    private int dedicatedConnecting;
    private long lateAnswersBefore;
    private long redial = -1;
    private long sweep = -1;

    /**
     * @param dial makes a connection with its login
     * @param target the server, as text for people
     * @param listener receives the states: ready while a connection is open
     */
    public MongoPool(
            Vertx vertx,
            Supplier<Future<MongoConnection>> dial,
            MongoPoolOptions options,
            String target,
            Spi spi,
            Link.Listener listener) {
        this.vertx = vertx;
        this.dial = dial;
        this.options = options;
        this.target = target;
        this.spi = spi;
        this.listener = listener;
        this.places = new PoolPlaces<>(options);
        this.line = new WaitingLine(vertx, "mongodb commands that wait for a connection", this::failWaiting);
    }

    /** Begins to connect. @return the outcome of the first attempt; the pool tries again after a failure */
    public Future<Void> start() {
        tell(PoolEvent.POOL_CREATED, "");
        listener.state(state, null);
        open();
        return first.future();
    }

    /** Sends a command now, or as soon as a connection takes it. */
    public void send(MongoCall call) {
        tell(PoolEvent.CONNECTION_CHECK_OUT_STARTED, "");
        RuntimeException never = never();
        if (never != null) {
            tell(PoolEvent.CONNECTION_CHECK_OUT_FAILED, state == Link.State.CLOSED ? "poolClosed" : "connectionError");
            call.failed(never);
        } else if (call.patience().expired()) {
            tell(PoolEvent.CONNECTION_CHECK_OUT_FAILED, "timeout");
            call.expired();
        } else {
            Pooled place = waiting.isEmpty() ? place(call) : null;
            if (place == null) {
                await(call);
                open();
            } else {
                give(place, call);
            }
        }
    }

    private @Nullable RuntimeException never() {
        if (state == Link.State.CLOSED) {
            return closing();
        }
        CallException refused = places.size() == 0 ? refusal.now() : null;
        if (refused != null) {
            return refused;
        }
        return waiting.size() < options.maxWaiting() || places.idleSize() > 0
                ? null
                : new CallException(
                        Reason.OVERLOADED,
                        "waiting for a connection: more (expected: <= " + options.maxWaiting() + ")");
    }

    /** A connection for a command that comes now. */
    private @Nullable Pooled place(MongoCall call) {
        Pooled idle = idle();
        return idle != null || call.mayWait() || mayOpen() ? idle : places.behind(Monotonic.millis());
    }

    /** One that is too old is closed instead. */
    private @Nullable Pooled idle() {
        for (Pooled next = places.idle(); next != null; next = places.idle()) {
            if (places.isFit(next, Monotonic.millis())) {
                return next;
            }
            close(next, "idle");
        }
        return null;
    }

    private boolean mayOpen() {
        return redial < 0 && state != Link.State.CLOSED && places.mayOpen();
    }

    private void give(Pooled place, MongoCall call) {
        tell(PoolEvent.CONNECTION_CHECKED_OUT, "");
        place.connection.send(call);
        if (place.inFlight() == 0 && !place.connection.isClosed()) {
            // Nothing is heard of it, or it could not be sent.
            progress(place);
        }
    }

    private void await(MongoCall call) {
        Waiting last;
        try {
            last = new Waiting(call, line.enter(call.patience(), call.requestBytes()));
        } catch (CallException noRoom) {
            call.failed(noRoom);
            return;
        }
        waiting.add(last);
        call.watch(() -> {
            waiting.remove(last);
            line.leave(last.heldBytes);
            tell(PoolEvent.CONNECTION_CHECK_OUT_FAILED, "timeout");
            call.expired(
                    places.size() == 0 && lastFailure != null
                            ? "no connection: " + lastFailure.getMessage()
                            : "all connections are in use");
        });
    }

    /** Something has changed: serves those that wait, and opens connections for the others. */
    private void serve() {
        while (!waiting.isEmpty()) {
            MongoCall head = waiting.getFirst().call;
            Pooled place = idle();
            if (place == null && !head.mayWait()) {
                place = places.behind(Monotonic.millis());
            }
            if (place == null) {
                break;
            }
            take();
            give(place, head);
        }
        open();
    }

    private void take() {
        line.leave(waiting.remove().heldBytes);
    }

    /** An answer has come on a connection, or the caller of one has given up, or more can be written. */
    private void progress(Pooled place) {
        if (place.connection.isClosed()) {
            return;
        }
        if (place.inFlight() == 0) {
            tell(PoolEvent.CONNECTION_CHECKED_IN, "");
            long nowMillis = Monotonic.millis();
            if (!places.isFit(place, nowMillis)) {
                close(place, "stale");
            } else if (waiting.isEmpty()) {
                places.returned(place, nowMillis);
                sweepLater();
                return;
            } else {
                MongoCall head = waiting.getFirst().call;
                take();
                give(place, head);
            }
        }
        if (!waiting.isEmpty()) {
            serve();
        }
    }

    private void open() {
        while (mayOpen() && (places.connecting() < waiting.size() || places.missing() > 0)) {
            int generation = places.opening();
            tell(PoolEvent.CONNECTION_CREATED, "");
            refusal.attempt(dial).onComplete(dialled -> {
                if (dialled.succeeded()) {
                    opened(dialled.result(), generation);
                } else {
                    failed(asRuntime(dialled.cause()));
                }
            });
        }
    }

    private void opened(MongoConnection connection, int generation) {
        Pooled place = new Pooled(connection);
        boolean taken = places.opened(place, generation, Monotonic.millis());
        if (state == Link.State.CLOSED || !taken) {
            connection.close(state == Link.State.CLOSED ? closing() : CallException.lost("closed by us: stale"));
            open();
            return;
        }
        tell(PoolEvent.CONNECTION_READY, "");
        hello = connection.hello();
        connection.closeHandler(cause -> ended(place, cause));
        if (connection.isClosed()) {
            return;
        }
        connection.whenProgress(() -> progress(place));
        if (state != Link.State.READY) {
            readyAtMillis = Monotonic.millis();
            tell(PoolEvent.POOL_READY, "");
            become(Link.State.READY, null);
            first.tryComplete();
        }
        if (!connection.isClosed()) {
            progress(place);
        }
    }

    private void failed(RuntimeException cause) {
        places.failed();
        lastFailure = cause;
        first.tryFail(cause);
        tell(PoolEvent.CONNECTION_CLOSED, "error");
        if (state == Link.State.CLOSED) {
            return;
        }
        if (places.size() == 0) {
            listener.state(state, cause);
            CallException refused = refusal.now();
            if (refused != null) {
                failWaiting(refused);
            }
        }
        again();
    }

    /** Unless the listener closed the pool when it was notified. */
    private void again() {
        if (state != Link.State.CLOSED && redial < 0) {
            redial = vertx.setTimer(Math.max(backoff.nextMillis(), refusal.restMillis()), t -> {
                redial = -1;
                serve();
            });
        }
    }

    private void ended(Pooled place, RuntimeException cause) {
        lateAnswersBefore += place.connection.lateAnswers();
        boolean wasInUse = places.ended(place);
        if (state == Link.State.CLOSED) {
            return;
        }
        lastFailure = cause;
        refusal.ended(cause);
        tell(PoolEvent.CONNECTION_CLOSED, "error");
        if (wasInUse && isNetworkError(cause)) {
            clear(cause, each -> close(each, "stale"));
        }
        if (places.size() == 0) {
            down(cause);
        } else {
            serve();
        }
    }

    private void down(RuntimeException cause) {
        if (state == Link.State.READY) {
            backoff.lost(readyAtMillis, Monotonic.millis());
            become(Link.State.RECOVERING, cause);
            again();
        }
    }

    /** The peer has ended the connection, or the network has: not we, and not a violation of the protocol. */
    private static boolean isNetworkError(RuntimeException cause) {
        return cause instanceof CallException lost && lost.reason() == Reason.CONNECTION_LOST
                || cause instanceof ProtocolException cut && cut.isTruncation();
    }

    private void clear(RuntimeException cause, Consumer<Pooled> ends) {
        tell(PoolEvent.POOL_CLEARED, "");
        List<Pooled> idle = places.clear();
        idle.forEach(ends);
        for (Waiting each = waiting.poll(); each != null; each = waiting.poll()) {
            line.leave(each.heldBytes);
            each.call.lost(cause);
        }
    }

    /** The server is gone without a word: all connections are given up, what is in flight too. */
    public void drop(RuntimeException cause) {
        clear(cause, each -> each.connection.drop(cause));
        places.open().forEach(each -> each.connection.drop(cause));
        List.copyOf(dedicated).forEach(each -> each.drop(cause));
    }

    private void close(Pooled place, String reason) {
        tell(PoolEvent.CONNECTION_CLOSED, reason);
        place.connection.closeHandler(over -> {});
        lateAnswersBefore += place.connection.lateAnswers();
        places.ended(place);
        place.connection.close(CallException.lost("closed by us: " + reason));
    }

    /**
     * A connection of its own, which is closed by whoever has it.
     *
     * @return fails with OVERLOADED when there are too many, UNAVAILABLE at the deadline, SHUTTING_DOWN, or as a dial does
     */
    public Future<MongoConnection> dedicated(Deadline deadline) {
        if (state == Link.State.CLOSED) {
            return Future.failedFuture(closing());
        } else if (dedicated.size() + dedicatedConnecting >= options.maxDedicatedConnections()) {
            return Future.failedFuture(new CallException(
                    Reason.OVERLOADED,
                    "connections for cursors that wait: more (expected: <= " + options.maxDedicatedConnections()
                            + ")"));
        }
        dedicatedConnecting++;
        Promise<MongoConnection> promise = Promise.promise();
        deadline.whenExpired(
                () -> promise.tryFail(new CallException(Reason.UNAVAILABLE, "no connection by the deadline")));
        refusal.attempt(dial).onComplete(dialled -> {
            dedicatedConnecting--;
            if (dialled.failed()) {
                promise.tryFail(dialled.cause());
                return;
            }
            MongoConnection made = dialled.result();
            if (state == Link.State.CLOSED || promise.future().isComplete()) {
                promise.tryFail(closing());
                made.close(closing());
                return;
            }
            dedicated.add(made);
            made.closeHandler(over -> {
                lateAnswersBefore += made.lateAnswers();
                dedicated.remove(made);
            });
            promise.complete(made);
        });
        return promise.future();
    }

    /** When the server last sent something on a connection of the pool, on {@link Monotonic}'s clock. */
    long heardMillis() {
        long heard = Long.MIN_VALUE;
        for (Pooled each : places.open()) {
            heard = Math.max(heard, each.connection.heardMillis());
        }
        return heard;
    }

    /** Whether all that the server sends is read: otherwise its silence may be ours. */
    boolean isRead() {
        return places.open().stream().allMatch(each -> each.connection.isRead());
    }

    /** What the server said of itself on the last connection; null: there was none. */
    @Nullable
    HelloReply hello() {
        return hello;
    }

    /** Answers that arrived after their callers had given up. */
    long lateAnswers() {
        long open = places.open().stream()
                .mapToLong(each -> each.connection.lateAnswers())
                .sum();
        return lateAnswersBefore
                + open
                + dedicated.stream().mapToLong(MongoConnection::lateAnswers).sum();
    }

    PoolStatus status() {
        return new PoolStatus(
                places.idleSize(),
                places.size() - places.idleSize(),
                places.connecting(),
                waiting.size(),
                places.generation(),
                dedicated.size() + dedicatedConnecting);
    }

    /** Closes for good: what waits fails with SHUTTING_DOWN, what is in flight with the code that applies to each. */
    public void close() {
        if (state == Link.State.CLOSED) {
            return;
        }
        vertx.cancelTimer(redial);
        vertx.cancelTimer(sweep);
        become(Link.State.CLOSED, null);
        failWaiting(closing());
        places.open().forEach(each -> each.connection.close(closing()));
        List.copyOf(dedicated).forEach(each -> each.close(closing()));
        tell(PoolEvent.POOL_CLOSED, "");
    }

    private void become(Link.State next, @Nullable RuntimeException cause) {
        state = next;
        listener.state(next, cause);
    }

    private void failWaiting(CallException why) {
        for (Waiting each = waiting.poll(); each != null; each = waiting.poll()) {
            line.leave(each.heldBytes);
            each.call.failed(why);
        }
    }

    private void sweepLater() {
        if (sweep < 0) {
            long everyMillis = options.maxIdleMillis() == 0
                    ? options.maxLifetimeMillis()
                    : Math.min(options.maxIdleMillis(), options.maxLifetimeMillis());
            sweep = vertx.setTimer(everyMillis, t -> {
                sweep = -1;
                places.expired(Monotonic.millis()).forEach(each -> close(each, "idle"));
                open();
                if (places.idleSize() > 0) {
                    sweepLater();
                }
            });
        }
    }

    private void tell(PoolEvent event, String reason) {
        if (spi != Spi.NONE) {
            spi.pool(PROTOCOL, target, event, reason);
        }
    }

    private static CallException closing() {
        return new CallException(Reason.SHUTTING_DOWN, "the connector is closing");
    }

    private static RuntimeException asRuntime(Throwable cause) {
        return cause instanceof RuntimeException known
                ? known
                : new CallException(Reason.UNAVAILABLE, String.valueOf(cause.getMessage()), cause);
    }
}
