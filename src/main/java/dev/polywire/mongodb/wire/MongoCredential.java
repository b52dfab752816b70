package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is. Its text has no password.
 *
 * @param user null: the mechanism takes it from elsewhere, as from a certificate
 * @param password null: the mechanism needs none
 * @param source the database that knows the user; {@code $external}: none does
 */
public record MongoCredential(
        @Nullable String user, @Nullable String password, String source) {

    /** The source of users that the server asks elsewhere about. */
    public static final String EXTERNAL = "$external";

    /** @throws IllegalArgumentException for a text without UTF-8, an empty user and an empty source; without the text */
    public MongoCredential {
        requireText("user", user);
        requireText("source", source);
        if (password != null && !Utf8.isUnicode(password)) {
            throw new IllegalArgumentException("password: " + Utf8.NOT_UNICODE);
        }
    }

    /** The name of the user with its database, as {@code saslSupportedMechs} wants it. */
    String qualifiedUser() {
        return source + "." + requiredUser();
    }

    String requiredUser() {
        if (user == null) {
            throw new IllegalArgumentException("user: missing (expected: a name)");
        }
        return user;
    }

    String requiredPassword() {
        if (password == null) {
            throw new IllegalArgumentException("password: missing (expected: one)");
        }
        return password;
    }

    private static void requireText(String name, @Nullable String text) {
        if (text != null && (text.isEmpty() || text.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException(name + ": empty, or with a zero byte (expected: a name)");
        }
        if (text != null && !Utf8.isUnicode(text)) {
            throw new IllegalArgumentException(name + ": " + Utf8.NOT_UNICODE);
        }
    }

    /** Without the user, too: logs and status have no user information. */
    @Override
    public String toString() {
        return "MongoCredential[source=" + source + "]";
    }
}
