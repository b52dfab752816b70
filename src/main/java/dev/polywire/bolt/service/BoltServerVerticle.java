package dev.polywire.bolt.service;

import dev.polywire.bolt.server.BoltServer;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorState;
import dev.polywire.core.bus.ConnectorVerticle;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * A Bolt server whose queries a consumer at an address of the bus answers, see {@link BoltQueryService}. It is configured by
 * {@link ServingOptions} as JSON; its own service is {@link BoltServerService}, at {@code polywire.bolt-server} by default.
 */
public final class BoltServerVerticle extends ConnectorVerticle<ServingOptions> {

    /** Without metrics and traces. */
    public BoltServerVerticle() {
        this(Spi.NONE);
    }

    /** @param spi for metrics and traces of its requests and connections */
    public BoltServerVerticle(Spi spi) {
        super("bolt-server", ServingOptions::fromJson, spi);
    }

    @Override
    protected Future<Void> start(ServingOptions options) {
        Connector bus = connector(options.connector(), "bolt", options.endpoint());
        BusHandler handler = new BusHandler(vertx, options);
        BoltServer listening = new BoltServer(
                vertx, options.endpoint(), options.server(), options.bounds(), options.names(), spi(), handler);
        bus.count("connections", listening::connections);
        bus.count("refusedConnections", listening::refusedConnections);
        bus.count("refusedLogins", listening::refusedLogins);
        bus.count("queries", handler.requests()::asked);
        bus.count("failedQueries", handler.requests()::failed);
        // Accepts no further client; open requests and transactions may complete.
        leaving(() -> listening.stop(bus.options().drainMillis()).eventually(() -> bus.leave(Future::succeededFuture)));
        return listening
                .listen()
                .compose(port -> {
                    bus.listening(port);
                    return bus.serve(BoltServerService.class, new StatusService(bus, listening));
                })
                .onSuccess(served -> bus.become(ConnectorState.READY, null));
    }

    private record StatusService(Connector bus, BoltServer server) implements BoltServerService {

        @Override
        public Future<JsonObject> ping() {
            return Future.succeededFuture(new JsonObject().put("connections", server.connections()));
        }

        @Override
        public Future<JsonObject> status() {
            return Future.succeededFuture(bus.status());
        }
    }
}
