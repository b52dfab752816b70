package dev.polywire.bolt.service;

import dev.polywire.bolt.session.BoltClient;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorVerticle;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;

/**
 * A Bolt connector on the bus: a pool of connections per instance and server. Its configuration is {@link BoltOptions} as
 * JSON; its service is {@link BoltService}, at {@code polywire.bolt} by default.
 */
public final class BoltVerticle extends ConnectorVerticle<BoltOptions> {

    /** Without metrics and traces. */
    public BoltVerticle() {
        this(Spi.NONE);
    }

    /** @param spi for metrics and traces of its requests and connections */
    public BoltVerticle(Spi spi) {
        super("bolt", BoltOptions::fromJson, spi);
    }

    @Override
    protected Future<Void> start(BoltOptions options) {
        Connector bus = connector(options.connector(), "bolt", options.target(), BoltFailure::of);
        BoltClient up = new BoltClient(vertx, options.session(), spi(), bus);
        BoltQueries queries = new BoltQueries(vertx, bus, up, options);
        BoltEndpoint service = new BoltEndpoint(bus, up, queries);
        RawQueryHandler raw = new RawQueryHandler(vertx, queries, options);
        leaving(() -> bus.leave(up::close));
        return bus.firstAttempt(up.start())
                .compose(started -> bus.serve(BoltService.class, service, RawQueryHandler.ACTIONS, raw));
    }
}
