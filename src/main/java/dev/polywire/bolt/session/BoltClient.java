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
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server or one cluster. It, and all objects that it returns, belong to the context it was made on.
 */
public final class BoltClient {

    private final Vertx vertx;
    private final BoltSessionOptions options;
    private final BoltServers servers;
    private final BoltRouter router;
    private final Availability availability;
    private int turn;

    /** Without metrics and traces. */
    public BoltClient(Vertx vertx, BoltSessionOptions options) {
        this(vertx, options, (state, cause) -> {});
    }

    /** @param states receives the changes of state, from {@link #start} on */
    public BoltClient(Vertx vertx, BoltSessionOptions options, Link.Listener states) {
        this(vertx, options, Spi.NONE, states);
    }

    /** @param states receives the changes of state, from {@link #start} on */
    public BoltClient(Vertx vertx, BoltSessionOptions options, Spi spi, Link.Listener states) {
        this.vertx = vertx;
        this.options = options;
        this.availability = new Availability(vertx, this, options.uri().routed(), states);
        this.servers = new BoltServers(vertx, options, availability::lost, spi);
        this.router = new BoltRouter(vertx, options, servers);
    }

    /**
     * Connects, and from now on keeps a connection available: while there is none, the client dials.
     *
     * @return the outcome of the first dial; the client continues to dial when it fails
     */
    public Future<Void> start() {
        return availability.start();
    }

    /** A sequence of transactions, each of which sees the writes of those before it. */
    public BoltSession session() {
        return new BoltSession(vertx, this, options.maxRetryMillis());
    }

    /** Completes when there is a connection, which is made now if necessary. */
    public Future<Void> verify(Deadline deadline) {
        return acquire(TransactionOptions.DEFAULT.readOnly(true), deadline)
                .onSuccess(PooledConnection::release)
                .mapEmpty();
    }

    /** A round trip on one connection. @return what its server reports about itself */
    public Future<BoltServerInfo> ping(Deadline deadline) {
        return acquire(TransactionOptions.DEFAULT.readOnly(true), deadline)
                .compose(pooled -> pooled.connection()
                        .reset(CallException.lost("reset by a ping"))
                        .onComplete(answered -> pooled.release())
                        .map(answered -> pooled.connection().server()));
    }

    /**
     * The current routing table of the database of {@code work}, requested from the cluster.
     *
     * @return fails with BAD_REQUEST for a {@code bolt://} client
     */
    public Future<RoutingTable> route(TransactionOptions work, Deadline deadline) {
        return options.uri().routed()
                ? router.refreshed(work, deadline)
                : Future.failedFuture(
                        new CallException(Reason.BAD_REQUEST, "route: of bolt:// (expected: of neo4j://)"));
    }

    /** How long a table from {@link #route} is valid. */
    public static long ttlMillis(RoutingTable table) {
        return Math.max(0, table.expiresAtMillis() - Monotonic.millis());
    }

    /** Connections that are up. */
    public int connections() {
        return servers.connections();
    }

    /** Closes all connections; their requests fail. */
    public Future<Void> close() {
        availability.close();
        return servers.close();
    }

    Future<PooledConnection> acquire(TransactionOptions work, Deadline deadline) {
        return options.uri().routed()
                ? router.table(work, deadline).compose(table -> acquire(table, work, deadline, true, null))
                : acquire(options.uri().address(), deadline);
    }

    /** A request to this server failed: updates the state of the cluster and of our login accordingly. */
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

    /**
     * Tries the servers of a table, the least busy first, and then once those of a new table.
     *
     * @param last why the servers so far were none, by {@link BoltRouter#worse}
     */
    private Future<PooledConnection> acquire(
            RoutingTable table, TransactionOptions work, Deadline deadline, boolean again, @Nullable Throwable last) {
        List<BoltAddress> able = table.servers(work.readOnly());
        if (able.isEmpty()) {
            if (again) {
                return router.refreshed(work, deadline).compose(fresh -> acquire(fresh, work, deadline, false, last));
            }
            String kind = work.readOnly() ? "reads" : "writes";
            return Future.failedFuture(
                    StandingRefusal.isRefusal(last)
                            ? last
                            : new CallException(Reason.UNAVAILABLE, "no server of the cluster that " + kind));
        }
        List<BoltAddress> inTurn = new ArrayList<>(able);
        Collections.rotate(inTurn, turn++);
        BoltAddress chosen = Collections.min(
                inTurn, Comparator.comparingInt(each -> servers.pool(each).inUse()));
        return acquire(chosen, deadline).recover(cause -> {
            if (!isOfOneServer(cause) || deadline.expired()) {
                return Future.failedFuture(cause);
            }
            router.forget(chosen);
            return acquire(table.without(chosen), work, deadline, again, BoltRouter.worse(last, cause));
        });
    }

    private Future<PooledConnection> acquire(BoltAddress address, Deadline deadline) {
        BoltPool pool = servers.pool(address);
        return pool.acquire(deadline).map(connection -> new PooledConnection(connection, pool, address));
    }

    /** Whether another server may be better: one that is there, or whose certificate is accepted. */
    private static boolean isOfOneServer(Throwable cause) {
        return cause instanceof CallException call && call.hadNoEffect() || BoltRouter.isUntrusted(cause);
    }
}
