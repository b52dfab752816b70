package dev.polywire.framed.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorVerticle;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.client.FramedClient;
import dev.polywire.framed.wire.PayloadCodec;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A framed client on the bus: keeps a connection to a server up. Its configuration is {@link FramedOptions} as JSON; its
 * service is {@link FramedService}, at {@code polywire.framed} by default.
 */
public final class FramedClientVerticle extends ConnectorVerticle<FramedOptions> {

    private final @Nullable PayloadCodec codec;

    /** The option {@code codec} selects the codec. */
    public FramedClientVerticle() {
        this(null, Spi.NONE);
    }

    /** @param codec the codec of the payloads, instead of the option {@code codec}; null: the option */
    public FramedClientVerticle(@Nullable PayloadCodec codec) {
        this(codec, Spi.NONE);
    }

    /** @param codec as {@link #FramedClientVerticle(PayloadCodec)} @param spi observes its requests and connections */
    public FramedClientVerticle(@Nullable PayloadCodec codec, Spi spi) {
        super("framed-client", FramedOptions::client, spi);
        this.codec = codec;
    }

    @Override
    protected Future<Void> start(FramedOptions options) {
        Connector bus = connector(options.connector(), "framed", options.endpoint());
        FramedEndpoint service = new FramedEndpoint(vertx, bus, options.format(codec), options.limits());
        FramedClient up = new FramedClient(vertx, options.endpoint(), options.limits(), spi(), bus, service);
        service.serve(up);
        leaving(() -> bus.leave(up::close).onComplete(left -> service.release()));
        return bus.firstAttempt(up.start())
                .compose(started -> bus.serve(FramedService.class, service, FramedEndpoint.RAW_ACTIONS, service::raw))
                .compose(served -> service.bind(options.bindings()));
    }
}
