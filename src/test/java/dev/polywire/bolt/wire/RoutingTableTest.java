package dev.polywire.bolt.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Routing tables, the addresses in them, and the URIs that lead to them. */
class RoutingTableTest {

    private static final BoltAddress A = new BoltAddress("a", 7687);
    private static final BoltAddress B = new BoltAddress("b", 1);

    private static Map<String, Object> server(String role, Object... addresses) {
        return Map.of("role", role, "addresses", List.of(addresses));
    }

    private static Map<String, Object> table(Object ttl, Object... servers) {
        return Map.of("ttl", ttl, "servers", List.of(servers), "db", "movies");
    }

    @Test
    void whoDoesWhat() {
        RoutingTable table = RoutingTable.read(
                table(
                        300L,
                        server("ROUTE", "a:7687"),
                        server("READ", "b:1", "a"),
                        server("WRITE", "a"),
                        server("NEW", "x")),
                null,
                1_000);
        assertEquals(new RoutingTable("movies", List.of(A), List.of(B, A), List.of(A), 301_000), table);
        assertTrue(table.isGood(true, 300_999));
        assertFalse(table.isGood(true, 301_000));
        assertEquals(List.of(B), table.without(A).servers(true));
        assertEquals(List.of(), table.withoutWriter(A).servers(false));
        assertEquals(List.of(B, A), table.withoutWriter(A).readers());
        assertFalse(table.withoutWriter(A).isGood(false, 0));
    }

    @Test
    void aTableThatNeverEndsDoes() {
        assertEquals(
                86_400_000, RoutingTable.read(table(Long.MAX_VALUE), null, 0).expiresAtMillis());
    }

    @Test
    void noTables() {
        List.of(
                        table(-1L),
                        table("300"),
                        Map.<String, Object>of("ttl", 1L),
                        table(1L, "server"),
                        table(1L, server("READ", 7)),
                        table(1L, server("READ", "a:b")),
                        table(1L, server("READ", "::1")),
                        table(1L, server("READ", "")))
                .forEach(bad -> assertEquals(
                        ProtocolException.Kind.DECODE,
                        assertThrows(ProtocolException.class, () -> RoutingTable.read(bad, null, 0), bad::toString)
                                .kind()));
    }

    @ParameterizedTest
    @CsvSource({
        "bolt://h, bolt, h:7687",
        "bolt+s://h:1, bolt TLS, h:1",
        "neo4j://[::1]:7, neo4j, [::1]:7",
        "neo4j+s://h/?region=eu&a=b, neo4j TLS, h:7687"
    })
    void uris(String text, String kind, String address) {
        BoltUri uri = BoltUri.parse(text);
        assertEquals(kind, (uri.routed() ? "neo4j" : "bolt") + (uri.tls() ? " TLS" : ""));
        assertEquals(address, uri.address().toString());
        assertEquals(text.contains("region") ? Map.of("region", "eu", "a", "b") : Map.of(), uri.context());
        assertEquals(address, uri.routing().get("address"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://h",
                "bolt://",
                "h:7687",
                "bolt+ssc://h",
                "bolt://u:p@h",
                "bolt://h/path",
                "bolt://h?a=b",
                "neo4j://h?a",
                "neo4j://h?a=1&a=2",
                "neo4j://h?address=x",
                "bolt://h:0",
                "bolt://h:70000"
            })
    void noUris(String text) {
        IllegalArgumentException bad = assertThrows(IllegalArgumentException.class, () -> BoltUri.parse(text));
        assertFalse(String.valueOf(bad.getMessage()).contains("u:p"));
    }
}
