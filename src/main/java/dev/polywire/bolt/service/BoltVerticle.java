package dev.polywire.bolt.service;

import dev.polywire.bolt.session.BoltClient;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/**
 * A Bolt connector on the bus: a pool of connections per instance and server. Its configuration is {@link BoltOptions} as
 * JSON; its service is {@link BoltService}, at {@code polywire.bolt} by default.
 */
public final class BoltVerticle extends VerticleBase {

    private final Spi spi;
    private @Nullable Connector connector;
    private @Nullable BoltClient client;

    /** Without metrics and traces. */
    public BoltVerticle() {
        this(Spi.NONE);
    }

    /** @param spi watches over its requests and connections */
    public BoltVerticle(Spi spi) {
        this.spi = spi;
    }

    @Override
    public Future<?> start() {
        BoltOptions options = BoltOptions.fromJson(Fields.of(config()));
        Connector bus = new Connector(vertx, options.connector(), "bolt", options.target(), spi);
        BoltClient up = new BoltClient(vertx, options.session(), spi, bus);
        BoltQueries queries = new BoltQueries(vertx, bus, up, options);
        BoltEndpoint service = new BoltEndpoint(bus, up, queries);
        RawQueryHandler raw = new RawQueryHandler(vertx, queries, options);
        connector = bus;
        client = up;
        return bus.firstAttempt(up.start().recover(cause -> Future.failedFuture(BoltFailure.of(cause))))
                .compose(started -> bus.serve(BoltService.class, service))
                .compose(served -> bus.serveRaw(RawQueryHandler.ACTIONS, raw::handle))
                .onFailure(notStarted -> up.close());
    }

    @Override
    public Future<?> stop() {
        Connector bus = connector;
        BoltClient up = client;
        return bus == null || up == null ? Future.succeededFuture() : bus.leave(up::close);
    }
}
