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

    private PeerNames() {}

    /** Empty when the certificate has none, or cannot be read. */
    static Set<String> of(Certificate certificate) {
        Set<String> names = new TreeSet<>();
        if (certificate instanceof X509Certificate x509) {
            try {
                for (Rdn part : new LdapName(x509.getSubjectX500Principal().getName()).getRdns()) {
                    if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String name) {
                        names.add(name);
                    }
                }
                Collection<List<?>> alternatives = x509.getSubjectAlternativeNames();
                for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
                    if (each.get(0) instanceof Integer kind && TEXTS.contains(kind)) {
                        names.add(String.valueOf(each.get(1)));
                    }
                }
            } catch (InvalidNameException | CertificateParsingException unreadable) {
                return Set.of();
            }
        }
        return names;
    }
}
