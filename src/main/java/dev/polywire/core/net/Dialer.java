package dev.polywire.core.net;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Machine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** Makes outgoing connections to one endpoint. */
public final class Dialer {

    private final EndpointOptions endpoint;
    private final String protocol;
    private final Spi spi;
    private final NetClient client;

    /** @param protocol its name in logs and metrics */
    public Dialer(Vertx vertx, EndpointOptions endpoint, String protocol, Spi spi) {
        this.endpoint = endpoint;
        this.protocol = protocol;
        this.spi = spi;
        this.client = vertx.createNetClient(options(endpoint));
    }

    public EndpointOptions endpoint() {
        return endpoint;
    }

    /** The tap for the next machine. */
    public FrameTap tap() {
        return WireLog.of(protocol, endpoint.target());
    }

    /**
     * Dials, and puts {@code machine} on the socket.
     *
     * @return fails with a {@link CallException}: UNAVAILABLE, or UNAUTHENTICATED for TLS
     */
    public <E> Future<MachineSocket<E>> dial(Machine<E> machine, MachineSocket.Listener<E> listener) {
        return client.connect(endpoint.port(), endpoint.host())
                .recover(refused -> Future.failedFuture(failure(refused)))
                .map(socket -> new MachineSocket<>(socket, machine, listener, protocol, endpoint.target(), spi));
    }

    public Future<Void> close() {
        return client.close();
    }

    private CallException failure(Throwable refused) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return new CallException(
                        CallException.Reason.UNAUTHENTICATED,
                        "TLS with " + endpoint.target() + ": " + cause.getMessage(),
                        refused);
            }
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
            if (tls.trust() != null) {
                options.setTrustOptions(new PemTrustOptions().addCertPath(tls.trust()));
            }
            if (tls.certificate() != null && tls.key() != null) {
                options.setKeyCertOptions(
                        new PemKeyCertOptions().addCertPath(tls.certificate()).addKeyPath(tls.key()));
            }
        }
        return options;
    }
}
