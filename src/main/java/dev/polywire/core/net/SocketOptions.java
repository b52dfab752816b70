package dev.polywire.core.net;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TCPSSLOptions;
import java.util.concurrent.TimeUnit;

/** An endpoint as Vert.x wants to have it. */
final class SocketOptions {

    private SocketOptions() {}

    /** Fills {@code options} of a client, but for the check of the host's name. */
    static <O extends ClientOptionsBase> O dialling(EndpointOptions endpoint, O options) {
        options.setConnectTimeout(endpoint.connectTimeoutMillis()).setTcpNoDelay(true);
        TlsOptions tls = endpoint.tls();
        if (tls != null) {
            secure(endpoint, tls, options);
            options.setTrustOptions(new PeerTrustOptions(tls.trust()));
        }
        return options;
    }

    /**
     * Fills {@code options} of a server.
     *
     * @param certificateOptional whether a peer may connect without a certificate although {@code tls.trust} is set
     * @throws IllegalArgumentException when TLS is asked for without a certificate
     */
    static <O extends NetServerOptions> O listening(EndpointOptions endpoint, boolean certificateOptional, O options) {
        options.setTcpNoDelay(true);
        TlsOptions tls = endpoint.tls();
        if (tls != null) {
            if (tls.certificate() == null || tls.key() == null) {
                throw new IllegalArgumentException("tls.certificate: missing (expected: a PEM file, on a server)");
            }
            secure(endpoint, tls, options);
            if (tls.trust() != null) {
                options.setClientAuth(certificateOptional ? ClientAuth.REQUEST : ClientAuth.REQUIRED)
                        .setTrustOptions(new PeerTrustOptions(tls.trust()));
            }
        }
        return options;
    }

    private static void secure(EndpointOptions endpoint, TlsOptions tls, TCPSSLOptions options) {
        options.setSsl(true)
                .setSslHandshakeTimeout(endpoint.connectTimeoutMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        if (tls.certificate() != null && tls.key() != null) {
            options.setKeyCertOptions(
                    new PemKeyCertOptions().addCertPath(tls.certificate()).addKeyPath(tls.key()));
        }
    }
}
