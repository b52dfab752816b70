package dev.polywire.bolt.wire;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user's login: a name and credentials. Its {@code toString} shows only the scheme.
 *
 * @param fields {@code scheme}, and the fields that it requires
 */
public record AuthToken(Map<String, @Nullable Object> fields) {

    /** The fields of a token in a map with other fields. */
    private static final Set<String> KEYS = Set.of("scheme", "principal", "credentials", "realm", "parameters");

    public AuthToken {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public static AuthToken none() {
        return new AuthToken(Map.of("scheme", "none"));
    }

    /** @param realm null: the server's default */
    public static AuthToken basic(String user, String password, @Nullable String realm) {
        return custom("basic", user, password, realm, Collections.emptyMap());
    }

    public static AuthToken bearer(String token) {
        return custom("bearer", null, token, null, Collections.emptyMap());
    }

    /** @param ticket in base64 */
    public static AuthToken kerberos(String ticket) {
        return custom("kerberos", "", ticket, null, Collections.emptyMap());
    }

    /** @param parameters further fields of the scheme; empty: none */
    public static AuthToken custom(
            String scheme,
            @Nullable String principal,
            @Nullable String credentials,
            @Nullable String realm,
            Map<String, @Nullable Object> parameters) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("scheme", scheme);
        putUnlessNull(fields, "principal", principal);
        putUnlessNull(fields, "credentials", credentials);
        putUnlessNull(fields, "realm", realm);
        putUnlessNull(fields, "parameters", parameters.isEmpty() ? null : parameters);
        return new AuthToken(fields);
    }

    /** The token inside a HELLO before version 5.1. */
    static AuthToken in(Map<String, @Nullable Object> extra) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(extra);
        fields.keySet().retainAll(KEYS);
        return new AuthToken(fields);
    }

    /** Empty when there is none. */
    public String scheme() {
        return fields.get("scheme") instanceof String scheme ? scheme : "";
    }

    @Override
    public String toString() {
        return "AuthToken[" + scheme() + "]";
    }

    private static void putUnlessNull(Map<String, @Nullable Object> fields, String key, @Nullable Object value) {
        if (value != null) {
            fields.put(key, value);
        }
    }
}
