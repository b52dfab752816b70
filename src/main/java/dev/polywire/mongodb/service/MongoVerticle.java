package dev.polywire.mongodb.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.client.MongoClient;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/**
 * A MongoDB connector on the bus: one connection per instance, pipelined. Its configuration is {@link MongoOptions} as
 * JSON; its service is {@link MongoService}, at {@code polywire.mongodb} by default.
 */
public final class MongoVerticle extends VerticleBase {

    private final Spi spi;
    private @Nullable Connector connector;
    private @Nullable MongoClient client;

    /** Without metrics and traces. */
    public MongoVerticle() {
        this(Spi.NONE);
    }

    /** @param spi watches over its requests and connections */
    public MongoVerticle(Spi spi) {
        this.spi = spi;
    }

    @Override
    public Future<?> start() {
        MongoOptions options = MongoOptions.fromJson(Fields.of(config()));
        Connector bus = new Connector(
                vertx, options.connector(), "mongodb", options.endpoint().target(), spi);
        MongoClient up = new MongoClient(vertx, options.endpoint(), options.client(), options.maxInFlight(), spi, bus);
        MongoEndpoint service = new MongoEndpoint(vertx, bus, up);
        connector = bus;
        client = up;
        return bus.firstAttempt(up.start())
                .compose(started -> bus.serve(MongoService.class, service))
                .compose(served -> bus.serveRaw(MongoEndpoint.RAW_ACTIONS, service::raw))
                .onFailure(notStarted -> up.close());
    }

    @Override
    public Future<?> stop() {
        Connector bus = connector;
        MongoClient up = client;
        return bus == null || up == null ? Future.succeededFuture() : bus.leave(up::close);
    }
}
