package dev.polywire.app;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The required content of a PEM file, so that an incompletely written file is not accepted. */
enum Pem {
    CERTIFICATES("at least one certificate, and nothing but certificates"),
    KEY("a private key in PKCS #8, PKCS #1 or SEC 1, not encrypted"),
    /** As MongoDB's own programs have it. */
    BOTH("at least one certificate, and a private key in PKCS #8, PKCS #1 or SEC 1, not encrypted");

    private static final Pattern KEY_BLOCK = Pattern.compile(
            "-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----\\s([A-Za-z0-9+/=\\s]+)-----END \\1-----", Pattern.DOTALL);

    private final String expected;

    Pem(String expected) {
        this.expected = expected;
    }

    /** For people. */
    String expected() {
        return expected;
    }

    boolean isIn(byte[] file) {
        return switch (this) {
            case KEY -> holdsKey(file);
            case CERTIFICATES -> holdsCertificates(file);
            case BOTH -> holdsKey(file) && holdsCertificates(withoutKeys(file));
        };
    }

    private static byte[] withoutKeys(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        return KEY_BLOCK.matcher(text).replaceAll("").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean holdsCertificates(byte[] file) {
        try {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(file))
                    .isEmpty();
        } catch (CertificateException malformed) {
            return false;
        }
    }

    private static boolean holdsKey(byte[] file) {
        Matcher block = KEY_BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
        try {
            return block.find() && Base64.getMimeDecoder().decode(block.group(2)).length > 0;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
