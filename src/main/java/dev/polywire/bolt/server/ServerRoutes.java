package dev.polywire.bolt.server;

import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.core.wire.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routing table of a database: the answer to ROUTE.
 *
 * @param ttlSeconds how long a client may use it, 1 to 86,400
 */
public record ServerRoutes(
        long ttlSeconds, List<BoltAddress> routers, List<BoltAddress> readers, List<BoltAddress> writers) {

    private static final long DEFAULT_TTL_SECONDS = 300;

    public ServerRoutes {
        Limits.range("ttlSeconds", ttlSeconds, 1, 86_400);
    }

    /** One server with all roles. */
    public static ServerRoutes single(BoltAddress server) {
        List<BoltAddress> all = List.of(server);
        return new ServerRoutes(DEFAULT_TTL_SECONDS, all, all, all);
    }

    /** The server that the client has dialled, as named by the client; by {@code here} when it does not name it. */
    static ServerRoutes single(BoltRequest.Route request, BoltAddress here) {
        Object dialled = request.routing().get("address");
        try {
            return single(dialled == null ? here : BoltAddress.parse(String.valueOf(dialled)));
        } catch (IllegalArgumentException none) {
            throw Failures.of(Failures.ARGUMENT_ERROR, "ROUTE: address: none (expected: the one that was dialled)");
        }
    }

    /**
     * The request for a routing table of clients without ROUTE: those before Bolt 4.3, and some later.
     *
     * @return null: this is a different query
     */
    static BoltRequest.@Nullable Route procedure(BoltRequest.Run run) {
        boolean asked = run.query().startsWith("CALL dbms.routing.getRoutingTable(")
                || run.query().startsWith("CALL dbms.cluster.routing.getRoutingTable(");
        return !asked
                ? null
                : new BoltRequest.Route(
                        texts(run.parameters().get("context")),
                        run.options().bookmarks(),
                        run.parameters().get("database") instanceof String database ? database : null,
                        null);
    }

    /** {@code {ttl, servers: [{addresses, role}], db}} */
    Map<String, @Nullable Object> table(@Nullable String database) {
        Map<String, @Nullable Object> table = new LinkedHashMap<>();
        table.put("ttl", ttlSeconds);
        table.put("servers", servers());
        if (database != null) {
            table.put("db", database);
        }
        return table;
    }

    /** The procedure's one row. */
    QueryResult row() {
        return QueryResult.row(List.of("ttl", "servers"), ttlSeconds, servers());
    }

    private List<Map<String, Object>> servers() {
        return List.of(role("ROUTE", routers), role("READ", readers), role("WRITE", writers));
    }

    private static Map<String, Object> role(String role, List<BoltAddress> addresses) {
        return Map.of(
                "role",
                role,
                "addresses",
                addresses.stream().map(BoltAddress::toString).toList());
    }

    private static Map<String, @Nullable Object> texts(@Nullable Object context) {
        Map<String, @Nullable Object> texts = new LinkedHashMap<>();
        if (context instanceof Map<?, ?> map) {
            map.forEach((key, value) -> texts.put(String.valueOf(key), value));
        }
        return texts;
    }
}
