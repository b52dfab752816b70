package dev.polywire.bolt.session;

import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltServerInfo;
import dev.polywire.bolt.wire.FailureKind;
import dev.polywire.bolt.wire.RoutingTable;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * A server, or a cluster, and the connections to it. Belongs to the context it was made on, as all that comes from it does.
 */
public final class BoltClient {

    private final Vertx vertx;
    private final BoltSessionOptions options;
    private final BoltServers servers;
    private final BoltRouter router;
    private final Availability availability;
    private int turn;

    /** Nobody watches it. */
    public BoltClient(Vertx vertx, BoltSessionOptions options) {
        this(vertx, options, (state, cause) -> {});
    }

    /** @param states hears where it stands, from {@link #start} on */
    public BoltClient(Vertx vertx, BoltSessionOptions options, Link.Listener states) {
        this(vertx, options, Spi.NONE, states);
    }

    /** @param states hears where it stands, from {@link #start} on */
    public BoltClient(Vertx vertx, BoltSessionOptions options, Spi spi, Link.Listener states) {
        this.vertx = vertx;
        this.options = options;
        this.availability = new Availability(vertx, this, states);
        this.servers = new BoltServers(vertx, options, availability::lost, spi);
        this.router = new BoltRouter(vertx, options, servers);
    }

    /**
     * Connects, and from now on sees to it that there is a connection: without one it dials until there is.
     *
     * @return the outcome of the first dial; it goes on all the same
     */
    public Future<Void> start() {
        return availability.start();
    }

    /** A sequence of transactions of which each sees what those before it wrote. */
    public BoltSession session() {
        return new BoltSession(vertx, this, options.maxRetryMillis());
    }

    /** Whether there is a connection, made now if need be. */
    public Future<Void> verify(Deadline deadline) {
        return acquire(TransactionOptions.DEFAULT.readOnly(true), deadline)
                .onSuccess(PooledConnection::release)
                .mapEmpty();
    }

    /** A round trip on one connection. @return what its server says of itself */
    public Future<BoltServerInfo> ping(Deadline deadline) {
        return acquire(TransactionOptions.DEFAULT.readOnly(true), deadline)
                .compose(pooled -> pooled.connection()
                        .reset(CallException.lost("reset by a ping"))
                        .onComplete(answered -> pooled.release())
                        .map(answered -> pooled.connection().server()));
    }

    /**
     * Who does what for the database of {@code work}, asked anew.
     *
     * @return fails with BAD_REQUEST for a {@code bolt://} client
     */
    public Future<RoutingTable> route(TransactionOptions work, Deadline deadline) {
        return options.uri().routed()
                ? router.refreshed(work, deadline)
                : Future.failedFuture(
                        new CallException(Reason.BAD_REQUEST, "route: of bolt:// (expected: of neo4j://)"));
    }

    /** How long a table of {@link #route} is good. */
    public static long ttlMillis(RoutingTable table) {
        return Math.max(0, table.expiresAtMillis() - Monotonic.millis());
    }

    /** Connections that are up. */
    public int connections() {
        return servers.connections();
    }

    /** Closes all connections; what is under way on them fails. */
    public Future<Void> close() {
        availability.close();
        return servers.close();
    }

    Future<PooledConnection> acquire(TransactionOptions work, Deadline deadline) {
        return options.uri().routed()
                ? router.table(work, deadline).compose(table -> acquire(table, work, deadline, true))
                : acquire(options.uri().address(), deadline);
    }

    /** Something failed that was sent to this server: what it says about the cluster, and about our login. */
    void failed(PooledConnection pooled, Throwable cause) {
        if (cause instanceof BoltException refused) {
            if (refused.kind() == FailureKind.NOT_LEADER) {
                router.forgetWriter(pooled.address());
            } else if (refused.kind() == FailureKind.LOGIN_EXPIRED) {
                servers.clear();
            }
        } else if (pooled.connection().isClosed()) {
            router.forget(pooled.address());
        }
    }

    /** Tries the servers of a table, the one with least to do first, and then once those of a new table. */
    private Future<PooledConnection> acquire(
            RoutingTable table, TransactionOptions work, Deadline deadline, boolean again) {
        List<BoltAddress> able = table.servers(work.readOnly());
        if (able.isEmpty()) {
            String kind = work.readOnly() ? "reads" : "writes";
            return again
                    ? router.refreshed(work, deadline).compose(fresh -> acquire(fresh, work, deadline, false))
                    : Future.failedFuture(
                            new CallException(Reason.UNAVAILABLE, "no server of the cluster that " + kind));
        }
        List<BoltAddress> inTurn = new ArrayList<>(able);
        Collections.rotate(inTurn, turn++);
        BoltAddress chosen = Collections.min(
                inTurn, Comparator.comparingInt(each -> servers.pool(each).inUse()));
        return acquire(chosen, deadline).recover(cause -> {
            if (!isUnreachable(cause) || deadline.expired()) {
                return Future.failedFuture(cause);
            }
            router.forget(chosen);
            return acquire(table.without(chosen), work, deadline, again);
        });
    }

    private Future<PooledConnection> acquire(BoltAddress address, Deadline deadline) {
        BoltPool pool = servers.pool(address);
        return pool.acquire(deadline).map(connection -> new PooledConnection(connection, pool, address));
    }

    private static boolean isUnreachable(Throwable cause) {
        return cause instanceof CallException call && call.hadNoEffect();
    }
}
