package dev.polywire.core.net;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Machine;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Listens on one endpoint and gives each socket a machine. */
public final class Acceptor {

    private static final Logger LOG = System.getLogger(Acceptor.class.getName());
    /** Strangers try every open port: what is wrong with them is not the whole log. */
    private static final long ONE_LINE_MILLIS = 60_000;

    private final NetServer server;
    private final EndpointOptions endpoint;
    private final String protocol;
    private final Spi spi;
    private final MemoryBudget budget;
    private final AtomicLong nextLineMillis = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong untold = new AtomicLong();
    /** Vert.x 5.1.6 completes a second shutdown at once, while the first still holds the port. */
    private @Nullable Future<Void> left;

    /** An accepted socket that has no machine yet. */
    public final class Accepted {

        private final NetSocket socket;

        private Accepted(NetSocket socket) {
            this.socket = socket;
        }

        /** The peer's address, for logs. */
        public String remote() {
            return String.valueOf(socket.remoteAddress());
        }

        /** The address of the peer's machine, without a port; for limits. */
        public String remoteHost() {
            return String.valueOf(socket.remoteAddress().hostAddress());
        }

        /** The address at which the peer has reached this machine, without a port. */
        public String localHost() {
            return String.valueOf(socket.localAddress().hostAddress());
        }

        /** The port that goes with {@link #localHost}. */
        public int localPort() {
            return socket.localAddress().port();
        }

        /** The names in the peer's certificate; empty when it has shown none. */
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

        /** Puts {@code machine} on the socket. @param maker makes the connection, now */
        public <E, C extends Connection<E>> C attach(Machine<E> machine, Function<OpenSocket<E>, C> maker) {
            // A socket without such a handler is closed as soon as its server stops; a socket with one closes itself.
            socket.shutdownHandler(left -> {
                if (left.isZero()) {
                    socket.close();
                }
            });
            C made = maker.apply(new OpenSocket<>(socket, machine, protocol, remote(), spi, budget, endpoint.tls()));
            made.begin();
            return made;
        }

        /** Closes the socket without sending anything. */
        public void refuse() {
            socket.close();
        }

        /**
         * Closes the socket with a last word, and reads nothing.
         *
         * @param word short enough for a new connection, on which nothing waits: at most 4 KiB
         */
        public void refuse(Buffer word) {
            socket.end(word);
        }
    }

    /** @throws IllegalArgumentException when TLS is asked for without a certificate */
    public Acceptor(Vertx vertx, EndpointOptions endpoint, String protocol, Spi spi) {
        this(vertx, endpoint, false, protocol, spi, MemoryBudget.of(vertx));
    }

    /**
     * @param certificateOptional whether a peer may connect without a certificate although {@code tls.trust} is set
     * @param budget of the accepted connections: that of {@code vertx}, or a part of it
     * @throws IllegalArgumentException when TLS is asked for without a certificate
     */
    public Acceptor(
            Vertx vertx,
            EndpointOptions endpoint,
            boolean certificateOptional,
            String protocol,
            Spi spi,
            MemoryBudget budget) {
        this.endpoint = endpoint;
        this.protocol = protocol;
        this.spi = spi;
        this.budget = budget;
        this.server = vertx.createNetServer(options(endpoint, certificateOptional));
    }

    /**
     * Reads the files of {@code tls} again, which may be other files; they apply to new connections.
     *
     * @param changed has TLS if the endpoint had TLS; host and port of the listener do not change
     * @return fails when the files cannot be read; then nothing changes
     */
    public Future<Void> update(EndpointOptions changed, boolean certificateOptional) {
        return changed.tls() == null
                ? Future.succeededFuture()
                : server.updateSSLOptions(options(changed, certificateOptional).getSslOptions(), true)
                        .mapEmpty();
    }

    /**
     * While the memory budget is exceeded, new sockets are closed at once.
     *
     * @return the port, which the system chooses when the endpoint's port is 0; fails with a {@link ListenException}
     */
    public Future<Integer> listen(Handler<Accepted> handler) {
        return listen(handler, Accepted::refuse);
    }

    /** The same. @param refused refuses a new socket while the memory budget is exceeded: says why, if the protocol can */
    public Future<Integer> listen(Handler<Accepted> handler, Handler<Accepted> refused) {
        return server.exceptionHandler(this::notAccepted)
                .connectHandler(socket -> {
                    try {
                        (budget.admits() ? handler : refused).handle(new Accepted(socket));
                    } catch (RuntimeException bug) {
                        socket.close();
                        throw bug;
                    }
                })
                .listen(endpoint.port(), endpoint.host())
                .recover(cannot -> Future.failedFuture(ListenException.at(endpoint.target(), cannot)))
                .map(NetServer::actualPort);
    }

    /**
     * Stops listening. Accepted connections may continue for {@code millis} (0 or more), and are closed then. From now on a
     * close does not wait for unwritten bytes: {@link MachineSocket#flush} completes when they are written.
     *
     * @return completes when the listener is closed and no accepted connection is open
     */
    public Future<Void> leave(long millis) {
        Future<Void> leaving = left == null ? server.shutdown(millis, TimeUnit.MILLISECONDS) : left;
        left = leaving;
        return leaving;
    }

    /** Stops listening and closes the accepted connections; after {@link #leave} it completes together with that. */
    public Future<Void> close() {
        return leave(0);
    }

    /** A handshake of TLS has failed. Called on any event loop. */
    private void notAccepted(Throwable failure) {
        if (!TlsFailure.isIn(failure)) {
            return;
        }
        long nowMillis = Monotonic.millis();
        long line = nextLineMillis.get();
        if (nowMillis < line || !nextLineMillis.compareAndSet(line, nowMillis + ONE_LINE_MILLIS)) {
            untold.incrementAndGet();
            return;
        }
        long more = untold.getAndSet(0);
        String words = TlsFailure.of("a client of " + endpoint.host() + ":" + server.actualPort(), true, failure)
                .getMessage();
        LOG.log(Level.WARNING, words + (more == 0 ? "" : "; " + more + " other handshakes have failed before it"));
    }

    private static NetServerOptions options(EndpointOptions endpoint, boolean certificateOptional) {
        return SocketOptions.listening(endpoint, certificateOptional, new NetServerOptions());
    }
}
