package dev.polywire.core.net;

import dev.polywire.core.json.Fields;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one endpoint, by PEM files.
 *
 * @param trust certificates of the authorities we trust; a client's default is the JDK's list. On a server it makes a
 *     client certificate mandatory (mTLS)
 * @param certificate our own certificate chain; a server must have one
 * @param key the private key of {@code certificate}
 * @param verifyHost on a client: the certificate must name the host that was dialled; default true
 */
public record TlsOptions(
        @Nullable String trust,
        @Nullable String certificate,
        @Nullable String key,
        boolean verifyHost) {

    /** Reads the whole object. */
    public static TlsOptions fromJson(Fields json) {
        TlsOptions tls = new TlsOptions(
                json.textOrNull("trust"),
                json.textOrNull("certificate"),
                json.textOrNull("key"),
                json.flag("verifyHost", true));
        json.done();
        if ((tls.certificate == null) != (tls.key == null)) {
            throw json.complaint(
                    tls.key == null ? "key" : "certificate", "missing (expected: certificate and key, or neither)");
        }
        return tls;
    }
}
