package dev.polywire.framed.service;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorState;
import dev.polywire.core.bus.ConnectorVerticle;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.server.FramedServer;
import dev.polywire.framed.wire.PayloadCodec;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A framed server on the bus: accepts connections and serves them. Its configuration is {@link FramedOptions} as JSON; its
 * service is {@link FramedService}, at {@code polywire.framed-server} by default. Deploy one instance: ids of connections
 * are its own, and the bus would share calls among several.
 */
public final class FramedServerVerticle extends ConnectorVerticle<FramedOptions> {

    private final @Nullable PayloadCodec codec;

    /** The option {@code codec} selects the codec. */
    public FramedServerVerticle() {
        this(null, Spi.NONE);
    }

    /** @param codec the codec of the payloads, instead of the option {@code codec}; null: the option */
    public FramedServerVerticle(@Nullable PayloadCodec codec) {
        this(codec, Spi.NONE);
    }

    /** @param codec as {@link #FramedServerVerticle(PayloadCodec)} @param spi observes its requests and connections */
    public FramedServerVerticle(@Nullable PayloadCodec codec, Spi spi) {
        super("framed-server", FramedOptions::server, spi);
        this.codec = codec;
    }

    @Override
    protected Future<Void> start(FramedOptions options) {
        Connector bus = connector(options.connector(), "framed", options.endpoint());
        FramedEndpoint service = new FramedEndpoint(vertx, bus, options.format(codec), options.limits());
        FramedServer listening = new FramedServer(
                vertx,
                options.endpoint(),
                options.limits(),
                options.maxConnections(),
                options.maxConnectionsPerAddress(),
                spi(),
                service);
        service.serve(listening);
        bus.count("refusedConnections", listening::refused);
        // Accepts no connection and no request, waits for those in flight, writes what was sent, closes.
        leaving(() -> {
            listening.leave(bus.options().drainMillis());
            return bus.leave(listening::close).onComplete(left -> service.release());
        });
        return listening
                .listen()
                .compose(port -> {
                    bus.listening(port);
                    return bus.serve(FramedService.class, service, FramedEndpoint.RAW_ACTIONS, service::raw);
                })
                .compose(served -> service.bind(options.bindings()))
                .onSuccess(served -> bus.become(ConnectorState.READY, null));
    }
}
