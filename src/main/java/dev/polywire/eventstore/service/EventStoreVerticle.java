package dev.polywire.eventstore.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorVerticle;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.session.EventStoreClient;
import io.vertx.core.Future;

/**
 * An EventStore connector. Its configuration is that of {@link EventStoreOptions}; it serves {@link EventStoreService} at its address. The
 * start does not wait for the server unless {@code failFast} is true.
 */
public final class EventStoreVerticle extends ConnectorVerticle<EventStoreOptions> {

    /** Without metrics and traces. */
    public EventStoreVerticle() {
        this(Spi.NONE);
    }

    /** @param spi observes its requests and connections */
    public EventStoreVerticle(Spi spi) {
        super("eventstore", EventStoreOptions::fromJson, spi);
    }

    @Override
    protected Future<Void> start(EventStoreOptions options) {
        Connector bus = connector(options.connector(), "eventstore", options.target(), EventStoreFailure::of);
        EventStoreClient up =
                new EventStoreClient(vertx, options.endpoint(), options.cluster(), options.client(), spi(), bus);
        bus.bindings();
        EventStoreEndpoint service = new EventStoreEndpoint(vertx, bus, up, options);
        RawPayloadHandler raw = new RawPayloadHandler(service.calls(), options.retryAny());
        GroupBindings bindings = new GroupBindings(vertx, bus, service.groups());
        leaving(() -> {
            bindings.stop();
            return bus.leave(up::close);
        });
        bus.count("strayAnswers", up::strayAnswers);
        bus.count("repeated", up::repeated);
        return bus.firstAttempt(up.start())
                .compose(started -> bus.serve(EventStoreService.class, service, RawPayloadHandler.ACTIONS, raw))
                .compose(served -> bindings.start(options.bindings()));
    }
}
