package dev.polywire.mongodb.wire;

import java.util.Base64;

/** What a server keeps of a user: no password. */
public final class ScramUser {

    private final ScramHash hash;
    private final String salt;
    private final int iterations;
    private final ScramKeys keys;

    private ScramUser(ScramHash hash, String salt, int iterations, ScramKeys keys) {
        this.hash = hash;
        this.salt = salt;
        this.iterations = iterations;
        this.keys = keys;
    }

    /**
     * Hashes, which takes as long as {@link ScramDerivation#keys}.
     *
     * @param iterations that are said; out of its bounds they are those of a wrong server, which hashes at most its upper bound, so
     *     that who believes a higher number is not let in
     */
    public static ScramUser of(ScramHash hash, MongoCredential credential, byte[] salt, int iterations) {
        byte[] salted =
                hash.salted(hash.password(credential), salt, Math.min(iterations, ScramDerivation.MAX_ITERATIONS));
        return new ScramUser(hash, Base64.getEncoder().encodeToString(salt), iterations, ScramKeys.of(hash, salted));
    }

    ScramHash hash() {
        return hash;
    }

    /** {@code s=salt,i=iterations}. */
    String parameters() {
        return "s=" + salt + ",i=" + iterations;
    }

    ScramKeys keys() {
        return keys;
    }

    @Override
    public String toString() {
        return "ScramUser[" + hash.mechanism() + "]";
    }
}
