package dev.polywire.framed.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.client.FramedClient;
import dev.polywire.framed.wire.PayloadCodec;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/**
 * A framed client on the bus: keeps a connection to a server up. Its configuration is {@link FramedOptions} as JSON; its
 * service is {@link FramedService}, at {@code polywire.framed} by default.
 */
public final class FramedClientVerticle extends VerticleBase {

    private final @Nullable PayloadCodec codec;
    private final Spi spi;
    private @Nullable Connector connector;
    private @Nullable FramedClient client;

    /** Payloads are what the option {@code codec} says. */
    public FramedClientVerticle() {
        this(null, Spi.NONE);
    }

    /** @param codec what payloads are, instead of the option {@code codec}; null: as the option says */
    public FramedClientVerticle(@Nullable PayloadCodec codec) {
        this(codec, Spi.NONE);
    }

    /**
     * @param codec as {@link #FramedClientVerticle(PayloadCodec)}
     * @param spi watches over its requests and connections
     */
    public FramedClientVerticle(@Nullable PayloadCodec codec, Spi spi) {
        this.codec = codec;
        this.spi = spi;
    }

    @Override
    public Future<?> start() {
        FramedOptions options = FramedOptions.client(Fields.of(config()));
        Connector bus = new Connector(
                vertx, options.connector(), "framed", options.endpoint().target(), spi);
        FramedEndpoint service = new FramedEndpoint(vertx, bus, options.format(codec), options.limits());
        FramedClient up = new FramedClient(vertx, options.endpoint(), options.limits(), spi, bus, service);
        service.serve(up);
        bus.count("unreadConnections", up::unreadConnections);
        connector = bus;
        client = up;
        return bus.firstAttempt(up.start())
                .compose(started -> bus.serve(FramedService.class, service))
                .compose(served -> bus.serveRaw(FramedEndpoint.RAW_ACTIONS, service::raw))
                .compose(served -> service.bind(options.bindings()))
                .onFailure(notStarted -> up.close());
    }

    @Override
    public Future<?> stop() {
        Connector bus = connector;
        FramedClient up = client;
        return bus == null || up == null ? Future.succeededFuture() : bus.leave(up::close);
    }
}
