package dev.polywire.bolt.session;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** A pool for each server in use. */
final class BoltServers {

    private record Server(Dialer dialer, BoltPool pool) {

        Future<Void> close() {
            pool.close();
            return dialer.close();
        }
    }

    private final Vertx vertx;
    private final BoltSessionOptions options;
    private final Consumer<RuntimeException> lost;
    private final Spi spi;
    private final Map<BoltAddress, Server> servers = new LinkedHashMap<>();
    private boolean closed;

    /** @param lost receives the failure of each connection that broke or could not be made */
    BoltServers(Vertx vertx, BoltSessionOptions options, Consumer<RuntimeException> lost, Spi spi) {
        this.vertx = vertx;
        this.options = options;
        this.lost = lost;
        this.spi = spi;
    }

    BoltPool pool(BoltAddress address) {
        Server server = servers.computeIfAbsent(address, this::server);
        if (closed) {
            server.close();
        }
        return server.pool;
    }

    /** Retires the idle connections, to which a new login does not apply. */
    void clear() {
        servers.values().forEach(server -> server.pool.clear());
    }

    /** Closes the pools of servers that are not named and not in use. */
    void retain(Set<BoltAddress> named) {
        for (BoltAddress address : List.copyOf(servers.keySet())) {
            Server server = servers.get(address);
            if (server != null && !named.contains(address) && server.pool.inUse() == 0) {
                servers.remove(address);
                server.close();
            }
        }
    }

    /** Open connections. */
    int connections() {
        return servers.values().stream().mapToInt(server -> server.pool.size()).sum();
    }

    Future<Void> close() {
        List<Future<Void>> closing =
                servers.values().stream().map(Server::close).toList();
        servers.clear();
        closed = true;
        return Future.join(closing).mapEmpty();
    }

    private Server server(BoltAddress address) {
        EndpointOptions endpoint =
                new EndpointOptions(address.host(), address.port(), options.connectTimeoutMillis(), options.tls());
        Dialer dialer = new Dialer(vertx, endpoint, "bolt", spi);
        StandingRefusal refusal = new StandingRefusal(new Random());
        return new Server(
                dialer,
                new BoltPool(
                        vertx,
                        () -> refusal.attempt(() -> connect(dialer)),
                        options.pool(),
                        lost,
                        !options.uri().routed(),
                        endpoint.target(),
                        spi));
    }

    private Future<BoltConnection> connect(Dialer dialer) {
        return options.auth()
                .token()
                .compose(user -> BoltConnection.connect(dialer, options.wire().with(user)));
    }
}
