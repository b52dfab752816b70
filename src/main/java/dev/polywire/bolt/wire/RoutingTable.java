package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The servers of one database of a cluster by role, with an expiry: {@code {ttl, db, servers: [{role, addresses}]}}.
 *
 * @param database its name, from the server (4.4 on), else from the request
 * @param expiresAtMillis on the clock of the caller
 */
public record RoutingTable(
        @Nullable String database,
        List<BoltAddress> routers,
        List<BoltAddress> readers,
        List<BoltAddress> writers,
        long expiresAtMillis) {

    private static final long GREATEST_TTL_SECONDS = 86_400;

    public RoutingTable {
        routers = List.copyOf(routers);
        readers = List.copyOf(readers);
        writers = List.copyOf(writers);
    }

    /**
     * Reads the {@code rt} of an answer to ROUTE, or a row of the older procedure.
     *
     * @throws ProtocolException DECODE when it is malformed
     */
    public static RoutingTable read(Map<String, @Nullable Object> table, @Nullable String database, long nowMillis) {
        Extras extra = new Extras(table);
        long ttlSeconds = extra.integer("ttl", -1);
        if (ttlSeconds < 0 || !(table.get("servers") instanceof List<?> servers)) {
            throw PackStreamReader.bad("routing table: no ttl or no servers (expected: both)");
        }
        List<BoltAddress> routers = new ArrayList<>();
        List<BoltAddress> readers = new ArrayList<>();
        List<BoltAddress> writers = new ArrayList<>();
        for (Object server : servers) {
            Map<String, @Nullable Object> fields = fields(server);
            switch (String.valueOf(fields.get("role"))) {
                case "ROUTE" -> routers.addAll(addresses(fields));
                case "READ" -> readers.addAll(addresses(fields));
                case "WRITE" -> writers.addAll(addresses(fields));
                default -> {}
            }
        }
        String named = extra.text("db");
        long ttlMillis = Math.min(ttlSeconds, GREATEST_TTL_SECONDS) * 1_000;
        return new RoutingTable(named == null ? database : named, routers, readers, writers, nowMillis + ttlMillis);
    }

    /** The servers for this kind of work. A cluster without leader has readers and no writer. */
    public List<BoltAddress> servers(boolean readOnly) {
        return readOnly ? readers : writers;
    }

    /** Whether the table is valid for this kind of work now. */
    public boolean isGood(boolean readOnly, long nowMillis) {
        return nowMillis < expiresAtMillis && !servers(readOnly).isEmpty();
    }

    /** Without a server that cannot be reached. */
    public RoutingTable without(BoltAddress server) {
        return new RoutingTable(
                database, but(routers, server), but(readers, server), but(writers, server), expiresAtMillis);
    }

    /** Without a server that refuses writes. */
    public RoutingTable withoutWriter(BoltAddress server) {
        return new RoutingTable(database, routers, readers, but(writers, server), expiresAtMillis);
    }

    private static List<BoltAddress> but(List<BoltAddress> servers, BoltAddress one) {
        return servers.stream().filter(server -> !server.equals(one)).toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> fields(@Nullable Object server) {
        if (server instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw PackStreamReader.bad("routing table: a server that is no map (expected: {role, addresses})");
    }

    private static List<BoltAddress> addresses(Map<String, @Nullable Object> server) {
        List<String> texts = new Extras(server).texts("addresses");
        try {
            return (texts == null ? List.<String>of() : texts)
                    .stream().map(BoltAddress::parse).distinct().toList();
        } catch (IllegalArgumentException none) {
            throw PackStreamReader.bad("routing table: " + none.getMessage());
        }
    }
}
