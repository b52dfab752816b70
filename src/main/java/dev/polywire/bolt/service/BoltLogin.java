package dev.polywire.bolt.service;

import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.core.json.Fields;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The login of a connector: {@code user} and {@code password}; or {@code auth}, one of
 *
 * <pre>
 *   {scheme: basic, user, password, realm}
 *   {scheme: bearer, token}
 *   {scheme: kerberos, token}                       a ticket in base64
 *   {scheme: custom, name, user, secret, realm, parameters}    the name of a plugin of the server
 *   {scheme: none}
 * </pre>
 *
 * or nothing: {@code none}. The program hides the values of fields with the names of its secrets everywhere.
 */
final class BoltLogin {

    private enum Scheme {
        NONE,
        BASIC,
        BEARER,
        KERBEROS,
        CUSTOM
    }

    private BoltLogin() {}

    static AuthToken read(Fields json) {
        boolean flat = json.has("user") || json.has("password");
        boolean object = json.has("auth");
        if (flat && object) {
            throw json.complaint("auth", "beside user and password (expected: one or the other)");
        } else if (flat) {
            return AuthToken.basic(json.text("user"), json.text("password"), null);
        }
        return object ? auth(json.object("auth")) : AuthToken.none();
    }

    private static AuthToken auth(Fields json) {
        Scheme scheme = json.oneOf("scheme", Scheme.class, Scheme.NONE);
        String user = json.textOrNull("user");
        String password = json.textOrNull("password");
        String token = json.textOrNull("token");
        String secret = json.textOrNull("secret");
        String name = json.textOrNull("name");
        String realm = json.textOrNull("realm");
        Map<String, @Nullable Object> parameters =
                TypedJson.parameters(json.path() + ".parameters", json.objectOrNull("parameters"));
        json.done();
        return switch (scheme) {
            case NONE -> AuthToken.none();
            case BASIC -> AuthToken.basic(given(json, "user", user), given(json, "password", password), realm);
            case BEARER -> AuthToken.bearer(given(json, "token", token));
            case KERBEROS -> AuthToken.kerberos(given(json, "token", token));
            case CUSTOM -> AuthToken.custom(given(json, "name", name), user, secret, realm, parameters);
        };
    }

    private static String given(Fields json, String name, @Nullable String value) {
        if (value == null) {
            throw json.complaint(name, "missing (expected: a string, for this scheme)");
        }
        return value;
    }
}
