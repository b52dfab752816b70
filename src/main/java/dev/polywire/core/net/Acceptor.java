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
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Listens on one endpoint and gives each socket a machine. */
public final class Acceptor {

    private final NetServer server;
    private final EndpointOptions endpoint;
    private final String protocol;
    private final Spi spi;
    /** Vert.x 5.1.6 answers a second shutdown at once, while the first still has the port. */
    private @Nullable Future<Void> left;

    /** A socket that was accepted and has no machine yet. */
    public final class Accepted {

        private final NetSocket socket;

        private Accepted(NetSocket socket) {
            this.socket = socket;
        }

        /** The peer's address, for logs. */
        public String remote() {
            return String.valueOf(socket.remoteAddress());
        }

        /** The machine the peer is on, for limits: an address without a port. */
        public String remoteHost() {
            return String.valueOf(socket.remoteAddress().hostAddress());
        }

        /** Who the peer's certificate is for; empty when it has shown none. */
        public Set<String> certificateNames() {
            try {
                return socket.isSsl() ? PeerNames.of(socket.peerCertificates().get(0)) : Set.of();
            } catch (SSLPeerUnverifiedException none) {
                return Set.of();
            }
        }

        public FrameTap tap() {
            return WireLog.of(protocol, remote());
        }

        /** Puts {@code machine} on it. @param maker makes the connection, now */
        public <E, C extends Connection<E>> C attach(Machine<E> machine, Function<OpenSocket<E>, C> maker) {
            // A socket without such a handler is closed as soon as its server leaves; one with it closes by itself.
            socket.shutdownHandler(left -> {
                if (left.isZero()) {
                    socket.close();
                }
            });
            C made = maker.apply(new OpenSocket<>(socket, machine, protocol, remote(), spi));
            made.begin();
            return made;
        }

        /** Closes it without a word. */
        public void refuse() {
            socket.close();
        }
    }

    /** @throws IllegalArgumentException when TLS is asked for without a certificate */
    public Acceptor(Vertx vertx, EndpointOptions endpoint, String protocol, Spi spi) {
        this(vertx, endpoint, false, protocol, spi);
    }

    /**
     * @param certificateOptional whether a peer may do without a certificate though {@code tls.trust} is set
     * @throws IllegalArgumentException when TLS is asked for without a certificate
     */
    public Acceptor(Vertx vertx, EndpointOptions endpoint, boolean certificateOptional, String protocol, Spi spi) {
        this.endpoint = endpoint;
        this.protocol = protocol;
        this.spi = spi;
        this.server = vertx.createNetServer(options(endpoint, certificateOptional));
    }

    /**
     * Reads the files of {@code tls} again, which may be others: for who connects from now on.
     *
     * @param changed with TLS when it was with TLS; where it listens stays as it was
     * @return fails when they cannot be read; all is as before then
     */
    public Future<Void> update(EndpointOptions changed, boolean certificateOptional) {
        return changed.tls() == null
                ? Future.succeededFuture()
                : server.updateSSLOptions(options(changed, certificateOptional).getSslOptions(), true)
                        .mapEmpty();
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
     *
     * @return done when nobody listens and nothing that was accepted is open
     */
    public Future<Void> leave(long millis) {
        Future<Void> leaving = left == null ? server.shutdown(millis, TimeUnit.MILLISECONDS) : left;
        left = leaving;
        return leaving;
    }

    /** Stops listening and closes what was accepted; behind {@link #leave} it is done when that is. */
    public Future<Void> close() {
        return leave(0);
    }

    private static NetServerOptions options(EndpointOptions endpoint, boolean certificateOptional) {
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
                options.setClientAuth(certificateOptional ? ClientAuth.REQUEST : ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertPath(tls.trust()));
            }
        }
        return options;
    }
}
