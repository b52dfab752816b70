package dev.polywire.bridge;

import dev.polywire.core.bus.NodeWatch;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The TCP event bus bridge: clients in any language send requests to the addresses they are permitted, and get the
 * answers. Its configuration is {@link BridgeOptions#fromJson}.
 *
 * <p>It takes {@code send} and {@code ping}; {@code publish}, {@code register} and {@code unregister} are answered with
 * {@code not_supported}. Whatever is refused is answered by an {@code err} frame with the reason as one word, and only a
 * frame that is too large, or a client that does not read, ends a connection.
 */
public final class TcpBridgeVerticle extends VerticleBase {

    /** How long the last answers may take to leave the machine, behind the drain. */
    private static final long CLOSE_MILLIS = 1_000;

    private final Set<BridgeConnection> connections = new LinkedHashSet<>();
    private final BridgeCounters counters = new BridgeCounters();
    private @Nullable Running running;
    private int port;
    private boolean leaving;

    private record Running(BridgeConnection.Common common, Acceptor acceptor) {}

    @Override
    public Future<?> start() {
        NodeWatch.install(vertx);
        BridgeOptions options = BridgeOptions.fromJson(Fields.of(config()));
        Acceptor acceptor = new Acceptor(vertx, options.endpoint(), "bridge", Spi.NONE);
        BusRequests requests = new BusRequests(vertx.eventBus());
        BridgeConnection.Common common =
                new BridgeConnection.Common(options, counters, vertx.eventBus(), requests, connections::remove);
        running = new Running(common, acceptor);
        return acceptor.listen(socket -> accepted(common, socket))
                .onSuccess(chosen -> port = chosen)
                .onFailure(taken -> requests.close());
    }

    /** Accepts nobody, takes no request, waits for the answers to those in flight, closes. */
    @Override
    public Future<?> stop() {
        if (running == null) {
            return Future.succeededFuture();
        }
        Running leaver = running;
        leaving = true;
        long drainMillis = leaver.common.options().drainMillis();
        long timer = vertx.setTimer(Math.max(1, drainMillis), t -> all(BridgeConnection::abandon));
        Future<Void> gone = leaver.acceptor.leave(drainMillis + CLOSE_MILLIS);
        all(BridgeConnection::leave);
        return gone.onComplete(done -> {
            vertx.cancelTimer(timer);
            leaver.common.requests().close();
        });
    }

    /** The port it listens on, once it is deployed; the system's choice when the configuration says 0. */
    public int actualPort() {
        return port;
    }

    /**
     * What it has done since it started: sockets, frames, requests, failed, givenUp, slowConsumers, and refused by the word
     * of the refusal. Called on its context.
     */
    public JsonObject counters() {
        return counters.json();
    }

    /** Clients that are connected. Called on its context. */
    public int connected() {
        return connections.size();
    }

    private void accepted(BridgeConnection.Common common, Acceptor.Accepted socket) {
        if (leaving) {
            socket.refuse();
        } else {
            counters.socket();
            connections.add(new BridgeConnection(common, socket));
        }
    }

    private void all(Consumer<BridgeConnection> step) {
        List.copyOf(connections).forEach(step);
    }
}
