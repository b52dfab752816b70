package dev.polywire.bolt.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.client.BoltException;
import dev.polywire.bolt.client.BoltResult;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltOffer;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltResponse;
import dev.polywire.bolt.wire.BoltUri;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.FailureKind;
import dev.polywire.bolt.wire.GraphValue;
import dev.polywire.bolt.wire.Point;
import dev.polywire.bolt.wire.RoutingTable;
import dev.polywire.bolt.wire.TemporalValue;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Neo4j;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client against Neo4j 5.26. */
@Tag("alone")
@Timeout(300)
class Neo4jIT {

    private static final AuthToken USER = AuthToken.basic(Neo4j.USER, Neo4j.PASSWORD, null);
    private static final TransactionOptions WRITES = TransactionOptions.DEFAULT;
    private static final TransactionOptions READS = WRITES.readOnly(true);

    private static Neo4j neo4j;

    private final Loop loop = new Loop();
    private final List<BoltClient> clients = new ArrayList<>();
    private final List<List<Object>> rows = new ArrayList<>();
    private Deadline deadline;
    private BoltSession session;

    @BeforeAll
    static void start() {
        neo4j = Neo4j.start();
        neo4j.firstLogin(Neo4jIT::changePassword);
    }

    private static void changePassword() {
        try (Loop loop = new Loop()) {
            BoltClient first = loop.call(() -> new BoltClient(
                    loop.vertx(),
                    BoltSessionOptions.of(uri("bolt"), AuthToken.basic(Neo4j.USER, Neo4j.FIRST_PASSWORD, null))));
            TransactionOptions system =
                    new TransactionOptions(List.of(), -1, Map.of(), false, "system", null, WRITES.notifications());
            loop.join(() -> {
                Deadline deadline = Deadline.after(loop.vertx(), 60_000);
                return first.session()
                        .run(
                                "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
                                Map.of(
                                        "old",
                                        Neo4j.FIRST_PASSWORD,
                                        "new",
                                        USER.fields().get("credentials")),
                                system,
                                deadline)
                        .compose(result -> result.discard(deadline));
            });
        }
    }

    @BeforeEach
    void connect() {
        deadline = loop.call(() -> Deadline.after(loop.vertx(), 120_000));
        session = session(BoltSessionOptions.of(uri("bolt"), USER));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private static BoltUri uri(String scheme) {
        return BoltUri.parse(scheme + "://127.0.0.1:" + neo4j.port());
    }

    private BoltSession session(BoltSessionOptions options) {
        BoltClient client = loop.call(() -> new BoltClient(loop.vertx(), options));
        clients.add(client);
        return client.session();
    }

    private static BoltSessionOptions of(BoltVersion version) {
        BoltSessionOptions options = BoltSessionOptions.of(uri("bolt"), USER);
        return new BoltSessionOptions(
                options.uri(),
                null,
                5_000,
                options.auth(),
                new BoltClientOptions("Polywire/test", USER).with(BoltOffer.of(List.of(version))),
                options.pool(),
                1_000);
    }

    private BoltResponse.Success ask(String query, Map<String, Object> parameters) {
        return ask(session, query, parameters);
    }

    private BoltResponse.Success ask(BoltSession session, String query, Map<String, Object> parameters) {
        rows.clear();
        return loop.join(() -> session.run(query, parameters, WRITES, deadline).compose(this::all));
    }

    private Future<BoltResponse.Success> all(BoltResult result) {
        return result.pull(-1, row -> rows.add(row.values()), deadline).compose(end -> result.ended());
    }

    private Object one(String query, Map<String, Object> parameters) {
        ask(query, parameters);
        assertEquals(1, rows.size());
        return rows.get(0).get(0);
    }

    private BoltException refusal(String query) {
        Throwable failure = loop.failure(
                () -> session.run(query, Map.of(), WRITES, deadline).compose(this::all));
        return assertInstanceOf(BoltException.class, failure, failure::toString);
    }

    static List<BoltVersion> spoken() {
        return BoltVersion.ALL.stream()
                .filter(version -> version.atLeast(BoltVersion.V4_4) && !version.atLeast(BoltVersion.V6_0))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("spoken")
    void everyVersionThatItSpeaks(BoltVersion version) {
        BoltSession old = session(of(version));
        BoltResponse.Success end = ask(old, "UNWIND range(1, 3) AS n RETURN n, datetime() AS now", Map.of());
        assertEquals(3, rows.size());
        assertInstanceOf(TemporalValue.class, rows.get(0).get(1));
        assertTrue(String.valueOf(end.bookmark()).length() > 4);
        Throwable failure =
                loop.failure(() -> old.run("RETURN", Map.of(), READS, deadline).compose(this::all));
        assertEquals(
                "Neo.ClientError.Statement.SyntaxError",
                assertInstanceOf(BoltException.class, failure).failure().code());
        ask(old, "RETURN 1", Map.of());
    }

    @Test
    void values() {
        List<Object> values = new ArrayList<>(List.of(
                true,
                Long.MIN_VALUE,
                -16L,
                1.5,
                "Grüße, \uD83D\uDE00",
                Buffer.buffer(new byte[] {1, 2, 3}),
                List.of(1L, List.of()),
                Map.of("a", Map.of("b", 1L)),
                new Point.Point2D(7203, 1.0, 2.0),
                new Point.Point3D(4979, 1.0, 2.0, 3.0),
                TemporalValue.Duration.of(Duration.ofNanos(-1))));
        values.add(null);
        assertEquals(values, one("RETURN $values", Map.of("values", values)));
        for (String temporal : List.of(
                "date('2026-11-21')",
                "time('12:00:00.5+01:00')",
                "localtime('12:00')",
                "datetime('1969-12-31T23:59:59.000000001+01:30')",
                "datetime('2026-06-01T12:00:00[Europe/Berlin]')",
                "localdatetime('2026-11-21T01:02:03')",
                "duration('P1Y2M3DT4.5S')")) {
            Object value = one("RETURN " + temporal, Map.of());
            assertInstanceOf(TemporalValue.class, value, temporal);
            assertEquals(true, one("RETURN $value = " + temporal, Map.of("value", value)), temporal);
        }
    }

    @Test
    void graph() {
        Object path = one(
                "CREATE p = (:City {name: 'A'})-[:ROAD {km: 1}]->(:City:Town {name: 'B'})<-[:RAIL]-(:City) RETURN p",
                Map.of());
        GraphValue.Path walked = assertInstanceOf(GraphValue.Path.class, path);
        assertEquals(3, walked.nodes().size());
        assertEquals(
                List.of("City", "Town"),
                walked.nodes().get(1).labels().stream().sorted().toList());
        assertFalse(String.valueOf(walked.nodes().get(0).elementId()).isEmpty());
        assertInstanceOf(GraphValue.Node.class, one("MATCH (n:Town) RETURN n LIMIT 1", Map.of()));
        assertInstanceOf(GraphValue.Relationship.class, one("MATCH ()-[r:ROAD]->() RETURN r LIMIT 1", Map.of()));
    }

    @Test
    void aHundredThousandRowsAsTheyAreAskedFor() {
        BoltResult result = loop.join(() -> session.run(
                "UNWIND range(1, 100000) AS n RETURN n, 'row ' + n AS text, n / 2.0 AS half",
                Map.of(),
                READS,
                deadline));
        assertEquals(List.of("n", "text", "half"), Loop.await(result.opened()));
        long[] seen = {0, 0};
        boolean more = true;
        while (more) {
            long before = seen[0];
            more = loop.join(() -> result.pull(
                    1_000,
                    row -> {
                        seen[0]++;
                        seen[1] += row.reader().integer();
                        return true;
                    },
                    deadline));
            assertTrue(seen[0] - before <= 1_000);
        }
        assertEquals(100_000, seen[0]);
        assertEquals(100_000L * 100_001 / 2, seen[1]);
        assertEquals("r", Loop.await(result.ended()).metadata().get("type"));
    }

    @Test
    void someOfManyRowsAndTheRestLetGo() {
        BoltResult result =
                loop.join(() -> session.run("UNWIND range(1, 1000000) AS n RETURN n", Map.of(), READS, deadline));
        assertTrue(loop.join(() -> result.pull(10, row -> rows.add(row.values()), deadline)));
        loop.join(() -> result.discard(deadline));
        assertEquals(10, rows.size());
        assertEquals(1L, one("RETURN 1", Map.of()));
        assertEquals(1, loop.call(() -> clients.get(0).connections()));
    }

    @Test
    void transactions() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("id", "t" + System.nanoTime());
        TransactionOptions options = new TransactionOptions(
                List.of(), 60_000, Map.of("who", "test"), false, "neo4j", null, WRITES.notifications());
        BoltTransaction undone = loop.join(() -> session.begin(options, deadline));
        loop.join(() -> all(undone.run("CREATE (:Thing {id: $id})", parameters, deadline)));
        loop.join(() -> undone.rollback(deadline).map(true));
        assertEquals(0L, one("MATCH (t:Thing {id: $id}) RETURN count(t)", parameters));
        BoltTransaction kept = loop.join(() -> session.begin(options, deadline));
        BoltResult first = loop.call(() -> kept.run("CREATE (t:Thing {id: $id}) RETURN t", parameters, deadline));
        BoltResult second = loop.call(() -> kept.run("UNWIND range(1, 10) AS n RETURN n", Map.of(), deadline));
        assertTrue(loop.join(() -> second.pull(3, row -> rows.add(row.values()), deadline)));
        String bookmark = loop.join(() -> kept.commit(deadline));
        assertEquals(List.of(bookmark), session.bookmarks());
        assertTrue(Loop.await(first.ended()).metadata().containsKey("stats"));
        assertEquals(1L, one("MATCH (t:Thing {id: $id}) RETURN count(t)", parameters));
        Long counted = loop.join(() -> session.transact(
                READS,
                transaction -> all(transaction.run("MATCH (t:Thing {id: $id}) RETURN count(t)", parameters, deadline))
                        .map(end -> (Long) rows.get(rows.size() - 1).get(0)),
                deadline));
        assertEquals(1L, counted);
    }

    @Test
    void failuresAreTyped() {
        assertEquals(FailureKind.REFUSED, refusal("RETURN $missing").kind());
        BoltException zero = refusal("RETURN 1 / 0");
        assertEquals("Neo.ClientError.Statement.ArithmeticError", zero.failure().code());
        assertEquals(
                "22N01".length(), String.valueOf(zero.failure().gqlStatus()).length());
        ask("CREATE CONSTRAINT only IF NOT EXISTS FOR (o:Only) REQUIRE o.id IS UNIQUE", Map.of());
        ask("MERGE (:Only {id: 1})", Map.of());
        assertEquals(
                "Neo.ClientError.Schema.ConstraintValidationFailed",
                refusal("CREATE (:Only {id: 1})").failure().code());
        TransactionOptions nowhere =
                new TransactionOptions(List.of(), -1, Map.of(), false, "nowhere", null, WRITES.notifications());
        Throwable missing = loop.failure(
                () -> session.run("RETURN 1", Map.of(), nowhere, deadline).compose(this::all));
        assertEquals(
                FailureKind.NOT_FOUND,
                assertInstanceOf(BoltException.class, missing).kind());
        BoltTransaction failed = loop.join(() -> session.begin(WRITES, deadline));
        Throwable first = loop.failure(() -> all(failed.run("RETURN 1 / 0", Map.of(), deadline)));
        assertEquals(first, loop.failure(() -> failed.commit(deadline)));
        assertEquals(1L, one("RETURN 1", Map.of()));
    }

    @Test
    void summariesAndNotifications() {
        BoltResponse.Success created = ask("CREATE (:Counted)", Map.of());
        assertEquals(1L, ((Map<?, ?>) created.metadata().get("stats")).get("nodes-created"));
        BoltResponse.Success warned = ask("MATCH (a:Thing), (b:Thing) RETURN a, b LIMIT 0", Map.of());
        assertTrue(
                warned.metadata().containsKey("statuses"),
                () -> warned.metadata().toString());
        assertTrue(ask("EXPLAIN MATCH (n) RETURN n", Map.of()).metadata().containsKey("plan"));
        assertTrue(
                ask("PROFILE MATCH (n) RETURN n LIMIT 1", Map.of()).metadata().containsKey("profile"));
    }

    @Test
    void aPipelineInOneWrite() {
        List<String> texts = List.of("RETURN 1", "RETURN 2 AS two", "UNWIND [3, 4] AS n RETURN n");
        List<BoltResponse.Success> ends = loop.join(() -> session.pipeline(
                texts.stream()
                        .map(text -> new BoltRequest.Run(text, Map.of(), WRITES))
                        .toList(),
                (statement, row) -> rows.add(List.of(statement, row.values().get(0))),
                deadline));
        assertEquals(3, ends.size());
        assertEquals(List.of(List.of(0, 1L), List.of(1, 2L), List.of(2, 3L), List.of(2, 4L)), rows);
    }

    @Test
    void aSlowQueryIsStoppedAtItsDeadline() {
        Throwable late = loop.failure(() -> {
            Deadline soon = Deadline.after(loop.vertx(), 300);
            return session.run(
                            "UNWIND range(1, 1000000000) AS n WITH sum(sqrt(n)) AS s RETURN s", Map.of(), READS, soon)
                    .compose(result -> result.pull(-1, row -> true, soon));
        });
        assertEquals(
                CallException.Reason.TIMEOUT,
                assertInstanceOf(CallException.class, late).reason());
        assertEquals(1L, one("RETURN 1", Map.of()));
        await().until(() ->
                Long.valueOf(1).equals(one("SHOW TRANSACTIONS YIELD currentQuery RETURN count(*)", Map.of())));
    }

    @Test
    void wrongPasswords() {
        BoltSession stranger =
                session(BoltSessionOptions.of(uri("bolt"), AuthToken.basic(Neo4j.USER, "canary-7f3a-wrong", null)));
        Throwable refused = loop.failure(() -> stranger.run("RETURN 1", Map.of(), READS, deadline));
        assertEquals(
                CallException.Reason.UNAUTHENTICATED,
                assertInstanceOf(CallException.class, refused).reason());
        assertEquals(
                FailureKind.UNAUTHENTICATED,
                assertInstanceOf(BoltException.class, refused.getCause()).kind());
    }

    @Test
    void overTls() {
        BoltSessionOptions plain = BoltSessionOptions.of(uri("bolt+s"), USER);
        BoltSession trusted = session(new BoltSessionOptions(
                plain.uri(),
                new TlsOptions(neo4j.certificates().certificate(), null, null, true),
                5_000,
                plain.auth(),
                plain.wire(),
                plain.pool(),
                1_000));
        ask(trusted, "RETURN 'over TLS'", Map.of());
        assertEquals("over TLS", rows.get(0).get(0));
        BoltSession strict = session(plain);
        Throwable refused = loop.failure(() -> strict.run("RETURN 1", Map.of(), READS, deadline));
        assertEquals(
                CallException.Reason.UNAUTHENTICATED,
                assertInstanceOf(CallException.class, refused).reason());
    }

    @Test
    void routed() {
        BoltSession routed = session(BoltSessionOptions.of(uri("neo4j"), USER));
        ask(routed, "CREATE (:Routed)", Map.of());
        loop.join(() -> routed.run("MATCH (r:Routed) RETURN count(r)", Map.of(), READS, deadline)
                .compose(this::all));
        assertEquals(1L, rows.get(0).get(0));
        RoutingTable table = loop.join(() -> clients.get(clients.size() - 1).route(READS, deadline));
        assertEquals(1, table.writers().size());
        assertEquals("neo4j", table.database());
    }
}
