package dev.polywire.framed.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorState;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.server.FramedServer;
import dev.polywire.framed.wire.PayloadCodec;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/**
 * A framed server on the bus: listens, and speaks with whoever connects. Its configuration is {@link FramedOptions} as
 * JSON; its service is {@link FramedService}, at {@code polywire.framed-server} by default. Deploy one instance: ids of
 * connections are its own, and the bus would share calls among several.
 */
public final class FramedServerVerticle extends VerticleBase {

    private final @Nullable PayloadCodec codec;
    private final Spi spi;
    private @Nullable Connector connector;
    private @Nullable FramedServer server;

    /** Payloads are what the option {@code codec} says. */
    public FramedServerVerticle() {
        this(null, Spi.NONE);
    }

    /** @param codec what payloads are, instead of the option {@code codec}; null: as the option says */
    public FramedServerVerticle(@Nullable PayloadCodec codec) {
        this(codec, Spi.NONE);
    }

    /**
     * @param codec as {@link #FramedServerVerticle(PayloadCodec)}
     * @param spi watches over its requests and connections
     */
    public FramedServerVerticle(@Nullable PayloadCodec codec, Spi spi) {
        this.codec = codec;
        this.spi = spi;
    }

    @Override
    public Future<?> start() {
        FramedOptions options = FramedOptions.server(Fields.of(config()));
        Connector bus = new Connector(
                vertx, options.connector(), "framed", options.endpoint().target(), spi);
        FramedEndpoint service = new FramedEndpoint(vertx, bus, options.format(codec), options.limits());
        FramedServer listening = new FramedServer(
                vertx,
                options.endpoint(),
                options.limits(),
                options.maxConnections(),
                options.maxConnectionsPerAddress(),
                spi,
                service);
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

    /** Accepts nobody, takes no request, lets those in flight end, writes what was sent, closes. */
    @Override
    public Future<?> stop() {
        Connector bus = connector;
        FramedServer listening = server;
        if (bus == null || listening == null) {
            return Future.succeededFuture();
        }
        listening.leave(bus.options().drainMillis());
        return bus.leave(listening::close);
    }
}
