package dev.polywire.core.net;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Machine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Makes outgoing connections to one endpoint. */
public final class Dialer {

    private final EndpointOptions endpoint;
    private final String protocol;
    private final Spi spi;
    private final NetClient client;
    private final MemoryBudget budget;
    private boolean closed;

    /** @param protocol its name in logs and metrics */
    public Dialer(Vertx vertx, EndpointOptions endpoint, String protocol, Spi spi) {
        this.endpoint = endpoint;
        this.protocol = protocol;
        this.spi = spi;
        this.client = vertx.createNetClient(options(endpoint));
        this.budget = MemoryBudget.of(vertx);
    }

    public EndpointOptions endpoint() {
        return endpoint;
    }

    /** The frame tap of the next machine. */
    public FrameTap tap() {
        return WireLog.of(protocol, endpoint.target());
    }

    /**
     * Dials, puts {@code machine} on the socket and performs the handshake.
     *
     * @param maker makes the connection, in the turn in which its socket opened
     * @return the connection, ready. Fails with a {@link CallException}: UNAVAILABLE (also when the peer is silent),
     *     UNAUTHENTICATED for TLS that time does not heal ({@link TlsFailure}), SHUTTING_DOWN once closed; or with the failure of the handshake
     */
    public <E, C extends Connection<E>> Future<C> connect(Machine<E> machine, Function<OpenSocket<E>, C> maker) {
        if (closed) {
            return Future.failedFuture(closing());
        }
        return client.connect(endpoint.port(), endpoint.host())
                .recover(refused -> Future.failedFuture(failure(refused)))
                .compose(socket -> {
                    try {
                        C made = maker.apply(new OpenSocket<>(
                                socket, machine, protocol, endpoint.target(), spi, budget, endpoint.tls()));
                        return made.begin().map(made);
                    } catch (RuntimeException bug) {
                        socket.close();
                        throw bug;
                    }
                });
    }

    /** Closes its connections too. */
    public Future<Void> close() {
        closed = true;
        return client.close();
    }

    private CallException closing() {
        return new CallException(
                CallException.Reason.SHUTTING_DOWN, "the dialer of " + endpoint.target() + " is closed");
    }

    private CallException failure(Throwable refused) {
        if (closed) {
            return closing();
        }
        TlsOptions tls = endpoint.tls();
        if (TlsFailure.isIn(refused)) {
            return TlsFailure.of(endpoint.target(), tls != null && tls.certificate() != null, refused);
        }
        return new CallException(
                CallException.Reason.UNAVAILABLE,
                "cannot connect to " + endpoint.target() + ": " + refused.getMessage(),
                refused);
    }

    private static NetClientOptions options(EndpointOptions endpoint) {
        NetClientOptions options = new NetClientOptions()
                .setConnectTimeout(endpoint.connectTimeoutMillis())
                .setTcpNoDelay(true);
        TlsOptions tls = endpoint.tls();
        if (tls != null) {
            options.setSsl(true)
                    .setSslHandshakeTimeout(endpoint.connectTimeoutMillis())
                    .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                    .setHostnameVerificationAlgorithm(tls.verifyHost() ? "HTTPS" : "");
            options.setTrustOptions(new PeerTrustOptions(tls.trust()));
            if (tls.certificate() != null && tls.key() != null) {
                options.setKeyCertOptions(
                        new PemKeyCertOptions().addCertPath(tls.certificate()).addKeyPath(tls.key()));
            }
        }
        return options;
    }
}
