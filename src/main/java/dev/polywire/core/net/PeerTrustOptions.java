package dev.polywire.core.net;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.security.KeyStore;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the certificates in a file, or whom the JDK trusts, and says what is wrong with another one.
 *
 * @param trust a PEM file, which is read when the first connection is made; null: the JDK's list
 */
record PeerTrustOptions(@Nullable String trust) implements TrustOptions {

    @Override
    public TrustOptions copy() {
        return this;
    }

    @Override
    public TrustManagerFactory getTrustManagerFactory(Vertx vertx) throws Exception {
        TrustManager[] speaking = PeerTrust.of(judges(vertx));
        return TrustOptions.wrap(speaking[0]).getTrustManagerFactory(vertx);
    }

    /** By the name that a client asks a server for: there is none on our servers. */
    @Override
    public Function<String, TrustManager[]> trustManagerMapper(Vertx vertx) {
        return name -> null;
    }

    private TrustManager[] judges(Vertx vertx) throws Exception {
        if (trust != null) {
            return new PemTrustOptions()
                    .addCertPath(trust)
                    .getTrustManagerFactory(vertx)
                    .getTrustManagers();
        }
        TrustManagerFactory jdk = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        jdk.init((KeyStore) null);
        return jdk.getTrustManagers();
    }
}
