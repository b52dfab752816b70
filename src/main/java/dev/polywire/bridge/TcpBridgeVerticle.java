package dev.polywire.bridge;

import dev.polywire.core.bus.Instances;
import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.VerticleStart;
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
 * <p>A refused frame is answered by an {@code err} frame with the reason as one word. The bridge closes the connection of a
 * client that sends too large a frame, does not log in, does not read, or is silent.
 */
public final class TcpBridgeVerticle extends VerticleBase {

    /** How long the last answers may take to leave the machine, after the drain. */
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

    /** @param spi for metrics and traces of its connections */
    public TcpBridgeVerticle(Spi spi) {
        this.spi = spi;
    }

    @Override
    public Future<?> start() {
        return VerticleStart.of(vertx, config(), BridgeOptions::fromJson, this::start);
    }

    private Future<Void> start(BridgeOptions options) {
        BridgeContext bridge = new BridgeContext(vertx, options, counters);
        Acceptor acceptor = new Acceptor(
                vertx, options.endpoint(), options.certificateIsOptional(), "bridge", spi, bridge.budget());
        running = new Running(bridge, acceptor);
        return NodeWatch.install(Polywire.install(vertx))
                .ready()
                .compose(hears -> Instances.of(vertx).ready())
                .compose(known -> acceptor.listen(
                        socket -> accepted(bridge, socket),
                        socket -> refuse(socket, Refusal.OVERLOADED, "memory: none left for another client")))
                .onSuccess(chosen -> port = chosen)
                .onFailure(taken -> bridge.requests().close())
                .mapEmpty();
    }

    /** Accepts no client and no request, waits for outstanding answers, closes. */
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
     * Applies another configuration at run time: tokens, permissions and certificates for all clients, limits for
     * new clients. A client that was removed gets an {@code err} frame and is closed; one whose token or certificate has
     * changed stays until it disconnects. Host, port, and the use of TLS cannot change. From any thread.
     *
     * @return fails, without any change, with a {@link dev.polywire.core.json.FieldException} that names the path, or
     *     because a certificate cannot be read
     */
    public Future<Void> reload(JsonObject config) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                v -> Future.future((Promise<Void> p) -> changed(config).onComplete(p))
                        .onComplete(done));
        return done.future();
    }

    /** The port it listens on, once it is deployed; the system chooses it when the configuration has 0. */
    public int actualPort() {
        return port;
    }

    /**
     * Its counters since the start: sockets, frames, requests, failed, givenUp, slowConsumers and so on, and refused, by
     * the word of the refusal. Called on its context.
     */
    public JsonObject counters() {
        return counters.json();
    }

    /** Connected clients. Called on its context. */
    public int connected() {
        return connections.size();
    }

    /**
     * The bytes held for all its clients, which {@link BridgeLimits#maxTotalBytes} limits: {@link
     * dev.polywire.core.net.MemoryBudget#status}, empty before the start. The {@code status} of a connector has those of
     * all connectors and the bridge. Called on its context.
     */
    public JsonObject memory() {
        return running == null ? new JsonObject() : running.context.budget().status();
    }

    private Future<Void> changed(JsonObject config) {
        if (running == null || leaving) {
            return Future.failedFuture(new IllegalStateException("the bridge does not run"));
        }
        Running now = running;
        EndpointOptions before = now.context.options().endpoint();
        return VerticleStart.options(vertx, config, json -> like(before, json))
                .compose(options -> now.acceptor
                        .update(options.endpoint(), options.certificateIsOptional())
                        .onSuccess(updated -> {
                            now.context.options(options);
                            all(BridgeConnection::reload);
                        }));
    }

    /** Options that a bridge can take which listens at {@code before}. */
    private static BridgeOptions like(EndpointOptions before, Fields json) {
        BridgeOptions options = BridgeOptions.fromJson(json);
        EndpointOptions after = options.endpoint();
        if (!before.target().equals(after.target())) {
            throw json.complaint("port", after.target() + " (expected: " + before.target() + ", until a restart)");
        }
        if ((before.tls() == null) != (after.tls() == null)) {
            throw json.complaint("tls", "other than before (expected: with or without it, until a restart)");
        }
        return options;
    }

    private void accepted(BridgeContext bridge, Acceptor.Accepted socket) {
        int max = bridge.limits().maxSockets();
        if (leaving) {
            refuse(socket, Refusal.SHUTTING_DOWN, "bridge: leaving");
        } else if (connections.size() >= max) {
            refuse(socket, Refusal.OVERLOADED, "clients: " + connections.size() + " (expected: < " + max + ")");
        } else {
            counters.socket();
            connections.add(BridgeConnection.accept(bridge, socket, connections::remove));
        }
    }

    /** Says why, and does not wait for the client to say anything. */
    private void refuse(Acceptor.Accepted socket, Refusal refusal, String detail) {
        counters.refusedSocket();
        counters.refused(refusal);
        socket.refuse(BridgeMachine.framed(
                ErrFrame.refused(null, null, refusal, detail).json().toBuffer()));
    }

    private void all(Consumer<BridgeConnection> step) {
        List.copyOf(connections).forEach(step);
    }
}
