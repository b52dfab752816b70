package dev.polywire.core.net;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Machine;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.concurrent.TimeUnit;

/** Listens on one endpoint and gives each socket a machine. */
public final class Acceptor {

    private final NetServer server;
    private final EndpointOptions endpoint;
    private final String protocol;
    private final Spi spi;

    /** A socket that was accepted and has no machine yet. */
    public final class Accepted {

        private final NetSocket socket;

        private Accepted(NetSocket socket) {
            this.socket = socket;
        }

        /** The peer's address, for logs and limits. */
        public String remote() {
            return String.valueOf(socket.remoteAddress());
        }

        public FrameTap tap() {
            return WireLog.of(protocol, remote());
        }

        public <E> MachineSocket<E> attach(Machine<E> machine, MachineSocket.Listener<E> listener) {
            // A socket without such a handler is closed as soon as its server leaves; one with it closes by itself.
            socket.shutdownHandler(left -> {
                if (left.isZero()) {
                    socket.close();
                }
            });
            return new MachineSocket<>(socket, machine, listener, protocol, remote(), spi);
        }

        /** Closes it without a word. */
        public void refuse() {
            socket.close();
        }
    }

    /** @throws IllegalArgumentException when TLS is asked for without a certificate */
    public Acceptor(Vertx vertx, EndpointOptions endpoint, String protocol, Spi spi) {
        this.endpoint = endpoint;
        this.protocol = protocol;
        this.spi = spi;
        this.server = vertx.createNetServer(options(endpoint));
    }

    /** @return the port, which the system chose when the endpoint says 0 */
    public Future<Integer> listen(Handler<Accepted> handler) {
        return server.connectHandler(socket -> {
                    try {
                        handler.handle(new Accepted(socket));
                    } catch (RuntimeException bug) {
                        socket.close();
                        throw bug;
                    }
                })
                .listen(endpoint.port(), endpoint.host())
                .map(NetServer::actualPort);
    }

    /**
     * Stops listening; what was accepted may go on for {@code millis} (0 or more), and is closed then. From now on a close
     * does not wait for what is written: {@link MachineSocket#flush} tells when it may come.
     */
    public Future<Void> leave(long millis) {
        return server.shutdown(millis, TimeUnit.MILLISECONDS);
    }

    /** Stops listening and closes what was accepted. */
    public Future<Void> close() {
        return server.close();
    }

    private static NetServerOptions options(EndpointOptions endpoint) {
        NetServerOptions options = new NetServerOptions().setTcpNoDelay(true);
        TlsOptions tls = endpoint.tls();
        if (tls != null) {
            if (tls.certificate() == null || tls.key() == null) {
                throw new IllegalArgumentException("tls.certificate: missing (expected: a PEM file, on a server)");
            }
            options.setSsl(true)
                    .setSslHandshakeTimeout(endpoint.connectTimeoutMillis())
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addCertPath(tls.certificate())
                            .addKeyPath(tls.key()));
            if (tls.trust() != null) {
                options.setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertPath(tls.trust()));
            }
        }
        return options;
    }
}
