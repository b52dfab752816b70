package dev.polywire.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;

/**
 * A self-signed certificate and its key in PEM files. Made here: a {@code keytool} is a JVM of its own for each step.
 *
 * @param certificate path of the certificate; who trusts this identity trusts this file
 * @param key path of the private key (PKCS #8)
 */
public record Certificates(String certificate, String key) {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final String SUBJECT_KEY_ID = "2.5.29.14";
    private static final String SUBJECT_NAMES = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String AUTHORITY_KEY_ID = "2.5.29.35";

    /** Who signs. */
    private record Identity(String name, KeyPair keys) {

        static Identity of(String name) throws GeneralSecurityException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new Identity(name, generator.generateKeyPair());
        }

        byte[] distinguishedName() {
            return Der.sequence(Der.set(Der.sequence(Der.oid("2.5.4.3"), Der.utf8(name))));
        }

        byte[] keyId() throws GeneralSecurityException {
            return MessageDigest.getInstance("SHA-1").digest(keys.getPublic().getEncoded());
        }
    }

    /** @param names what the certificate is for: {@code ip:127.0.0.1,dns:localhost,email:me@there.test} */
    public static Certificates make(Path directory, String alias, String names) {
        try {
            Identity own = Identity.of(alias);
            return pems(directory, own, certificate(own, own, names(names)));
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** What {@link #signed} has made as the authority of {@code alias}. */
    public static Certificates authority(Path directory, String alias) {
        return new Certificates(
                directory.resolve(alias + "-authority.crt").toString(),
                directory.resolve(alias + "-authority.key").toString());
    }

    /** As {@link #make}, signed by an authority of its own: who trusts {@code <alias>-authority.crt} trusts it. */
    public static Certificates signed(Path directory, String alias, String names) {
        return signed(directory, alias, names, aWhileAgo(), inAWhile());
    }

    /** The same, valid in a time of its own. */
    public static Certificates signed(Path directory, String alias, String names, Instant from, Instant to) {
        try {
            Identity authority = Identity.of(alias + "-authority");
            pems(directory, authority, certificate(authority, authority, mayHaveSigned()));
            Identity own = Identity.of(alias);
            return pems(directory, own, certificate(own, authority, names(names), from, to));
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** X.509, version 3. */
    private static byte[] certificate(Identity subject, Identity issuer, byte[] extension)
            throws GeneralSecurityException {
        return certificate(subject, issuer, extension, aWhileAgo(), inAWhile());
    }

    private static Instant aWhileAgo() {
        return Instant.now().minus(1, ChronoUnit.HOURS);
    }

    private static Instant inAWhile() {
        return Instant.now().plus(2, ChronoUnit.DAYS);
    }

    private static byte[] certificate(Identity subject, Identity issuer, byte[] extension, Instant from, Instant to)
            throws GeneralSecurityException {
        byte[] signed = Der.sequence(
                Der.tagged(0, false, Der.integer(2)),
                Der.integer(System.nanoTime() | 1L << 62),
                ECDSA_WITH_SHA256,
                issuer.distinguishedName(),
                Der.sequence(Der.utcTime(TIME.format(from)), Der.utcTime(TIME.format(to))),
                subject.distinguishedName(),
                subject.keys.getPublic().getEncoded(),
                Der.tagged(
                        3,
                        false,
                        Der.sequence(
                                extension,
                                extension(SUBJECT_KEY_ID, Der.octets(subject.keyId())),
                                extension(AUTHORITY_KEY_ID, Der.sequence(Der.tagged(0, true, issuer.keyId()))))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(issuer.keys.getPrivate());
        signature.update(signed);
        return Der.sequence(signed, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
    }

    private static byte[] extension(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static byte[] mayHaveSigned() {
        return Der.sequence(Der.oid(BASIC_CONSTRAINTS), Der.yes(), Der.octets(Der.sequence(Der.yes())));
    }

    private static byte[] names(String names) {
        return extension(
                SUBJECT_NAMES,
                Der.sequence(
                        Arrays.stream(names.split(",")).map(Certificates::name).toArray(byte[][]::new)));
    }

    private static byte[] name(String name) {
        String value = name.substring(name.indexOf(':') + 1);
        return switch (name.substring(0, name.indexOf(':'))) {
            case "email" -> Der.tagged(1, true, Der.text(value));
            case "dns" -> Der.tagged(2, true, Der.text(value));
            case "ip" -> Der.tagged(7, true, address(value));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static byte[] address(String ip) {
        try {
            return InetAddress.getByName(ip).getAddress();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    private static Certificates pems(Path directory, Identity own, byte[] certificate) {
        return new Certificates(
                pem(directory.resolve(own.name + ".crt"), "CERTIFICATE", certificate),
                pem(
                        directory.resolve(own.name + ".key"),
                        "PRIVATE KEY",
                        own.keys.getPrivate().getEncoded()));
    }

    private static String pem(Path file, String what, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        try {
            Files.writeString(file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return file.toString();
    }
}
