package dev.polywire.app.cli;

import dev.polywire.core.net.PeerTrust;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
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

    /** Whether we have a certificate to show. */
    boolean isCertified() {
        return certificate != null;
    }

    /** Reads the files. @throws GeneralSecurityException when one cannot be read, or is invalid; its message names the option */
    SSLContext context() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(ours(), trusted(), null);
        return context;
    }

    /** Performs the TLS handshake. */
    static Socket on(SSLContext context, Socket plain, String host) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(HANDSHAKE_TIMEOUT_MILLIS);
        socket.startHandshake();
        socket.setSoTimeout(0);
        return socket;
    }

    private TrustManager[] trusted() throws GeneralSecurityException {
        KeyStore store = null;
        if (trust != null) {
            store = emptyStore();
            for (Certificate each : certificates("--tls-trust", trust)) {
                store.setCertificateEntry("trusted-" + store.size(), each);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        // Without a store, those whom the JDK trusts.
        factory.init(store);
        return PeerTrust.of(factory.getTrustManagers());
    }

    private KeyManager @Nullable [] ours() throws GeneralSecurityException {
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new InvalidKeyException(
                    "--tls-certificate, --tls-key: one without the other (expected: both, or neither)");
        }
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "ours",
                privateKey(key),
                NO_PASSWORD,
                certificates("--tls-certificate", certificate).toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static List<Certificate> certificates(String option, Path pem) throws GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            List<Certificate> read =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (!read.isEmpty()) {
                return read;
            }
        } catch (IOException unreadable) {
            throw unreadable(option, pem, unreadable);
        } catch (CertificateException none) {
            // As of a file without any.
        }
        throw new CertificateException(option + ": " + pem + " has no certificate (expected: BEGIN CERTIFICATE)");
    }

    private static PrivateKey privateKey(Path pem) throws GeneralSecurityException {
        try {
            String base64 = Files.readString(pem).replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "");
            return privateKey(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
        } catch (IOException unreadable) {
            throw unreadable("--tls-key", pem, unreadable);
        } catch (IllegalArgumentException | InvalidKeySpecException another) {
            throw new InvalidKeyException("--tls-key: " + pem
                    + " has no key that can be read (expected: BEGIN PRIVATE KEY; EC, RSA or Ed25519)");
        }
    }

    private static PrivateKey privateKey(PKCS8EncodedKeySpec encoded) throws GeneralSecurityException {
        InvalidKeySpecException last = new InvalidKeySpecException();
        for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException another) {
                // The encoding names its algorithm, but the JDK has no method to read it.
                last = another;
            }
        }
        throw last;
    }

    private static GeneralSecurityException unreadable(String option, Path file, IOException why) {
        String what = why instanceof NoSuchFileException ? "there is no such file" : why.toString();
        return new GeneralSecurityException(option + ": " + file + " cannot be read (" + what + ")", why);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException never) {
            throw new IllegalStateException(never);
        }
        return store;
    }
}
