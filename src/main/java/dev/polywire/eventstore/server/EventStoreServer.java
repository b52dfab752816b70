package dev.polywire.eventstore.server;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * An EventStore server in memory, of one node or of some that have the same streams. Everything happens on one context: that of
 * the caller of the constructor, or a new one. All methods may be called on any thread.
 *
 * <pre>{@code
 *   EventStoreServer server = new EventStoreServer(vertx, EndpointOptions.of("127.0.0.1", 0));
 *   server.listen().onSuccess(port -> ...);
 *   server.close();
 * }</pre>
 *
 * <p>A test that has no Vert.x uses a {@link LocalEventStore}.
 */
public final class EventStoreServer {

    private static final String PROTOBUF = "com/google/protobuf/MessageLite.class";

    private final Context context;
    private final EventStoreServerOptions options;
    private final EventStoreDatabase database;
    private final EventStoreCluster cluster;
    private final DatabaseTimer timer;
    private final List<ListeningNode> nodes = new CopyOnWriteArrayList<>();
    private final Set<StoreConnection> connections = new LinkedHashSet<>();
    private boolean isClosed;

    /** Of one node like 5.0.11, with one listener: with TLS if {@code endpoint} has it. */
    public EventStoreServer(Vertx vertx, EndpointOptions endpoint) {
        this(vertx, EventStoreServerOptions.DEFAULT, NodeEndpoints.of(endpoint));
    }

    /**
     * @param nodes the first one is the leader at the beginning, the others are followers
     * @throws IllegalArgumentException without nodes
     */
    public EventStoreServer(Vertx vertx, EventStoreServerOptions options, NodeEndpoints... nodes) {
        if (nodes.length == 0) {
            throw new IllegalArgumentException("nodes: 0 (expected: >= 1)");
        }
        this.context = vertx.getOrCreateContext();
        this.options = options;
        this.database = new EventStoreDatabase(options, System::currentTimeMillis, Monotonic::millis);
        this.cluster = new EventStoreCluster(database);
        this.timer = new DatabaseTimer(vertx, database);
        for (NodeEndpoints each : nodes) {
            EventStoreNode node = new EventStoreNode(cluster, UUID.randomUUID());
            this.nodes.add(new ListeningNode(vertx, this, node, each));
        }
    }

    /** In the order of the constructor. */
    public List<ListeningNode> nodes() {
        return List.copyOf(nodes);
    }

    /** What was accepted and refused. */
    public ServerCounters counters() {
        return database.counters();
    }

    /**
     * Opens all nodes.
     *
     * @return the port of the first one's clients, without TLS if it has both; fails with a
     *     {@link dev.polywire.core.net.ListenException} when one is taken, and then no node is open; with an {@link
     *     IllegalStateException} without the library protobuf, or when the server is closed
     */
    public Future<Integer> listen() {
        return on(() -> {
            if (EventStoreServer.class.getClassLoader().getResource(PROTOBUF) == null) {
                // Before its first client, which would see no more than the end of its connection.
                throw new IllegalStateException(
                        "protobuf is not on the class path (expected: the dependency com.google.protobuf:protobuf-java)");
            }
            Future<Void> open = Future.succeededFuture();
            for (ListeningNode each : nodes) {
                open = open.compose(before -> each.openHere());
            }
            ListeningNode first = nodes.get(0);
            return open.recover(taken -> closeNodes().transform(closed -> Future.failedFuture(taken)))
                    .map(all -> first.port() == 0 ? first.securePort() : first.port());
        });
    }

    /**
     * Whether enough nodes have what the leader writes. Without a majority its writes, deletions and commits wait; after two seconds
     * each is answered with CommitTimeout, and it is done when there is a majority again.
     */
    public Future<Void> majority(boolean isThere) {
        return on(() -> {
            cluster.majority(isThere);
            return Future.succeededFuture();
        });
    }

    /** Tells clients that their subscriptions are over, and closes all nodes, for good. The streams are gone with the server. */
    public Future<Void> close() {
        return on(() -> {
            isClosed = true;
            timer.stop();
            List.copyOf(connections).forEach(StoreConnection::shutDown);
            return closeNodes();
        });
    }

    /** Runs a step on the server's context, and looks at the database's deadline after it. */
    <T> Future<T> on(Supplier<Future<T>> step) {
        Promise<T> outcome = Promise.promise();
        context.runOnContext(now -> {
            try {
                step.get().onComplete(outcome);
            } catch (RuntimeException bug) {
                outcome.fail(bug);
            }
            timer.look();
        });
        return outcome.future();
    }

    boolean isClosed() {
        return isClosed;
    }

    void tellRoles() {
        nodes.forEach(ListeningNode::tellRole);
    }

    void accept(Acceptor.Accepted socket, EventStoreNode node) {
        ServerCounters counters = database.counters();
        ConnectionFault fault = node.faults().connected();
        if (isClosed
                || fault instanceof ConnectionFault.Refuse
                || counters.openConnections() >= options.maxConnections()) {
            refuse(socket);
            return;
        }
        StoreConnection connection = StoreConnection.accept(socket, node, fault, timer::look);
        counters.opened();
        connections.add(connection);
        connection.closeHandler(cause -> {
            connections.remove(connection);
            counters.closed();
        });
    }

    void refuse(Acceptor.Accepted socket) {
        database.counters().refused();
        socket.refuse();
    }

    private Future<Void> closeNodes() {
        List<Future<Void>> closed = new ArrayList<>();
        nodes.forEach(each -> closed.add(each.closeHere()));
        return Future.all(closed).mapEmpty();
    }
}
