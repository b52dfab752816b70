package dev.polywire.bridge;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The clients that may connect.
 *
 * @param anonymous the permissions of a client without credentials, or null: every client logs in first
 * @param named clients with credentials
 */
record Clients(@Nullable Permissions anonymous, List<ClientOptions> named) {

    /** Reads {@code call}, {@code serve}, {@code listen} and {@code clients} from a larger object. */
    static Clients fromJson(Fields json) {
        Permissions anonymous = Permissions.fromJson(json);
        List<ClientOptions> named = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Fields each : json.objects("clients")) {
            ClientOptions client = ClientOptions.fromJson(each);
            if (!seen.add("name " + client.name())) {
                throw new FieldException(each.path() + ".name", "twice (expected: a name of its own)");
            }
            if (client.certificate() != null && !seen.add("certificate " + client.certificate())) {
                throw new FieldException(each.path() + ".certificate", "twice (expected: one client for each)");
            }
            if (named.stream().anyMatch(other -> sameToken(other, client.token()))) {
                throw new FieldException(each.path() + ".token", "twice (expected: a token of its own)");
            }
            named.add(client);
        }
        return new Clients(named.isEmpty() || !anonymous.isEmpty() ? anonymous : null, List.copyOf(named));
    }

    boolean anyWithToken() {
        return named.stream().anyMatch(client -> client.token() != null);
    }

    boolean anyWithCertificate() {
        return named.stream().anyMatch(client -> client.certificate() != null);
    }

    @Nullable
    ClientOptions named(String name) {
        return named.stream()
                .filter(client -> client.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Compares with all of them, even after a match. */
    @Nullable
    ClientOptions withToken(String token) {
        TokenDigest digest = TokenDigest.of(token);
        ClientOptions found = null;
        for (ClientOptions client : named) {
            if (sameToken(client, digest)) {
                found = client;
            }
        }
        return found;
    }

    /** Also null when the names match two clients. */
    @Nullable
    ClientOptions withCertificate(Set<String> names) {
        List<ClientOptions> found = named.stream()
                .filter(client -> client.certificate() != null && names.contains(client.certificate()))
                .toList();
        return found.size() == 1 ? found.get(0) : null;
    }

    private static boolean sameToken(ClientOptions client, @Nullable TokenDigest other) {
        TokenDigest own = client.token();
        return own != null && other != null && own.matches(other);
    }
}
