package dev.polywire.framed.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorState;
import dev.polywire.core.json.Fields;
import dev.polywire.framed.server.FramedServer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/**
 * A framed server on the bus: listens, and speaks with whoever connects. Its configuration is {@link FramedOptions} as
 * JSON; its service is {@link FramedService}, at {@code polywire.framed-server} by default. Deploy one instance: ids of
 * connections are its own, and the bus would share calls among several.
 */
public final class FramedServerVerticle extends VerticleBase {

    private @Nullable Connector connector;
    private @Nullable FramedServer server;

    @Override
    public Future<?> start() {
        FramedOptions options = FramedOptions.server(Fields.of(config()));
        Connector bus = new Connector(
                vertx, options.connector(), "framed", options.endpoint().target());
        FramedEndpoint service = new FramedEndpoint(vertx, bus, options.codec());
        FramedServer listening =
                new FramedServer(vertx, options.endpoint(), options.limits(), options.maxConnections(), service);
        service.serve(listening);
        bus.count("refusedConnections", listening::refused);
        connector = bus;
        server = listening;
        return listening
                .listen()
                .compose(port -> {
                    bus.listening(port);
                    return bus.serve(FramedService.class, service);
                })
                .compose(served -> bus.serveRaw(FramedEndpoint.RAW_ACTIONS, service::raw))
                .compose(served -> service.bind(options.bindings()))
                .onSuccess(served -> bus.become(ConnectorState.READY, null));
    }

    @Override
    public Future<?> stop() {
        Connector bus = connector;
        FramedServer listening = server;
        return bus == null || listening == null ? Future.succeededFuture() : bus.leave(listening::close);
    }
}
