package dev.polywire.core.net;

import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The names in a certificate: its subject's common names and its subject alternative names (RFC 5280, 4.2.1.6). */
final class PeerNames {

    /** rfc822Name, dNSName, uniformResourceIdentifier, iPAddress: the kinds that Java gives as text. */
    private static final Set<Integer> TEXTS = Set.of(1, 2, 6, 7);
    /** dNSName, iPAddress. */
    private static final Set<Integer> HOSTS = Set.of(2, 7);

    private PeerNames() {}

    /** Empty when the certificate has none, or cannot be read. */
    static Set<String> of(Certificate certificate) {
        try {
            Set<String> names = new TreeSet<>();
            if (certificate instanceof X509Certificate x509) {
                names.addAll(common(x509));
                names.addAll(alternative(x509, TEXTS));
            }
            return names;
        } catch (InvalidNameException | CertificateParsingException unreadable) {
            return Set.of();
        }
    }

    /** The hosts that it is for (RFC 9110, 4.3.4): a common name counts only where there is no alternative name. */
    static Set<String> hosts(X509Certificate certificate) {
        try {
            Set<String> hosts = alternative(certificate, HOSTS);
            return hosts.isEmpty() ? common(certificate) : hosts;
        } catch (InvalidNameException | CertificateParsingException unreadable) {
            return Set.of();
        }
    }

    private static Set<String> common(X509Certificate certificate) throws InvalidNameException {
        Set<String> names = new TreeSet<>();
        for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                names.add(name);
            }
        }
        return names;
    }

    private static Set<String> alternative(X509Certificate certificate, Set<Integer> kinds)
            throws CertificateParsingException {
        Set<String> names = new TreeSet<>();
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        for (List<?> each : all == null ? List.<List<?>>of() : all) {
            if (each.get(0) instanceof Integer kind && kinds.contains(kind)) {
                names.add(String.valueOf(each.get(1)));
            }
        }
        return names;
    }
}
