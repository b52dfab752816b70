package dev.polywire.bolt.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltAddress;
import dev.polywire.testing.Loop;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.AuthToken;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Bookmark;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.NotificationClassification;
import org.neo4j.driver.NotificationSeverity;
import org.neo4j.driver.Record;
import org.neo4j.driver.Result;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.SimpleQueryRunner;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.async.AsyncSession;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.exceptions.DatabaseException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.TransientException;
import org.neo4j.driver.summary.GqlStatusObject;
import org.neo4j.driver.summary.ResultSummary;

/** Neo4j's own driver for Java. */
class DriverTest {

    private final Served served = new Served();
    private final Driver driver = served.driver();
    private final TestHandler handler = served.handler;

    @AfterEach
    void close() {
        driver.close();
        served.close();
    }

    @Test
    void authenticationAccepted() {
        driver.verifyConnectivity();
        assertTrue(driver.verifyAuthentication(Served.ALICE));
        Map<String, Object> who = one("who").asMap();
        assertEquals("alice", who.get("user"));
        assertTrue(String.valueOf(who.get("agent")).startsWith("neo4j-java"), () -> who.toString());
        try (Session session = driver.session()) {
            assertEquals("neo4j", session.run("who").consume().database().name());
        }
    }

    @Test
    void authenticationRefused() {
        for (AuthToken wrong : List.of(
                AuthTokens.basic("alice", "guess"),
                AuthTokens.basic("bob", "secret"),
                AuthTokens.bearer("secret"),
                AuthTokens.none())) {
            try (Driver other = served.driver("bolt", wrong, Served.quiet().build())) {
                assertThrows(AuthenticationException.class, other::verifyConnectivity);
            }
        }
        assertEquals(4, served.loop.call(served.server::refusedLogins));
        assertTrue(handler.heard.isEmpty());
        driver.verifyConnectivity();
    }

    /** LOGOFF and LOGON: who asks in between is who logged on last. */
    @Test
    void b41AnotherUserOnTheSameConnection() {
        try (Session wrong = driver.session(Session.class, AuthTokens.basic("mallory", "x"))) {
            assertThrows(AuthenticationException.class, () -> wrong.run("who").single());
        }
        assertEquals("alice", one("who").get("user").asString());
        assertEquals(
                List.of("run who"),
                handler.heard.stream().filter(s -> s.startsWith("run")).toList());
    }

    @Test
    void autoCommit() {
        try (Session session = driver.session(SessionConfig.forDatabase("graph"))) {
            Record row = session.run(
                            "who",
                            TransactionConfig.builder()
                                    .withMetadata(Map.of("app", "test"))
                                    .build())
                    .single();
            assertEquals("graph", row.get("database").asString());
            assertEquals(Map.of("app", "test"), row.get("metadata").asMap());
            ResultSummary summary = session.run("wrote").consume();
            assertEquals(2, summary.counters().nodesCreated());
            assertEquals("two by two", summary.notifications().get(0).description());
            assertEquals("graph", summary.database().name());
            assertEquals(
                    List.of("01N42", "00001"),
                    summary.gqlStatusObjects().stream()
                            .map(GqlStatusObject::gqlStatus)
                            .toList());
            assertEquals(Set.of("bookmark:1"), values(session));
        }
    }

    /** What a driver wants to be told is said once, in HELLO; a session may say some of it otherwise. */
    @Test
    void filtersOfNotifications() {
        Config config = Served.quiet()
                .withMinimumNotificationSeverity(NotificationSeverity.WARNING)
                .withDisabledNotificationClassifications(Set.of(NotificationClassification.HINT))
                .build();
        SessionConfig own = SessionConfig.builder()
                .withMinimumNotificationSeverity(NotificationSeverity.INFORMATION)
                .build();
        try (Driver filtering = served.driver("bolt", Served.ALICE, config);
                Session usual = filtering.session();
                Session other = filtering.session(own)) {
            assertEquals(List.of("WARNING", List.of("HINT")), filter(usual));
            assertEquals(List.of("INFORMATION", List.of("HINT")), filter(other));
            assertEquals(List.of("WARNING", List.of("HINT")), usual.executeRead(this::filter));
            assertEquals(List.of("INFORMATION", List.of("HINT")), other.executeRead(this::filter));
        }
        try (Session session = driver.session()) {
            assertEquals(Arrays.asList(null, null), filter(session));
        }
    }

    private List<Object> filter(SimpleQueryRunner session) {
        Record told = session.run("filter").single();
        return Arrays.asList(told.get("least").asObject(), told.get("disabled").asObject());
    }

    @Test
    void explicitTransactions() {
        try (Session session = driver.session(SessionConfig.forDatabase("graph"))) {
            try (Transaction transaction = session.beginTransaction()) {
                // Two results open at a time: qid.
                Result numbers = transaction.run("rows 2500");
                assertEquals(0, numbers.next().get(0).asInt());
                assertEquals("other", transaction.run("other").single().get(0).asString());
                assertEquals(1, numbers.next().get(0).asInt());
                transaction.commit();
            }
            assertEquals(Set.of("bookmark:alice"), values(session));
            try (Transaction transaction = session.beginTransaction()) {
                transaction.run("rows 2500");
                transaction.rollback();
            }
        }
        assertEquals(
                List.of(
                        "begin graph",
                        "run rows 2500",
                        "run other",
                        "commit",
                        "begin graph",
                        "run rows 2500",
                        "rollback"),
                handler.heard);
    }

    @Test
    void f25RetriesOnTransientCodes() {
        handler.failuresLeft.set(2);
        try (Session session = driver.session()) {
            String value = session.executeWrite(
                    transaction -> transaction.run("flaky").single().get(0).toString());
            assertEquals("1", value);
        }
        assertEquals(List.of("begin null", "run flaky", "rollback"), handler.heard.subList(0, 3));
        assertEquals(9, handler.heard.size());
        assertEquals("commit", handler.heard.get(8));
        handler.failuresLeft.set(1);
        try (Session session = driver.session()) {
            assertThrows(TransientException.class, () -> session.run("flaky").single());
        }
    }

    @Test
    void manyRowsAreAskedForAsTheyAreRead() {
        try (Session session =
                driver.session(SessionConfig.builder().withFetchSize(1_000).build())) {
            Result rows = session.run("rows 100000");
            for (long n = 0; n < 100_000; n++) {
                assertEquals(n, rows.next().get(0).asLong());
                assertTrue(handler.made.get() <= n + 3_001, () -> handler.made + " rows made");
            }
            assertFalse(rows.hasNext());
            assertEquals("READ_ONLY", rows.consume().queryType().name());
        }
    }

    @Test
    void earlyCancel() {
        try (Session session = driver.session()) {
            Result rows = session.run("rows 10000000");
            assertEquals(0, rows.next().get(0).asInt());
            rows.consume();
            assertTrue(handler.made.get() < 10_000, () -> handler.made + " rows made");
            assertEquals("next", session.run("next").single().get(0).asString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Neo.ClientError.Statement.SyntaxError",
                "Neo.ClientError.Schema.ConstraintValidationFailed",
                "Neo.ClientError.Security.Forbidden",
                "Neo.DatabaseError.General.UnknownError",
                "Neo.TransientError.Transaction.DeadlockDetected"
            })
    void failures(String code) {
        try (Session session = driver.session()) {
            Neo4jException failure = assertThrows(
                    Neo4jException.class, () -> session.run("fail " + code).consume());
            assertEquals(code, failure.code());
            assertEquals("as the test says", failure.getMessage());
            assertEquals("after", session.run("after").single().get(0).asString());
        }
    }

    /** B42, B3 defect 10: what a handler throws is not the client's to read. */
    @Test
    void handlersThatFail() {
        try (Session session = driver.session()) {
            for (String query : List.of("crash with a secret", "object", "narrow")) {
                DatabaseException bug = assertThrows(
                        DatabaseException.class, () -> session.run(query).list(), query);
                assertEquals("Neo.DatabaseError.General.UnknownError", bug.code());
                assertEquals("the server failed; its log says why", bug.getMessage());
            }
            assertEquals("after", session.run("after").single().get(0).asString());
        }
        try (Session session = driver.session()) {
            Transaction transaction = session.beginTransaction();
            assertThrows(DatabaseException.class, () -> transaction.run("crash").list());
            transaction.close();
        }
        assertTrue(handler.heard.contains("rollback"));
    }

    @Test
    void aDriverThatGoes() {
        AsyncSession session = driver.session(AsyncSession.class);
        var never = session.runAsync("never").toCompletableFuture();
        await().until(() -> handler.heard.contains("run never"));
        driver.closeAsync();
        await().until(() -> handler.heard.contains("cancelled run"));
        assertThrows(ExecutionException.class, () -> never.get(Loop.PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void timeOfATransaction() {
        TransactionConfig brief =
                TransactionConfig.builder().withTimeout(Duration.ofMillis(300)).build();
        try (Session session = driver.session()) {
            for (String query : List.of("never", "slow")) {
                ClientException late = assertThrows(
                        ClientException.class, () -> session.run(query, brief).list());
                assertEquals(Failures.TIMED_OUT, late.code());
            }
        }
        assertTrue(
                handler.heard.containsAll(List.of("cancelled run", "cancelled rows")), () -> handler.heard.toString());
    }

    @Test
    void routing() {
        try (Driver routed = served.driver("neo4j", Served.ALICE, Served.quiet().build());
                Session session = routed.session(SessionConfig.forDatabase("graph"))) {
            assertEquals(
                    "here",
                    session.executeRead(transaction ->
                            transaction.run("here").single().get(0).asString()));
            assertEquals(
                    "there",
                    session.executeWrite(transaction ->
                            transaction.run("there").single().get(0).asString()));
        }
        assertTrue(handler.heard.contains("route graph"));
    }

    /** Reads go to one server, writes to another. */
    @Test
    void routingByAGivenTable() {
        try (Served reader = new Served()) {
            List<BoltAddress> here = List.of(new BoltAddress("127.0.0.1", served.port));
            handler.routes = new ServerRoutes(60, here, List.of(new BoltAddress("127.0.0.1", reader.port)), here);
            try (Driver routed =
                            served.driver("neo4j", Served.ALICE, Served.quiet().build());
                    Session session = routed.session()) {
                session.executeRead(transaction -> transaction.run("read").list());
                session.executeWrite(transaction -> transaction.run("write").list());
            }
            assertTrue(reader.handler.heard.contains("run read"));
            assertTrue(handler.heard.contains("run write"));
        }
    }

    private Record one(String query) {
        try (Session session = driver.session()) {
            return session.run(query).single();
        }
    }

    private static Set<String> values(Session session) {
        return session.lastBookmarks().stream().map(Bookmark::value).collect(Collectors.toSet());
    }
}
