package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorVerticle;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;

/**
 * An AMQP connector on the bus: per instance one connection that publishes, one that consumes,
 * and now and then one that declares. Its configuration is
 * {@link AmqpOptions} as JSON; its service is {@link AmqpService}, at {@code polywire.amqp} by default.
 */
public final class AmqpVerticle extends ConnectorVerticle<AmqpOptions> {

    /** Without metrics and traces. */
    public AmqpVerticle() {
        this(Spi.NONE);
    }

    /** @param spi observes its requests and connections */
    public AmqpVerticle(Spi spi) {
        super("amqp", AmqpOptions::fromJson, spi);
    }

    @Override
    protected Future<Void> start(AmqpOptions options) {
        Connector bus = connector(options.connector(), "amqp", options.target(), AmqpFailure::of);
        TopologySetup setup = new TopologySetup(vertx, bus, options);
        AmqpClient up = new AmqpClient(vertx, options.session(), spi(), new BrokerEvents(bus, setup));
        bus.bindings();
        AmqpEndpoint service = new AmqpEndpoint(vertx, bus, up, setup, options.prefetchCount(), options.consumer());
        RawMessageHandler raw = new RawMessageHandler(up);
        leaving(() -> {
            setup.stop();
            return bus.leave(() -> up.close(0));
        });
        return bus.firstAttempt(up.start())
                .compose(started -> bus.serve(AmqpService.class, service, RawMessageHandler.ACTIONS, raw))
                .compose(served -> setup.start(up, options.connector().failFast()));
    }
}
