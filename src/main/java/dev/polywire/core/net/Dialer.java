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
    private boolean closed;

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
     * @return fails with a {@link CallException}: UNAVAILABLE, UNAUTHENTICATED for TLS, or SHUTTING_DOWN once closed
     */
    public <E> Future<MachineSocket<E>> dial(Machine<E> machine, MachineSocket.Listener<E> listener) {
        if (closed) {
            return Future.failedFuture(closing());
        }
        return client.connect(endpoint.port(), endpoint.host())
                .recover(refused -> Future.failedFuture(failure(refused)))
                .map(socket -> new MachineSocket<>(socket, machine, listener, protocol, endpoint.target(), spi));
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
        SSLException tls = TlsOptions.failure(refused);
        if (tls != null) {
            return new CallException(
                    CallException.Reason.UNAUTHENTICATED,
                    "TLS with " + endpoint.target() + ": " + tls.getMessage(),
                    refused);
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
