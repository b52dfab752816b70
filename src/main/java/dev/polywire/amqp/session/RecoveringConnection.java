package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.amqp.wire.RecoveryOptions;
import dev.polywire.amqp.wire.RecoveryOutcome;
import dev.polywire.amqp.wire.RecoveryStep;
import dev.polywire.amqp.wire.Topology;
import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection that is recovered with all that was declared through it. READY: the recovery plan has no steps left. */
final class RecoveringConnection {

    /** Receives the events of the connection. */
    interface Listener {

        void state(Link.State state, @Nullable RuntimeException cause);

        void recovered(RecoveryOutcome outcome);

        /** @param reason null: the broker accepts publishes again */
        void blocked(@Nullable String reason);

        /** The connection may be writable again. */
        void writable();
    }

    private final Vertx vertx;
    private final String target;
    private final Spi spi;
    private final RecoveryOptions options;
    private final Listener listener;
    private final Link<AmqpConnection> link;
    private final Topology topology = new Topology();
    private final Map<Integer, RecoveringChannel> channels = new LinkedHashMap<>();
    private final ArrayDeque<Promise<AmqpConnection>> waiters = new ArrayDeque<>();
    /** Consumers that have too much. */
    private final Set<Backlog> pausing = new HashSet<>();

    /** See {@link Recovery}. */
    private final Set<RecoveryStep> suspects = new HashSet<>();

    private int lastChannel;
    private Link.State state = Link.State.CONNECTING;
    private @Nullable Recovery recovery;
    private @Nullable AmqpConnection settled;
    private @Nullable RuntimeException lastFailure;

    /** @param target the broker, as text for people */
    RecoveringConnection(
            Vertx vertx,
            String target,
            Spi spi,
            Supplier<Future<AmqpConnection>> dial,
            Backoff backoff,
            StandingRefusal refusal,
            RecoveryOptions options,
            Listener listener) {
        this.vertx = vertx;
        this.target = target;
        this.spi = spi;
        this.options = options;
        this.listener = listener;
        this.link = new Link<>(vertx, dial, backoff, refusal, this::linkState);
    }

    /** Connects. @return the outcome of the first attempt; after a failure it still tries again */
    Future<Void> start() {
        return link.start();
    }

    Vertx vertx() {
        return vertx;
    }

    /** The broker, as text for people. */
    String target() {
        return target;
    }

    /** The SPI that observes calls which are not sent yet. */
    Spi spi() {
        return spi;
    }

    Topology topology() {
        return topology;
    }

    Link.State state() {
        return state;
    }

    boolean isClosed() {
        return state == Link.State.CLOSED;
    }

    /** The connection, if it is recovered. A lost connection fails its calls before it notifies us. */
    @Nullable
    AmqpConnection now() {
        AmqpConnection known = settled;
        return known != null && !known.isClosed() ? known : null;
    }

    /**
     * The connection, as soon as it is recovered.
     *
     * @return fails with a {@link CallException}: UNAVAILABLE at the deadline, at once with the {@link #refusal} while there is
     *     one, SHUTTING_DOWN
     */
    Future<AmqpConnection> ready(Deadline deadline) {
        AmqpConnection known = now();
        if (known != null) {
            return Future.succeededFuture(known);
        }
        if (isClosed()) {
            return Future.failedFuture(closing());
        }
        CallException refused = refusal();
        if (refused != null) {
            return Future.failedFuture(refused);
        }
        Promise<AmqpConnection> waiter = Promise.promise();
        waiters.add(waiter);
        deadline.whenExpired(() -> {
            waiters.remove(waiter);
            waiter.tryFail(unavailable("no connection by the deadline"));
        });
        return waiter.future();
    }

    /** Why waiting for a connection is useless for now; or null. */
    @Nullable
    CallException refusal() {
        return link.refusal();
    }

    /** UNAVAILABLE, with the reason. */
    CallException unavailable(String what) {
        RuntimeException failure = lastFailure;
        String why = link.now() != null
                ? "recovering"
                : failure == null ? "still connecting" : String.valueOf(failure.getMessage());
        return new CallException(Reason.UNAVAILABLE, what + ": " + why, failure);
    }

    int nextChannel() {
        return ++lastChannel;
    }

    void add(RecoveringChannel channel) {
        channels.put(channel.number(), channel);
    }

    void remove(RecoveringChannel channel) {
        channels.remove(channel.number());
    }

    /** The connection reads almost nothing, a new one neither, while one consumer wants a pause. */
    void pauseDeliveries(Backlog consumer, boolean on) {
        boolean changed = on ? pausing.add(consumer) : pausing.remove(consumer);
        AmqpConnection up = link.now();
        if (changed && up != null) {
            up.pauseDeliveries(!pausing.isEmpty());
        }
    }

    /** Closes the connection in good order. A broker that blocks it may not read the farewell: nobody waits for that. */
    Future<Void> close() {
        AmqpConnection last = link.now();
        link.close();
        return last == null || last.blocked() != null ? Future.succeededFuture() : last.close();
    }

    private void linkState(Link.State next, @Nullable RuntimeException cause) {
        AmqpConnection connection = link.now();
        if (next == Link.State.READY && connection != null) {
            connected(connection);
            return;
        }
        settled = null;
        lastFailure = cause;
        if (recovery != null) {
            recovery.stop();
        }
        become(next, cause);
        CallException refused = refusal();
        while (refused != null && !waiters.isEmpty()) {
            waiters.remove().tryFail(refused);
        }
        if (next == Link.State.CLOSED) {
            List.copyOf(channels.values()).forEach(channel -> channel.notRecovered(closing()));
            while (!waiters.isEmpty()) {
                waiters.remove().tryFail(closing());
            }
        }
    }

    private void connected(AmqpConnection connection) {
        connection.blockedHandler(reason -> {
            if (link.now() == connection) {
                listener.blocked(reason);
            }
        });
        connection.drainHandler(listener::writable);
        connection.pauseDeliveries(!pausing.isEmpty());
        Recovery begun =
                new Recovery(vertx, connection, topology.plan(options), channels, suspects, new Recovery.Listener() {
                    @Override
                    public void recovered(RecoveryOutcome outcome) {
                        listener.recovered(outcome);
                    }

                    @Override
                    public void refused(RuntimeException cause) {
                        List.copyOf(channels.values()).stream()
                                .filter(channel -> !channel.isIn(topology))
                                .forEach(channel -> channel.notRecovered(cause));
                    }

                    @Override
                    public void settled() {
                        suspects.clear();
                        settle(connection);
                    }
                });
        recovery = begun;
        begun.run();
    }

    private void settle(AmqpConnection connection) {
        settled = connection;
        List.copyOf(channels.values()).forEach(RecoveringChannel::settled);
        become(Link.State.READY, null);
        while (settled == connection && !waiters.isEmpty()) {
            waiters.remove().tryComplete(connection);
        }
    }

    private void become(Link.State next, @Nullable RuntimeException cause) {
        state = next;
        listener.state(next, cause);
    }

    static CallException closing() {
        return new CallException(Reason.SHUTTING_DOWN, "the connector is closing");
    }
}
