package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import java.nio.ByteBuffer;

/**
 * The costly part of a SCRAM conversation: keys from a password, a salt and a number of iterations. The conversation says what
 * to compute; whoever drives it runs {@link #keys} where it blocks nobody, or has the result in a {@link ScramKeyCache}.
 */
public class ScramDerivation {

    /** What servers must ask for at least (RFC 7677, 4); fewer make a stolen proof cheap to attack. */
    public static final int MIN_ITERATIONS = 4_096;
    /** Several times what servers use; hashing that often takes less than a second. */
    public static final int MAX_ITERATIONS = 100_000;

    private final ScramHash hash;
    private final byte[] password;
    private final byte[] salt;
    private final int iterations;

    /**
     * @param password as {@link ScramHash#password} makes it
     * @throws ProtocolException DECODE for iterations out of bounds and an empty salt, before anything is hashed
     */
    ScramDerivation(ScramHash hash, byte[] password, byte[] salt, long iterations) {
        if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
            throw ProtocolException.decode("SCRAM iterations: " + iterations + " (expected: " + MIN_ITERATIONS + " to "
                    + MAX_ITERATIONS + ")");
        }
        if (salt.length == 0) {
            throw ProtocolException.decode("SCRAM salt: empty (expected: some bytes)");
        }
        this.hash = hash;
        this.password = password;
        this.salt = salt;
        this.iterations = (int) iterations;
    }

    /** Computes for up to some 100 ms. A pure function: any thread may call it. */
    public ScramKeys keys() {
        return ScramKeys.of(hash, hash.salted(password, salt, iterations));
    }

    /** Stands for mechanism, password, salt and iterations without naming them. @param secret of whoever compares */
    ByteBuffer fingerprint(byte[] secret) {
        ByteBuffer all = ByteBuffer.allocate(4 * Integer.BYTES + password.length + salt.length)
                .putInt(hash.ordinal())
                .putInt(iterations)
                .putInt(salt.length)
                .put(salt)
                .putInt(password.length)
                .put(password);
        return ByteBuffer.wrap(ScramHash.SHA_256.hmac(secret, all.array()));
    }

    /** Without password and salt. */
    @Override
    public String toString() {
        return "ScramDerivation[" + hash.mechanism() + ", iterations=" + iterations + "]";
    }
}
