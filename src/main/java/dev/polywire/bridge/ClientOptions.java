package dev.polywire.bridge;

import dev.polywire.core.json.Fields;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client with credentials.
 *
 * @param name for logs, and for the answer to the login
 * @param token the digest of its token, or null: it logs in with a certificate
 * @param certificate the common name, or a subject alternative name, of its certificate; null: it logs in with a token
 */
record ClientOptions(
        String name, @Nullable TokenDigest token, @Nullable String certificate, Permissions permissions) {

    /** Shorter tokens can be guessed; the rate limit alone does not protect them. */
    static final int MIN_TOKEN_CHARACTERS = 16;

    static final int MAX_TOKEN_CHARACTERS = 4_096;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,100}");

    /** Reads {@code {name, token | certificate, call, serve, listen}}, where a token is text. */
    static ClientOptions fromJson(Fields json) {
        String name = json.text("name");
        if (!NAME.matcher(name).matches()) {
            throw json.complaint("name", "not usable (expected: 1 to 100 of A-Z a-z 0-9 . _ @ -)");
        }
        String token = json.textOrNull("token");
        String certificate = json.textOrNull("certificate");
        if ((token == null) == (certificate == null)) {
            throw json.complaint(
                    "token", (token == null ? "missing" : "beside a certificate") + " (expected: one of both)");
        }
        if (token != null && (token.length() < MIN_TOKEN_CHARACTERS || token.length() > MAX_TOKEN_CHARACTERS)) {
            throw json.complaint(
                    "token",
                    token.length() + " characters (expected: " + MIN_TOKEN_CHARACTERS + " to " + MAX_TOKEN_CHARACTERS
                            + " characters)");
        }
        if (certificate != null && certificate.isEmpty()) {
            throw json.complaint("certificate", "empty (expected: a name in the client's certificate)");
        }
        Permissions permissions = Permissions.fromJson(json);
        json.done();
        return new ClientOptions(name, token == null ? null : TokenDigest.of(token), certificate, permissions);
    }

    @Override
    public String toString() {
        return "ClientOptions[" + name + "]";
    }
}
