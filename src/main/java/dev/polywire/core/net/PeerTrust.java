package dev.polywire.core.net;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Decides as another trust manager does, and says what is wrong with a certificate: {@link TlsFailure} passes it on. */
public final class PeerTrust extends X509ExtendedTrustManager {

    private interface Check {

        void run() throws CertificateException;
    }

    private final X509ExtendedTrustManager judge;

    private PeerTrust(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    /** The same trust managers, with words. */
    public static TrustManager[] of(TrustManager[] judges) {
        TrustManager[] speaking = judges.clone();
        for (int i = 0; i < speaking.length; i++) {
            if (speaking[i] instanceof X509ExtendedTrustManager judge) {
                speaking[i] = new PeerTrust(judge);
            }
        }
        return speaking;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        explained(chain, engine.getPeerHost(), () -> judge.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        String host =
                socket instanceof SSLSocket tls ? tls.getHandshakeSession().getPeerHost() : null;
        explained(chain, host, () -> judge.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        explained(chain, null, () -> judge.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        explained(chain, null, () -> judge.checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        explained(chain, null, () -> judge.checkClientTrusted(chain, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        explained(chain, null, () -> judge.checkClientTrusted(chain, authType));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }

    private static void explained(X509Certificate[] chain, @Nullable String host, Check check)
            throws CertificateException {
        try {
            check.run();
        } catch (CertificateException refused) {
            throw PeerCertificateException.of(chain, host, refused);
        }
    }
}
