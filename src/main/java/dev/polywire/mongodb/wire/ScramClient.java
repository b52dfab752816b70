package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of SCRAM (RFC 5802), without channel binding, as MongoDB has it.
 *
 * <pre>
 *   C: n,,n=user,r=nonce        S: r=nonce+server's,s=salt,i=iterations
 *   C: c=biws,r=both,p=proof    S: v=signature
 * </pre>
 */
final class ScramClient implements SaslExchange {

    private static final String GS2_HEADER = "n,,";
    /** {@code n,,} in base64. */
    private static final String CHANNEL = "c=biws";

    private final ScramHash hash;
    private final byte[] password;
    private final String nonce;
    private final String firstBare;

    private String serverFirst = "";
    private String bothNonces = "";
    private byte @Nullable [] signature;

    /** @throws IllegalArgumentException for a credential without user or password, and a nonce that is none */
    ScramClient(ScramHash hash, MongoCredential credential, String nonce) {
        if (!ScramAttributes.isNonce(nonce)) {
            throw new IllegalArgumentException("nonce: none (expected: printable ASCII without a comma)");
        }
        this.hash = hash;
        this.password = hash.password(credential);
        this.nonce = nonce;
        String user = credential.requiredUser().replace("=", "=3D").replace(",", "=2C");
        this.firstBare = "n=" + user + ",r=" + nonce;
    }

    @Override
    public Buffer first() {
        return Buffer.buffer(Utf8.encoded(GS2_HEADER + firstBare));
    }

    @Override
    public SaslMove answered(Buffer payload) {
        if (signature == null) {
            return challenged(new ScramAttributes("server-first", payload));
        }
        ScramAttributes last = new ScramAttributes("server-final", payload);
        if (last.isNext('e')) {
            throw ProtocolException.decode("server-final: an error (expected: a signature)");
        }
        if (!MessageDigest.isEqual(signature, last.base64('v'))) {
            throw last.bad('v', "wrong", "the signature of a server that knows the user");
        }
        return new Verified();
    }

    private SaslMove challenged(ScramAttributes in) {
        // An extension that the client must understand stands first, as m=, and is refused.
        bothNonces = in.nonce();
        if (!bothNonces.startsWith(nonce) || bothNonces.length() == nonce.length()) {
            throw in.bad('r', "other than ours with more behind it", "both nonces");
        }
        byte[] salt = in.base64('s');
        long iterations = in.number('i');
        serverFirst = in.text();
        return new NeedKeys(new ScramDerivation(hash, password, salt, iterations));
    }

    @Override
    public Buffer computed(ScramKeys keys) {
        String finalWithoutProof = CHANNEL + ",r=" + bothNonces;
        byte[] authMessage = Utf8.encoded(firstBare + "," + serverFirst + "," + finalWithoutProof);
        signature = keys.serverSignature(hash, authMessage);
        String proof = Base64.getEncoder().encodeToString(keys.proof(hash, authMessage));
        return Buffer.buffer(Utf8.encoded(finalWithoutProof + ",p=" + proof));
    }

    @Override
    public String toString() {
        return hash.mechanism();
    }
}
