package dev.polywire.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's own TLS, for peers that share no code with ours. */
public final class TlsSockets {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private TlsSockets() {}

    /** @param server whom to trust @param identity who we are, or null: nobody */
    public static SocketFactory of(Certificates server, Certificates identity) {
        return context(server, identity).getSocketFactory();
    }

    /** For a server with this certificate. */
    static SSLServerSocketFactory serving(Certificates identity) {
        return context(identity, identity).getServerSocketFactory();
    }

    private static SSLContext context(Certificates server, Certificates identity) {
        try {
            KeyStore trusted = empty();
            trusted.setCertificateEntry("server", certificate(server));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyStore own = empty();
            if (identity != null) {
                own.setKeyEntry("own", key(identity), PASSWORD, new Certificate[] {certificate(identity)});
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD);
        return store;
    }

    private static Certificate certificate(Certificates pem) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(Path.of(pem.certificate()))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PrivateKey key(Certificates pem) throws IOException, GeneralSecurityException {
        String base64 = Files.readString(Path.of(pem.key())).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }
}
