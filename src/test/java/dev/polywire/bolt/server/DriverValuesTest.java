package dev.polywire.bolt.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.bolt.wire.GraphValue;
import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.Future;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Value;
import org.neo4j.driver.Values;
import org.neo4j.driver.types.Path;

/** Every type of value from Neo4j's driver to a handler and back. */
class DriverValuesTest {

    private static final Served SERVED = new Served();
    private static final Driver DRIVER = SERVED.driver();

    @AfterAll
    static void close() {
        DRIVER.close();
        SERVED.close();
    }

    static Stream<Value> values() {
        LocalDateTime day = LocalDateTime.of(2024, 2, 29, 23, 59, 58, 123_456_789);
        return Stream.of(
                        null,
                        true,
                        0L,
                        -16L,
                        -17L,
                        127L,
                        128L,
                        40_000L,
                        Long.MIN_VALUE,
                        Long.MAX_VALUE,
                        1.1,
                        Double.NEGATIVE_INFINITY,
                        "",
                        "a\u00e5\u4e2d\ud83d\ude00",
                        "long".repeat(20_000),
                        new byte[] {1, 0, -1},
                        List.of(),
                        Arrays.asList(1L, null, List.of("deep")),
                        Map.of(),
                        Map.of("key", Map.of("key", 1L)),
                        LocalDate.of(-44, 3, 15),
                        OffsetTime.of(LocalTime.of(1, 2, 3, 4), ZoneOffset.ofHoursMinutes(-3, -30)),
                        LocalTime.MAX,
                        day,
                        OffsetDateTime.of(day, ZoneOffset.ofHours(5)).toZonedDateTime(),
                        ZonedDateTime.of(day, ZoneId.of("Europe/Stockholm")),
                        Values.isoDuration(14, -3, 5, 999_999_999),
                        Values.point(4326, 12.5, -7.25),
                        Values.point(9157, 1, 2, 3),
                        Values.vector(new float[] {1.5f, -2}),
                        Values.vector(new long[] {1, Long.MIN_VALUE}),
                        UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"))
                .map(Values::value);
    }

    @ParameterizedTest
    @MethodSource("values")
    void thereAndBack(Value value) {
        try (Session session = DRIVER.session()) {
            assertEquals(
                    value, session.run("give", Map.of("value", value)).single().get(0));
        }
    }

    /** What only servers have. */
    @Test
    void nodesRelationshipsAndPaths() {
        GraphValue.Node alice = new GraphValue.Node(1, List.of("Person"), Map.of("name", "alice"), "4:a:1");
        GraphValue.Node bob = new GraphValue.Node(2, List.of("Person"), Map.of("name", "bob"), "4:a:2");
        GraphValue.UnboundRelationship knows =
                new GraphValue.UnboundRelationship(3, "KNOWS", Map.of("since", 1999L), "5:a:3");
        GraphValue.Path path = new GraphValue.Path(List.of(alice, bob), List.of(knows), List.of(1L, 1L));
        BoltServer graph = SERVED.loop.call(() -> new BoltServer(
                SERVED.loop.vertx(),
                EndpointOptions.of("127.0.0.1", 0),
                (session, query, parameters) -> Future.succeededFuture(QueryResult.row(
                        List.of("node", "relationship", "path"),
                        alice,
                        new GraphValue.Relationship(3, 1, 2, "KNOWS", Map.of(), "5:a:3", "4:a:1", "4:a:2"),
                        path))));
        int port = SERVED.loop.join(graph::listen);
        try (Driver driver = GraphDatabase.driver(
                        "bolt://127.0.0.1:" + port, Served.quiet().build());
                Session session = driver.session()) {
            Record row = session.run("MATCH").single();
            assertEquals("alice", row.get("node").asNode().get("name").asString());
            assertEquals("4:a:1", row.get("node").asNode().elementId());
            assertEquals("4:a:2", row.get("relationship").asRelationship().endNodeElementId());
            Path walked = row.get("path").asPath();
            assertEquals(1, walked.length());
            assertEquals("bob", walked.end().get("name").asString());
            assertEquals(
                    1999, walked.relationships().iterator().next().get("since").asInt());
        }
        SERVED.loop.join(graph::close);
    }
}
