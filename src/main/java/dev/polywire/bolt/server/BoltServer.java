package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltServerMachine;
import dev.polywire.bolt.wire.BoltServerOptions;
import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Accepts Bolt clients and lets a handler answer their requests. Belongs to the context it listens on.
 *
 * <pre>{@code
 *   BoltServer server = new BoltServer(vertx, EndpointOptions.of("127.0.0.1", 7687), (session, query, parameters) ->
 *           Future.succeededFuture(QueryResult.row(List.of("query", "parameters"), query, parameters)));
 *   server.listen();
 * }</pre>
 */
public final class BoltServer {

    /** Drivers reject a server whose agent does not begin with {@code Neo4j/} and a version. */
    public static final String AGENT = "Neo4j/5.26.0-polywire";

    /** How long a request may run before the server sends a keep-alive to the driver, from Bolt 4.3 on. */
    public static final int RECEIVE_TIMEOUT_SECONDS = 120;

    private static final int LOOK_MILLIS = 1_000;

    private final Vertx vertx;
    private final Acceptor acceptor;
    private final BoltServerOptions options;
    private final ServerBounds bounds;
    private final ServerNames names;
    private final BoltHandler handler;
    private final LoginGuard guard;
    private final String name = UUID.randomUUID().toString().substring(0, 8);
    private final Set<ServedConnection> connections = new LinkedHashSet<>();
    private final Map<String, Integer> hosts = new HashMap<>();
    private long accepted;
    private long refused;
    private final Promise<Void> gone = Promise.promise();
    private boolean leaving;
    private long looking = -1;

    /** With the defaults. */
    public BoltServer(Vertx vertx, EndpointOptions endpoint, BoltHandler handler) {
        this(
                vertx,
                endpoint,
                new BoltServerOptions(AGENT, "").receiveTimeout(RECEIVE_TIMEOUT_SECONDS),
                ServerBounds.DEFAULT,
                handler);
    }

    /** With the default names, and without metrics and traces. */
    public BoltServer(
            Vertx vertx,
            EndpointOptions endpoint,
            BoltServerOptions options,
            ServerBounds bounds,
            BoltHandler handler) {
        this(vertx, endpoint, options, bounds, ServerNames.DEFAULT, Spi.NONE, handler);
    }

    /**
     * @param endpoint with {@code tls.trust}, every client must have a certificate
     * @param options of each connection; each gets its own connection id
     * @param names for clients and handlers that say none
     * @param handler answers the requests
     */
    public BoltServer(
            Vertx vertx,
            EndpointOptions endpoint,
            BoltServerOptions options,
            ServerBounds bounds,
            ServerNames names,
            Spi spi,
            BoltHandler handler) {
        this.vertx = vertx;
        this.acceptor = new Acceptor(vertx, endpoint, "bolt", spi);
        this.options = options;
        this.bounds = bounds;
        this.names = names;
        this.handler = handler;
        this.guard = new LoginGuard(bounds.logins());
    }

    /** @return the port it listens on */
    public Future<Integer> listen() {
        return acceptor.listen(this::accept).onSuccess(port -> {
            looking = vertx.setPeriodic(LOOK_MILLIS, t -> look());
        });
    }

    /** How many clients are connected. */
    public int connections() {
        return connections.size();
    }

    /** Connections that were closed because the server had too many. */
    public long refusedConnections() {
        return refused;
    }

    /** Logins that were wrong, or refused unchecked after too many wrong ones. */
    public long refusedLogins() {
        return guard.refused();
    }

    /**
     * Stops listening and closes idle connections; open requests, results and transactions may complete.
     *
     * @param drainMillis 0 or more; then the remaining ones fail with {@link Failures#UNAVAILABLE}
     * @return completes when all connections are closed
     */
    public Future<Void> stop(long drainMillis) {
        leaving = true;
        Future<Void> left = acceptor.leave(drainMillis + LOOK_MILLIS);
        List.copyOf(connections).forEach(ServedConnection::leave);
        long patience = vertx.setTimer(Math.max(1, drainMillis), t -> endAll());
        completeWhenEmpty();
        return gone.future().compose(none -> left).onComplete(done -> {
            vertx.cancelTimer(patience);
            vertx.cancelTimer(looking);
        });
    }

    /** Stops listening and closes all connections; their requests fail. */
    public Future<Void> close() {
        return stop(0);
    }

    private void left(ServedConnection connection, String host) {
        connections.remove(connection);
        hosts.computeIfPresent(host, (same, count) -> count == 1 ? null : count - 1);
        completeWhenEmpty();
    }

    private void completeWhenEmpty() {
        if (leaving && connections.isEmpty()) {
            gone.tryComplete();
        }
    }

    private void accept(Acceptor.Accepted socket) {
        String host = socket.remoteHost();
        if (leaving
                || connections.size() >= bounds.maxConnections()
                || hosts.getOrDefault(host, 0) >= bounds.maxConnectionsPerHost()) {
            refused++;
            socket.refuse();
            return;
        }
        String id = "bolt-" + name + "-" + ++accepted;
        BoltServerMachine machine = new BoltServerMachine(options.named(id), socket.tap());
        BoltAddress here = names.advertised() == null
                ? new BoltAddress(socket.localHost(), socket.localPort())
                : names.advertised();
        Login login = new Login(handler, guard, id, host, socket.certificateNames(), here);
        ServedConnection connection = socket.attach(
                machine, open -> new ServedConnection(open, machine, handler, login, names.database(), bounds));
        connections.add(connection);
        hosts.merge(host, 1, Integer::sum);
        connection.closeHandler(cause -> left(connection, host));
    }

    private void look() {
        long nowMillis = Monotonic.millis();
        List.copyOf(connections).forEach(connection -> connection.look(nowMillis));
    }

    private void endAll() {
        CallException why = new CallException(CallException.Reason.SHUTTING_DOWN, "the server is leaving");
        List.copyOf(connections).forEach(connection -> connection.stop(why));
    }
}
