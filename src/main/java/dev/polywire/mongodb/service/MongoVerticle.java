package dev.polywire.mongodb.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorVerticle;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.client.MongoClient;
import io.vertx.core.Future;

/**
 * A MongoDB connector on the bus: one connection per instance, pipelined. Its configuration is {@link MongoOptions} as
 * JSON; its service is {@link MongoService}, at {@code polywire.mongodb} by default.
 */
public final class MongoVerticle extends ConnectorVerticle<MongoOptions> {

    /** Without metrics and traces. */
    public MongoVerticle() {
        this(Spi.NONE);
    }

    /** @param spi observes its requests and connections */
    public MongoVerticle(Spi spi) {
        super("mongodb", MongoOptions::fromJson, spi);
    }

    @Override
    protected Future<Void> start(MongoOptions options) {
        Connector bus = connector(options.connector(), "mongodb", options.endpoint());
        MongoClient up = new MongoClient(
                vertx,
                options.endpoint(),
                options.client(),
                options.maxInFlight(),
                options.heartbeatMillis(),
                spi(),
                bus);
        MongoEndpoint service = new MongoEndpoint(vertx, bus, up, true);
        leaving(() -> bus.leave(up::close));
        return bus.firstAttempt(up.start())
                .compose(started -> bus.serve(MongoService.class, service, MongoEndpoint.RAW_ACTIONS, service::raw));
    }
}
