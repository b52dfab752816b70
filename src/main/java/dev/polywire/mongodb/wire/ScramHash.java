package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.Utf8;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The two SCRAM mechanisms of MongoDB by their hash functions (RFC 5802, RFC 7677). */
public enum ScramHash {
    SHA_256("SCRAM-SHA-256", "SHA-256", "HmacSHA256"),
    SHA_1("SCRAM-SHA-1", "SHA-1", "HmacSHA1");

    /** As servers and drivers have them: 192 bits are never guessed, nor drawn twice. */
    private static final int NONCE_BYTES = 24;

    private final String mechanism;
    private final String digest;
    private final String mac;

    ScramHash(String mechanism, String digest, String mac) {
        this.mechanism = mechanism;
        this.digest = digest;
        this.mac = mac;
    }

    /** The mechanism's name. */
    public String mechanism() {
        return mechanism;
    }

    /** A nonce for one conversation. @param random of the cryptographic kind */
    public static String nonce(RandomGenerator random) {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * What is hashed as the password: with SHA-256 the password by SASLprep, with SHA-1 the hexadecimal MD5 of
     * {@code user:mongo:password}.
     *
     * @throws IllegalArgumentException when the credential has no user, no password, or one that cannot be prepared
     */
    byte[] password(MongoCredential credential) {
        String user = credential.requiredUser();
        String password = credential.requiredPassword();
        if (this == SHA_256) {
            return Utf8.encoded("password", SaslPrep.prepared("password", password));
        }
        String text = user + ":mongo:" + password;
        return HexFormat.of()
                .formatHex(digest("MD5", Utf8.encoded("password", text)))
                .getBytes(StandardCharsets.US_ASCII);
    }

    byte[] digest(byte[] bytes) {
        return digest(digest, bytes);
    }

    byte[] hmac(byte[] key, byte[] bytes) {
        return keyed(key).doFinal(bytes);
    }

    /** {@code Hi}: PBKDF2 with one block. Takes some milliseconds for 4,096 iterations, and some 25 times as long for 100,000. */
    byte[] salted(byte[] password, byte[] salt, int iterations) {
        Mac hmac = keyed(password);
        hmac.update(salt);
        byte[] last = hmac.doFinal(new byte[] {0, 0, 0, 1});
        byte[] all = last.clone();
        for (int i = 1; i < iterations; i++) {
            last = hmac.doFinal(last);
            for (int at = 0; at < all.length; at++) {
                all[at] ^= last[at];
            }
        }
        return all;
    }

    private Mac keyed(byte[] key) {
        try {
            Mac hmac = Mac.getInstance(mac);
            // The JDK takes no empty key. A key is filled up with zeros, so that one zero is the same key.
            hmac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, mac));
            return hmac;
        } catch (NoSuchAlgorithmException | InvalidKeyException missing) {
            throw missing(missing, mac);
        }
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw missing(missing, algorithm);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException cause, String algorithm) {
        return new IllegalStateException("JDK: without " + algorithm + " (expected: a provider that has it)", cause);
    }
}
