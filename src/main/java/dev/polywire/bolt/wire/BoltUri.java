package dev.polywire.bolt.wire;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The target of a client: {@code bolt://host:port} is that server, {@code neo4j://host:port?region=eu} the cluster of that
 * server. With {@code +s} in the scheme, TLS.
 *
 * @param routed the client requests a routing table
 * @param context the query of the URI, which routing servers get
 */
public record BoltUri(boolean routed, boolean tls, BoltAddress address, Map<String, String> context) {

    private static final List<String> SCHEMES = List.of("bolt", "bolt+s", "neo4j", "neo4j+s");

    public BoltUri {
        context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
    }

    /** @throws IllegalArgumentException when it is not such a URI, or has more than address and query */
    public static BoltUri parse(String text) {
        URI uri = URI.create(text);
        String scheme = String.valueOf(uri.getScheme());
        String authority = uri.getAuthority();
        if (!SCHEMES.contains(scheme) || authority == null) {
            throw new IllegalArgumentException("uri: of scheme " + scheme + " (expected: one of " + SCHEMES + ")");
        }
        boolean more =
                authority.contains("@") || !List.of("", "/").contains(uri.getPath()) || uri.getFragment() != null;
        boolean routed = scheme.startsWith("neo4j");
        String query = uri.getQuery();
        if (more || query != null && !routed) {
            throw new IllegalArgumentException("uri: more than an address (expected: " + scheme + "://host:port)");
        }
        return new BoltUri(routed, scheme.endsWith("+s"), BoltAddress.parse(authority), context(query));
    }

    /** The routing fields of HELLO and ROUTE. */
    public Map<String, @Nullable Object> routing() {
        Map<String, @Nullable Object> routing = new LinkedHashMap<>(context);
        routing.put("address", address.toString());
        return routing;
    }

    private static Map<String, String> context(@Nullable String query) {
        Map<String, String> context = new LinkedHashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1 || pair.startsWith("address=")) {
                throw new IllegalArgumentException("uri: query (expected: name=value, and no name address)");
            }
            if (context.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("uri: query has a name twice (expected: once)");
            }
        }
        return context;
    }
}
