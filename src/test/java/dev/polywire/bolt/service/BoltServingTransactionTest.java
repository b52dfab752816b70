package dev.polywire.bolt.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.exceptions.AuthenticationException;
import org.neo4j.driver.exceptions.Neo4jException;

/** Who asks, under which terms, and in which transaction: what reaches the bus, and what comes back. */
@Timeout(60)
class BoltServingTransactionTest {

    private static final String ROOM = "graph.transactions.1";
    private static final JsonObject HANDLE =
            new JsonObject().put("address", ROOM).put("id", "t1").put("leaseMillis", 300);
    private static final JsonObject ONE =
            new JsonObject().put("fields", new JsonArray(List.of("n"))).put("records", new JsonArray("[[1]]"));

    private final ServingBus bus = new ServingBus();

    @AfterEach
    void close() {
        bus.close();
    }

    private Future<?> answer(String action, JsonObject body) {
        return switch (action) {
            case "authenticate" ->
                "secret".equals(body.getJsonObject("token").getString("credentials"))
                        ? Future.succeededFuture(new JsonObject().put("user", "alice the great"))
                        : Future.failedFuture(Failure.UNAUTHENTICATED.because("the login is wrong"));
            case "begin" -> Future.succeededFuture(HANDLE);
            case "run" ->
                "bad".equals(body.getString("query"))
                        ? Future.failedFuture(Failure.BAD_REQUEST.because("bad"))
                        : Future.succeededFuture(ONE);
            case "commit" -> Future.succeededFuture(new JsonObject().put("bookmark", "b:2"));
            default -> Future.succeededFuture(null);
        };
    }

    private Driver serve(JsonObject settings) {
        bus.deploy(settings.put("wrongLoginDelayMillis", 0))
                .answer(ServingBus.HANDLER, this::answer)
                .answer(ROOM, this::answer);
        return bus.driver(AuthTokens.basic("alice", "secret"));
    }

    /** What was asked, without renewals of a lease. */
    private List<String> actions() {
        List<String> actions = new ArrayList<>();
        bus.asked.forEach(asked -> actions.add(asked.getString("action")));
        actions.removeIf("renew"::equals);
        return actions;
    }

    private JsonObject last(String action) {
        return bus.asked.stream()
                .filter(asked -> asked.getString("action").equals(action))
                .reduce((first, second) -> second)
                .orElseThrow()
                .getJsonObject("body");
    }

    @Test
    void theSessionAndItsTermsTravelAlong() {
        try (Driver driver = serve(new JsonObject().put("authentication", true));
                Session session = driver.session(SessionConfig.builder()
                        .withDatabase("films")
                        .withDefaultAccessMode(AccessMode.READ)
                        .build())) {
            session.run(
                            "RETURN 1",
                            TransactionConfig.builder()
                                    .withTimeout(Duration.ofSeconds(7))
                                    .withMetadata(Map.of("page", 3, "at", java.time.LocalDate.of(2026, 11, 21)))
                                    .build())
                    .consume();
        }
        JsonObject run = last("run");
        assertEquals(
                new JsonObject()
                        .put("mode", "read")
                        .put("database", "films")
                        .put("timeoutMillis", 7_000L)
                        .put(
                                "metadata",
                                new JsonObject().put("page", 3L).put("at", ValueToJson.typed("Date", "2026-11-21"))),
                run.getJsonObject("options"));
        JsonObject session = run.getJsonObject("session");
        assertEquals("alice the great", session.getString("user"));
        assertEquals("127.0.0.1", session.getString("host"));
        assertTrue(session.getString("agent").startsWith("neo4j-java/"), session::encode);
        assertEquals(new JsonArray(), session.getJsonArray("certificateNames"));
        assertNotNull(session.getString("version"));
        assertTrue(session.getString("request").startsWith(session.getString("connection") + "/"), session::encode);
        assertEquals("", last("authenticate").getJsonObject("session").getString("user"));
        assertEquals("basic", last("authenticate").getJsonObject("token").getString("scheme"));
    }

    @Test
    void whoIsNotLetIn() {
        serve(new JsonObject().put("authentication", true)).close();
        try (Driver stranger = bus.driver(AuthTokens.basic("alice", "guess"))) {
            assertThrows(AuthenticationException.class, stranger::verifyConnectivity);
        }
        assertEquals(
                1, Outcome.value(bus.service.status()).getJsonObject("counters").getInteger("refusedLogins"));
    }

    @Test
    void withoutTheOptionsNobodyIsAsked() {
        try (Driver driver = serve(new JsonObject());
                Session session = driver.session();
                Transaction transaction = session.beginTransaction()) {
            transaction.run("RETURN 1").consume();
            transaction.commit();
        }
        assertEquals(List.of("run"), actions());
        assertEquals("alice", last("run").getJsonObject("session").getString("user"));
    }

    @Test
    void aTransactionIsBegunUsedAndCommittedWhereItsHandleSays() {
        try (Driver driver = serve(new JsonObject().put("transactions", true));
                Session session = driver.session(
                        SessionConfig.builder().withDatabase("films").build())) {
            try (Transaction transaction = session.beginTransaction()) {
                assertEquals(1, transaction.run("RETURN 1").single().get("n").asInt());
                transaction.commit();
            }
            assertEquals("b:2", session.lastBookmarks().iterator().next().value());
        }
        assertEquals(List.of("begin", "run", "commit"), actions());
        assertEquals("films", last("begin").getJsonObject("options").getString("database"));
        assertEquals("t1", last("run").getString("id"));
        assertEquals("t1", last("commit").getString("id"));
    }

    @Test
    void itIsRolledBackWhenItIsGivenUpAndWhenAQueryFails() {
        try (Driver driver = serve(new JsonObject().put("transactions", true));
                Session session = driver.session()) {
            try (Transaction givenUp = session.beginTransaction()) {
                givenUp.run("RETURN 1").consume();
            }
            try (Transaction failing = session.beginTransaction()) {
                assertThrows(Neo4jException.class, () -> failing.run("bad").consume());
            }
        }
        assertEquals(List.of("begin", "run", "rollback", "begin", "run", "rollback"), actions());
    }

    @Test
    void itsLeaseIsKeptWhileTheClientThinks() {
        try (Driver driver = serve(new JsonObject().put("transactions", true));
                Session session = driver.session();
                Transaction transaction = session.beginTransaction()) {
            transaction.run("RETURN 1").consume();
            org.awaitility.Awaitility.await()
                    .until(() -> bus.asked.stream()
                                    .filter(asked -> asked.getString("action").equals("renew"))
                                    .count()
                            >= 3);
            transaction.commit();
        }
    }

    @Test
    void anotherUsersPlaceIsTakenOnlyWhereThatIsAllowed() {
        SessionConfig bob = SessionConfig.builder().withImpersonatedUser("bob").build();
        try (Driver driver = serve(new JsonObject());
                Session session = driver.session(bob)) {
            Neo4jException no = assertThrows(
                    Neo4jException.class, () -> session.run("RETURN 1").consume());
            assertEquals("Neo.ClientError.Security.Forbidden", no.code());
        }
        assertEquals(List.of(), actions());
        Outcome.value(bus.vertx.undeploy(bus.deployment));
        bus.deploy(new JsonObject().put("impersonation", true));
        try (Driver driver = bus.driver();
                Session session = driver.session(bob)) {
            session.run("RETURN 1").consume();
        }
        assertEquals("bob", last("run").getJsonObject("options").getString("impersonatedUser"));
    }
}
