package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/**
 * An AMQP connector on the bus: two connections per instance, one that publishes and one that consumes. Its configuration is
 * {@link AmqpOptions} as JSON; its service is {@link AmqpService}, at {@code polywire.amqp} by default.
 */
public final class AmqpVerticle extends VerticleBase {

    private final Spi spi;
    private @Nullable Connector connector;
    private @Nullable AmqpClient client;
    private @Nullable TopologySetup topology;

    /** Without metrics and traces. */
    public AmqpVerticle() {
        this(Spi.NONE);
    }

    /** @param spi watches over its requests and connections */
    public AmqpVerticle(Spi spi) {
        this.spi = spi;
    }

    @Override
    public Future<?> start() {
        AmqpOptions options = AmqpOptions.fromJson(Fields.of(config()));
        Connector bus = new Connector(vertx, options.connector(), "amqp", options.target(), spi);
        AmqpClient up = new AmqpClient(vertx, options.session(), spi, new BrokerEvents(bus));
        bus.bindings();
        AmqpEndpoint service = new AmqpEndpoint(vertx, bus, up, options.prefetchCount());
        RawMessageHandler raw = new RawMessageHandler(up);
        TopologySetup setup = new TopologySetup(vertx, bus, up, options);
        connector = bus;
        client = up;
        topology = setup;
        return bus.firstAttempt(up.start().recover(cause -> Future.failedFuture(AmqpFailure.of(cause))))
                .compose(started -> bus.serve(AmqpService.class, service))
                .compose(served -> bus.serveRaw(RawMessageHandler.ACTIONS, raw::handle))
                .compose(served -> setup.start(options.connector().failFast()))
                .onFailure(notStarted -> up.close(0));
    }

    @Override
    public Future<?> stop() {
        Connector bus = connector;
        AmqpClient up = client;
        if (bus == null || up == null || topology == null) {
            return Future.succeededFuture();
        }
        topology.stop();
        return bus.leave(() -> up.close(0));
    }
}
