package dev.polywire.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** TLS to the bridge, by PEM files. The bridge's certificate must be for the host that was dialled. */
final class ClientTls {

    private static final int HANDSHAKE_TIMEOUT_MILLIS = 10_000;
    /** The store is never saved: the JDK requires one to pass a key. */
    private static final char[] NO_PASSWORD = new char[0];

    /** The option has no value: its presence selects this group. */
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--tls", description = "speak TLS; trust whom the JDK trusts")
    private boolean on;

    @Option(names = "--tls-trust", paramLabel = "PEM", description = "trust the certificates in this file instead")
    private @Nullable Path trust;

    @Option(
            names = "--tls-certificate",
            paramLabel = "PEM",
            description = "our own certificate, for a bridge that asks for one")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "PEM", description = "its private key (PKCS #8)")
    private @Nullable Path key;

    /** Performs the TLS handshake. @throws GeneralSecurityException when a file is invalid */
    Socket on(Socket plain, String host) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(ours(), trusted(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(HANDSHAKE_TIMEOUT_MILLIS);
        socket.startHandshake();
        socket.setSoTimeout(0);
        return socket;
    }

    private javax.net.ssl.TrustManager @Nullable [] trusted() throws IOException, GeneralSecurityException {
        if (trust == null) {
            return null;
        }
        KeyStore store = emptyStore();
        for (Certificate each : certificates(trust)) {
            store.setCertificateEntry("trusted-" + store.size(), each);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private javax.net.ssl.KeyManager @Nullable [] ours() throws IOException, GeneralSecurityException {
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new InvalidKeyException("one without the other (expected: certificate and key, or neither)");
        }
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "ours", privateKey(key), NO_PASSWORD, certificates(certificate).toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static List<Certificate> certificates(Path pem) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        }
    }

    private static PrivateKey privateKey(Path pem) throws IOException, GeneralSecurityException {
        String base64 = Files.readString(pem).replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "");
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            throw new InvalidKeyException("not PEM (expected: BEGIN PRIVATE KEY)");
        }
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException another) {
                // The encoding names its algorithm, but the JDK has no method to read it.
            }
        }
        throw new InvalidKeyException("not a key that can be read (expected: PKCS #8 of EC, RSA or Ed25519)");
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }
}
