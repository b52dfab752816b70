package dev.polywire.core.net;

import dev.polywire.core.wire.Printable;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A certificate of the peer is not accepted. The message says which one and what is wrong with it. */
final class PeerCertificateException extends CertificateException {

    private static final long serialVersionUID = 1;

    private static final int MAX_NAME_CHARACTERS = 200;
    private static final int MAX_NAMES = 8;

    private final boolean heals;

    private PeerCertificateException(String message, boolean heals, CertificateException refused) {
        // TLS chooses the alert for the peer by this cause.
        super(message, refused.getCause() == null ? refused : refused.getCause());
        this.heals = heals;
    }

    /**
     * @param chain the peer's certificates, its own first
     * @param host the name that was dialled; null: unknown, or the peer has dialled
     */
    static CertificateException of(X509Certificate[] chain, @Nullable String host, CertificateException refused) {
        if (chain == null || chain.length == 0) {
            return refused;
        }
        Instant now = Instant.now();
        for (X509Certificate each : chain) {
            Instant begin = each.getNotBefore().toInstant();
            Instant end = each.getNotAfter().toInstant();
            if (now.isAfter(end)) {
                return new PeerCertificateException(named(each, chain) + " has expired at " + end, false, refused);
            } else if (now.isBefore(begin)) {
                return new PeerCertificateException(
                        named(each, chain) + " is not valid before " + begin, true, refused);
            }
        }
        return new PeerCertificateException(named(chain[0], chain) + wrong(chain, host, refused), false, refused);
    }

    /** Whether time alone makes the certificate acceptable. */
    boolean heals() {
        return heals;
    }

    private static String wrong(X509Certificate[] chain, @Nullable String host, CertificateException refused) {
        X509Certificate own = chain[0];
        // The JDK compares names last, and reports them with this class itself.
        if (host != null && refused.getClass() == CertificateException.class && refused.getCause() == null) {
            return " is for " + names(own) + " (expected: " + host + ")";
        } else if (!String.valueOf(refused.getMessage()).startsWith("PKIX path building failed")) {
            return " is not accepted: " + refused.getMessage();
        }
        X509Certificate last = chain[chain.length - 1];
        return own.getSubjectX500Principal().equals(own.getIssuerX500Principal())
                ? " is self-signed, and not trusted"
                : " is signed by " + cut(last.getIssuerX500Principal().getName()) + ", which is not trusted";
    }

    private static String names(X509Certificate certificate) {
        Set<String> names = PeerNames.hosts(certificate);
        if (names.isEmpty()) {
            return "nobody";
        }
        List<String> some = names.stream()
                .limit(MAX_NAMES)
                .map(PeerCertificateException::cut)
                .toList();
        return String.join(", ", some) + (names.size() > MAX_NAMES ? ", ..." : "");
    }

    private static String named(X509Certificate certificate, X509Certificate[] chain) {
        return (certificate == chain[0] ? "its certificate (" : "in its chain the certificate (")
                + cut(certificate.getSubjectX500Principal().getName()) + ")";
    }

    private static String cut(String name) {
        return Printable.line(name.length() > MAX_NAME_CHARACTERS ? name.substring(0, MAX_NAME_CHARACTERS) : name);
    }
}
