package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The server's side of SCRAM (RFC 5802): one conversation. Its failures are for the server: a client hears only that it failed. */
public final class ScramServer {

    private static final String GS2_HEADER = "n,,";

    private final Function<String, @Nullable ScramUser> users;
    private final String nonce;

    private @Nullable ScramUser user;
    private String firstBare = "";
    private String serverFirst = "";
    private String bothNonces = "";

    /** @param users by name; null: unknown @param nonce put behind the client's */
    public ScramServer(Function<String, @Nullable ScramUser> users, String nonce) {
        this.users = users;
        this.nonce = nonce;
    }

    /** The answer to client-first. @throws ProtocolException DECODE for one that is malformed or of an unknown user */
    public Buffer first(Buffer clientFirst) {
        ScramAttributes whole = new ScramAttributes("client-first", clientFirst);
        if (!whole.text().startsWith(GS2_HEADER)) {
            throw ProtocolException.decode("client-first: of another header (expected: n,,)");
        }
        firstBare = whole.text().substring(GS2_HEADER.length());
        ScramAttributes in = new ScramAttributes("client-first", Buffer.buffer(firstBare));
        user = users.apply(unescaped(in));
        bothNonces = in.nonce() + nonce;
        if (user == null) {
            throw ProtocolException.decode("client-first n=: unknown (expected: a user)");
        }
        serverFirst = "r=" + bothNonces + "," + user.parameters();
        return Buffer.buffer(serverFirst);
    }

    /** The answer to client-final. @throws ProtocolException DECODE for a wrong proof, and for what is malformed */
    public Buffer last(Buffer clientFinal) {
        if (user == null) {
            throw ProtocolException.decode("client-final: before client-first (expected: after it)");
        }
        ScramHash hash = user.hash();
        ScramAttributes in = new ScramAttributes("client-final", clientFinal);
        if (!in.next('c').equals("biws") || !in.nonce().equals(bothNonces)) {
            throw in.bad('r', "of another conversation", "n,, in base64, and both nonces");
        }
        byte[] proof = in.base64('p');
        String text = in.text();
        byte[] authMessage =
                Utf8.encoded(firstBare + "," + serverFirst + "," + text.substring(0, text.lastIndexOf(",p=")));
        byte[] mask = hash.hmac(user.keys().storedKey(), authMessage);
        if (proof.length != mask.length
                || !MessageDigest.isEqual(
                        hash.digest(ScramKeys.xor(proof, mask)), user.keys().storedKey())) {
            throw in.bad('p', "wrong", "the proof of the user's password");
        }
        return Buffer.buffer(
                "v=" + Base64.getEncoder().encodeToString(user.keys().serverSignature(hash, authMessage)));
    }

    private static String unescaped(ScramAttributes in) {
        String escaped = in.next('n');
        if (!escaped.replace("=3D", "").replace("=2C", "").chars().allMatch(c -> c != '=')) {
            throw in.bad('n', "with a bare =", "=3D or =2C");
        }
        return escaped.replace("=2C", ",").replace("=3D", "=");
    }

    @Override
    public String toString() {
        return "ScramServer";
    }
}
