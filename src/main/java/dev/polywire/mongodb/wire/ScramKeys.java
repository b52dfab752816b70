package dev.polywire.mongodb.wire;

import java.nio.charset.StandardCharsets;

/** The keys of a user for one salt and iteration count (RFC 5802, 3). As good as the password at that server: no text shows them. */
public final class ScramKeys {

    private final byte[] clientKey;
    private final byte[] storedKey;
    private final byte[] serverKey;

    private ScramKeys(byte[] clientKey, byte[] storedKey, byte[] serverKey) {
        this.clientKey = clientKey;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    static ScramKeys of(ScramHash hash, byte[] saltedPassword) {
        byte[] clientKey = hash.hmac(saltedPassword, "Client Key".getBytes(StandardCharsets.US_ASCII));
        return new ScramKeys(
                clientKey,
                hash.digest(clientKey),
                hash.hmac(saltedPassword, "Server Key".getBytes(StandardCharsets.US_ASCII)));
    }

    /** {@code ClientKey XOR HMAC(StoredKey, AuthMessage)}. */
    byte[] proof(ScramHash hash, byte[] authMessage) {
        return xor(clientKey, hash.hmac(storedKey, authMessage));
    }

    /** What the server says to show that it knows the user, too. */
    byte[] serverSignature(ScramHash hash, byte[] authMessage) {
        return hash.hmac(serverKey, authMessage);
    }

    byte[] storedKey() {
        return storedKey;
    }

    static byte[] xor(byte[] a, byte[] b) {
        byte[] both = a.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] ^= b[i];
        }
        return both;
    }

    @Override
    public String toString() {
        return "ScramKeys";
    }
}
