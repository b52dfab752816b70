package dev.polywire.bridge;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The TCP event bus bridge: clients in any language send, publish, serve and listen at the addresses they are permitted.
 * Its configuration is {@code host, port, tls}, {@code call, serve, listen} (a client without credentials, on this machine
 * only), {@code clients} (each with {@code name}, {@code token} or {@code certificate}, {@code call, serve, listen}), and
 * {@link BridgeLimits} by their names. docs/bridge.md shows the frames.
 *
 * <p>Whatever is refused is answered by an {@code err} frame with the reason as one word; what ends a connection is a frame
 * that is too large, a client that does not log in, does not read or says nothing.
 */
public final class TcpBridgeVerticle extends VerticleBase {

    /** How long the last answers may take to leave the machine, behind the drain. */
    private static final long CLOSE_MILLIS = 1_000;

    private final Set<BridgeConnection> connections = new LinkedHashSet<>();
    private final Spi spi;
    private final BridgeCounters counters = new BridgeCounters();
    private @Nullable Running running;
    private int port;
    private boolean leaving;

    private record Running(BridgeContext context, Acceptor acceptor) {}

    /** Without metrics and traces. */
    public TcpBridgeVerticle() {
        this(Spi.NONE);
    }

    /** @param spi watches over its connections */
    public TcpBridgeVerticle(Spi spi) {
        this.spi = spi;
    }

    @Override
    public Future<?> start() {
        BridgeOptions options = BridgeOptions.fromJson(Fields.of(config()));
        Acceptor acceptor = new Acceptor(vertx, options.endpoint(), options.certificateIsOptional(), "bridge", spi);
        BridgeContext bridge = new BridgeContext(vertx, options, counters);
        running = new Running(bridge, acceptor);
        return NodeWatch.install(Polywire.install(vertx))
                .ready()
                .compose(hears -> acceptor.listen(socket -> accepted(bridge, socket)))
                .onSuccess(chosen -> port = chosen)
                .onFailure(taken -> bridge.requests().close());
    }

    /** Accepts nobody, takes no request, waits for the answers to those in flight, closes. */
    @Override
    public Future<?> stop() {
        if (running == null) {
            return Future.succeededFuture();
        }
        Running leaver = running;
        leaving = true;
        long drainMillis = leaver.context.limits().drainMillis();
        long timer = vertx.setTimer(Math.max(1, drainMillis), t -> all(BridgeConnection::abandon));
        Future<Void> gone = leaver.acceptor.leave(drainMillis + CLOSE_MILLIS);
        all(BridgeConnection::leave);
        return gone.onComplete(done -> {
            vertx.cancelTimer(timer);
            leaver.context.requests().close();
        });
    }

    /**
     * Takes another configuration while it runs: tokens, permissions and certificates for everybody from now on, limits for
     * who comes from now on. A client that is no longer in it is told so and closed; one whose token or certificate has
     * changed stays until it leaves. Where it listens, and whether with TLS, cannot change. From any thread.
     *
     * @return fails, and all is as before, with a {@link dev.polywire.core.json.FieldException} that names the path, or
     *     because a certificate cannot be read
     */
    public Future<Void> reload(JsonObject config) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                v -> Future.future((Promise<Void> p) -> changed(config).onComplete(p))
                        .onComplete(done));
        return done.future();
    }

    /** The port it listens on, once it is deployed; the system's choice when the configuration says 0. */
    public int actualPort() {
        return port;
    }

    /**
     * What it has done since it started: sockets, frames, requests, failed, givenUp, slowConsumers and so on, and refused by
     * the word of the refusal. Called on its context.
     */
    public JsonObject counters() {
        return counters.json();
    }

    /** Clients that are connected. Called on its context. */
    public int connected() {
        return connections.size();
    }

    /** Bytes that all clients together make it hold, see {@link BridgeLimits#maxTotalBytes}. Called on its context. */
    public long heldBytes() {
        return running == null ? 0 : running.context.budget().totalBytes();
    }

    private Future<Void> changed(JsonObject config) {
        if (running == null || leaving) {
            return Future.failedFuture(new IllegalStateException("the bridge does not run"));
        }
        Running now = running;
        Fields json = Fields.of(config);
        BridgeOptions options = BridgeOptions.fromJson(json);
        EndpointOptions before = now.context.options().endpoint();
        EndpointOptions after = options.endpoint();
        if (!before.target().equals(after.target())) {
            throw json.complaint("port", after.target() + " (expected: " + before.target() + ", until a restart)");
        }
        if ((before.tls() == null) != (after.tls() == null)) {
            throw json.complaint("tls", "other than before (expected: with or without it, until a restart)");
        }
        return now.acceptor.update(after, options.certificateIsOptional()).onSuccess(updated -> {
            now.context.options(options);
            all(BridgeConnection::reload);
        });
    }

    private void accepted(BridgeContext bridge, Acceptor.Accepted socket) {
        if (leaving || connections.size() >= bridge.limits().maxSockets()) {
            counters.refusedSocket();
            socket.refuse();
        } else {
            counters.socket();
            connections.add(BridgeConnection.accept(bridge, socket, connections::remove));
        }
    }

    private void all(Consumer<BridgeConnection> step) {
        List.copyOf(connections).forEach(step);
    }
}
