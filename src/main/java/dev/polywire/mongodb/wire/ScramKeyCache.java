package dev.polywire.mongodb.wire;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers keys, so that a reconnect hashes nothing. It keeps no password: what keys belong to is known by an HMAC. Belongs to
 * one context.
 */
public final class ScramKeyCache {

    /** A user has one salt at each server and mechanism. Beyond it, those that were not used longest are forgotten. */
    public static final int MAX_KEYS = 64;

    private final byte[] secret;
    private final Map<ByteBuffer, ScramKeys> keys = new LinkedHashMap<>(16, 0.75f, true);

    /** @param secret random bytes, at least 16 */
    public ScramKeyCache(byte[] secret) {
        if (secret.length < 16) {
            throw new IllegalArgumentException("secret: " + secret.length + " bytes (expected: >= 16)");
        }
        this.secret = secret.clone();
    }

    /** Null: not remembered, so that they must be computed. */
    public @Nullable ScramKeys get(ScramDerivation derivation) {
        return keys.get(derivation.fingerprint(secret));
    }

    /** Remembers the result of {@link ScramDerivation#keys}. */
    public void put(ScramDerivation derivation, ScramKeys result) {
        keys.put(derivation.fingerprint(secret), result);
        if (keys.size() > MAX_KEYS) {
            Iterator<ByteBuffer> oldest = keys.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    @Override
    public String toString() {
        return "ScramKeyCache[keys=" + keys.size() + "]";
    }
}
