package dev.polywire.mongodb.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.PoolEvent;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.client.MongoCall;
import dev.polywire.mongodb.client.MongoConnection;
import dev.polywire.mongodb.wire.HelloReply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
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
 *   {@link #retire}: there is another server           the generation is raised: idle ones close, those in use finish and close then
 *   nobody waits for what is in flight any more,       it is closed after a second, and another opened
 *   and without its end none can be opened
 * </pre>
 *
 * <p>It is ready while it has a connection that takes commands, or opens one in its place. A dedicated connection waits for that,
 * and then takes its turn with those of the pool: no more than {@code maxConnecting} are opened at the same time in all.
 *
 * <p>Whoever is told of an outcome may use the pool in response: it is told when the pool has changed. Belongs to the context it
 * was made on.
 */
public final class MongoPool {

    private final Supplier<Future<MongoConnection>> dial;
    private final MongoPoolOptions options;
    private final PoolEvents events;
    private final Link.Listener listener;
    private final PoolWatch watch;
    private final OpenConnections open;
    private final PoolPlaces<MongoPlace> places;
    private final WaitingCommands waiting;
    private final DedicatedConnections dedicated;
    private final Redial redial;
    private final Promise<Void> first = Promise.promise();
    private Link.State state = Link.State.CONNECTING;
    private @Nullable RuntimeException lastFailure;
    private @Nullable HelloReply hello;

    private boolean serving;

    /**
     * @param dial makes a connection with its login
     * @param target the server, as text for people
     * @param listener receives the states
     */
    public MongoPool(
            Vertx vertx,
            Supplier<Future<MongoConnection>> dial,
            MongoPoolOptions options,
            String target,
            Spi spi,
            Link.Listener listener,
            PoolWatch watch) {
        this.redial = new Redial(vertx, this::serve);
        this.dial = () -> redial.attempt(dial);
        this.watch = watch;
        this.options = options;
        this.events = new PoolEvents(spi, target);
        this.listener = listener;
        this.places = new PoolPlaces<>(options, redial::isPromising);
        this.waiting = new WaitingCommands(vertx, this::failWaiting, this::expired);
        this.open = new OpenConnections(vertx, places, events, waiting::size, this::serve, this::restIfGone);
        this.dedicated = new DedicatedConnections(
                options.maxDedicatedConnections(), this.dial, events, places, redial, new DedicatedOutcomes());
    }

    /** Begins to connect. @return the outcome of the first attempt; the pool tries again after a failure */
    public Future<Void> start() {
        events.tell(PoolEvent.POOL_CREATED);
        listener.state(state, null);
        open();
        return first.future();
    }

    /** Sends a command now, or as soon as a connection takes it. */
    public void send(MongoCall call) {
        events.tell(PoolEvent.CONNECTION_CHECK_OUT_STARTED);
        CallException refused = places.current() == 0 ? redial.refused() : null;
        if (state == Link.State.CLOSED) {
            events.failed(List.of(call), PoolEvents.POOL_CLOSED, each -> each.failed(PoolEnds.closing()));
        } else if (refused != null) {
            events.failed(List.of(call), PoolEvents.CONNECTION_ERROR, each -> each.failed(refused));
        } else if (call.patience().expired()) {
            expired(call);
        } else {
            MongoPlace place = waiting.size() == 0 ? open.take(call, !mayOpen()) : null;
            if (place == null) {
                await(call);
            } else {
                give(place, call);
                serve();
            }
        }
    }

    private boolean mayOpen() {
        return redial.isTime() && places.mayOpen();
    }

    /** The command may fail at once, and its caller may use this pool at once. */
    private void give(MongoPlace place, MongoCall call) {
        events.checkedOut(place);
        places.given(place);
        place.connection.send(call);
        open.settle(place);
    }

    /** Each connection that is being opened has one command that waits for it, beside those that wait for one in use. */
    private void await(MongoCall call) {
        try {
            waiting.add(call, options.maxWaiting() + places.connecting() + (mayOpen() ? 1 : 0));
        } catch (CallException noRoom) {
            events.failed(List.of(call), PoolEvents.CONNECTION_ERROR, each -> each.failed(noRoom));
            return;
        }
        open();
    }

    private void expired(MongoCall call) {
        events.tell(PoolEvent.CONNECTION_CHECK_OUT_FAILED, PoolEvents.TIMEOUT);
        call.expired(
                places.current() == 0 && lastFailure != null
                        ? "no connection: " + lastFailure.getMessage()
                        : "all connections are in use");
    }

    /** Something has changed: serves those that wait, and opens connections for the others. */
    private void serve() {
        if (serving) {
            return;
        }
        serving = true;
        try {
            for (MongoCall head = waiting.first(); head != null; head = waiting.first()) {
                MongoPlace place = open.take(head, true);
                if (place == null) {
                    break;
                }
                waiting.removeFirst();
                give(place, head);
            }
        } finally {
            serving = false;
        }
        open();
    }

    /** Opens as many as are needed, and may be. */
    private void open() {
        dedicated.serve(state == Link.State.READY);
        while (mayOpen() && (places.connecting() < waiting.size() || places.isMissing())) {
            int generation = places.opening();
            events.tell(PoolEvent.CONNECTION_CREATED);
            dial.get().onComplete(dialled -> {
                if (dialled.succeeded()) {
                    opened(dialled.result(), generation);
                } else {
                    failed(CallException.ofDial(dialled.cause()));
                }
            });
        }
        if (places.connecting() == 0) {
            downIfEmpty(lastFailure == null ? PoolEnds.closedByUs(PoolEvents.STALE) : lastFailure);
        }
        open.watchDeserted();
    }

    /** An answer has come on a connection, or the caller of one has given up, or more can be written. */
    private void progress(MongoPlace place) {
        open.settle(place);
        serve();
    }

    private void opened(MongoConnection connection, int generation) {
        MongoPlace place = new MongoPlace(connection, this::progress, this::ended);
        if (!places.opened(place, generation, Monotonic.millis())) {
            boolean over = state == Link.State.CLOSED;
            events.tell(PoolEvent.CONNECTION_CLOSED, over ? PoolEvents.POOL_CLOSED : PoolEvents.STALE);
            connection.close(over ? PoolEnds.closing() : PoolEnds.closedByUs(PoolEvents.STALE));
            serve();
            return;
        }
        events.tell(PoolEvent.CONNECTION_READY);
        hello = connection.hello();
        connection.keptBy(place);
        if (connection.isClosed()) {
            return;
        }
        watch.begin();
        events.ready();
        if (state != Link.State.READY) {
            become(Link.State.READY, null);
            first.tryComplete();
        }
        progress(place);
    }

    private void failed(RuntimeException cause) {
        places.failed();
        lastFailure = cause;
        events.tell(PoolEvent.CONNECTION_CLOSED, PoolEvents.ERROR);
        redial.failed();
        if (state != Link.State.CLOSED && places.current() == 0) {
            down(state == Link.State.READY ? Link.State.RECOVERING : state, cause);
        }
        redial.ifRefused(dedicated::fail);
        first.tryFail(cause);
        serve();
    }

    private void down(Link.State next, RuntimeException cause) {
        become(next, cause);
        redial.ifRefused(this::failWaiting);
        redial.ifRefused(dedicated::fail);
    }

    /** If it is not one that the pool has closed. */
    private void ended(MongoPlace place, RuntimeException cause) {
        boolean current = places.isCurrent(place);
        if (open.gone(place, PoolEvents.ERROR)) {
            first.tryFail(cause);
            if (place.isBroken() && current) {
                clear(cause, place.madeMillis());
            } else {
                lastFailure = cause;
                redial.ended(place.madeMillis(), cause, places.current() > 0);
                downIfEmpty(cause);
            }
            serve();
        }
    }

    private void downIfEmpty(RuntimeException cause) {
        if (places.current() == 0 && state == Link.State.READY) {
            down(Link.State.RECOVERING, cause);
        }
    }

    /**
     * The redial is timed before anybody is told. What is in flight elsewhere shows that the server serves others; what is idle
     * is closed with the rest.
     *
     * @param madeMillis when the connection was made whose end is the reason
     */
    private void clear(RuntimeException cause, long madeMillis) {
        lastFailure = cause;
        redial.ended(madeMillis, cause, places.currentInUse() > 0);
        events.cleared();
        List<MongoCall> unsent = waiting.removeAll();
        places.clear().forEach(each -> open.close(each, PoolEvents.STALE));
        downIfEmpty(cause);
        events.failed(unsent, PoolEvents.CONNECTION_ERROR, each -> each.lost(cause));
    }

    /**
     * The server is gone without a word: all connections are given up, what is in flight too. Without a connection there is nothing
     * to give up, and what waits for one waits on; the pool is not ready in any case.
     */
    public void drop(RuntimeException cause) {
        if (state == Link.State.CLOSED) {
            return;
        }
        List<MongoPlace> all = places.open();
        all.forEach(each -> open.gone(each, PoolEvents.STALE));
        if (!all.isEmpty()) {
            clear(cause, all.get(0).madeMillis());
        }
        downIfEmpty(cause);
        all.forEach(each -> each.connection.drop(cause));
        dedicated.drop(cause);
        serve();
    }

    /**
     * Another server takes the place of this one, and the first connection to it is made: those that are open take no command any
     * more, and close when nothing is in flight there. What waits is served by the new ones.
     */
    void retire() {
        if (state != Link.State.CLOSED) {
            events.cleared();
            places.retire().forEach(each -> open.close(each, PoolEvents.STALE));
            serve();
        }
    }

    /** A connection of its own, as {@link DedicatedConnections#open}. */
    public Future<MongoConnection> dedicated(Deadline deadline) {
        return dedicated.open(deadline, this::open);
    }

    /** What the server said of itself on the last connection; null: there was none. */
    @Nullable
    HelloReply hello() {
        return hello;
    }

    /** Answers that arrived after their callers had given up. */
    long lateAnswers() {
        return open.lateAnswers() + dedicated.lateAnswers();
    }

    /** When the server last sent something on a connection that is open, on {@link Monotonic}'s clock. */
    long heardMillis() {
        return Math.max(open.heardMillis(), dedicated.heardMillis());
    }

    /** Whether all that the server sends is read: otherwise its silence may be ours. */
    boolean isRead() {
        return open.isRead() && dedicated.isRead();
    }

    PoolStatus status() {
        return new PoolStatus(
                places.idleSize(),
                places.size() - places.idleSize(),
                places.connecting(),
                waiting.size(),
                places.generation(),
                dedicated.size());
    }

    /** Closes for good: what waits fails with SHUTTING_DOWN, what is in flight with the code that applies to each. */
    public void close() {
        if (state == Link.State.CLOSED) {
            return;
        }
        redial.close();
        open.stop();
        places.clear();
        List<MongoPlace> all = places.open();
        all.forEach(each -> open.gone(each, PoolEvents.POOL_CLOSED));
        become(Link.State.CLOSED, null);
        events.failed(waiting.removeAll(), PoolEvents.POOL_CLOSED, each -> each.failed(PoolEnds.closing()));
        all.forEach(each -> each.connection.close(PoolEnds.closing()));
        dedicated.close(PoolEnds.closing());
        watch.end();
        events.closed(places.connecting() + dedicated.connecting());
        first.tryFail(PoolEnds.closing());
    }

    private void become(Link.State next, @Nullable RuntimeException cause) {
        state = next;
        restIfGone();
        listener.state(next, cause);
    }

    private void restIfGone() {
        if (state != Link.State.READY && places.size() == 0 && !dedicated.isOpen()) {
            watch.end();
        }
    }

    /** What the dedicated connections tell of themselves. */
    private final class DedicatedOutcomes implements DedicatedConnections.DedicatedListener {

        @Override
        public void dialled(@Nullable RuntimeException failure) {
            if (failure != null) {
                lastFailure = failure;
            } else if (dedicated.isOpen()) {
                watch.begin();
            }
            serve();
        }

        @Override
        public void ended(RuntimeException cause, long madeMillis, boolean broken) {
            if (broken) {
                clear(cause, madeMillis);
            }
            restIfGone();
            serve();
        }
    }

    private void failWaiting(CallException why) {
        events.failed(waiting.removeAll(), PoolEvents.CONNECTION_ERROR, each -> each.failed(why));
    }
}
