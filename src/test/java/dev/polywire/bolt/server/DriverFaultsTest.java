package dev.polywire.bolt.server;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltServerOptions;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.Config;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.Transaction;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.exceptions.ClientException;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.RetryableException;
import org.neo4j.driver.exceptions.UntrustedServerException;

/** What the official driver hears of handlers that do not answer as they should, and of a server that is not as it should be. */
class DriverFaultsTest {

    private Served served;

    @AfterEach
    void close() {
        served.close();
    }

    private static String one(Session session, String query) {
        return session.run(query).single().get(0).asString();
    }

    /** Repeats what a busy machine does not answer in the server's short time. */
    private static String answered(Session session, String query) {
        return await().until(
                        () -> {
                            try {
                                return one(session, query);
                            } catch (ClientException failed) {
                                return failed.code();
                            }
                        },
                        answer -> !answer.equals(Failures.TIMED_OUT));
    }

    /** B42: no answer at all, or no rows. */
    @ParameterizedTest
    @ValueSource(strings = {"never", "slow"})
    void b42SilenceIsATimeoutAndTheConnectionGoesOn(String query) {
        served = new Served(Served.bounds(300, 0), Served.options(10_000));
        try (Driver driver = served.driver();
                Session session = driver.session()) {
            ClientException late =
                    assertThrows(ClientException.class, () -> session.run(query).list());
            assertEquals(Failures.TIMED_OUT, late.code());
            assertEquals("after", answered(session, "after"));
        }
    }

    /** The driver is told to expect something each second, and waits for an answer longer than that. */
    @Test
    void slownessIsBridgedBySignsOfLife() {
        served = new Served(Served.bounds(20_000, 0), new BoltServerOptions(BoltServer.AGENT, "").receiveTimeout(1));
        BoltServer slow = served.loop.call(() -> new BoltServer(
                served.loop.vertx(),
                EndpointOptions.of("127.0.0.1", 0),
                new BoltServerOptions(BoltServer.AGENT, "").receiveTimeout(1),
                Served.bounds(20_000, 0),
                (session, query, parameters) -> {
                    Promise<QueryResult> later = Promise.promise();
                    served.loop.vertx().setTimer(1_500, t -> later.complete(QueryResult.row(List.of("n"), query)));
                    return later.future();
                }));
        int port = served.loop.join(slow::listen);
        try (Driver driver = GraphDatabase.driver(
                        "bolt://127.0.0.1:" + port, Served.quiet().build());
                Session session = driver.session()) {
            assertEquals("slow", one(session, "slow"));
        }
        served.loop.join(slow::close);
    }

    /** The server's own limit: a client may ask for less, and not for more. */
    @ParameterizedTest
    @CsvSource({"never, 0", "slow, 0", "never, 3600000", "slow, 3600000"})
    void theServersTimeOfAQuery(String query, long clientMillis) {
        served = new Served(Served.bounds(60_000, 300), Served.options(10_000));
        TransactionConfig terms = TransactionConfig.builder()
                .withTimeout(Duration.ofMillis(clientMillis))
                .build();
        try (Driver driver = served.driver();
                Session session = driver.session()) {
            ClientException late = assertThrows(
                    ClientException.class, () -> session.run(query, terms).list());
            assertEquals(Failures.TIMED_OUT, late.code());
            Transaction thinking = session.beginTransaction();
            await().until(() -> served.handler.heard.contains("rollback"));
            assertThrows(ClientException.class, thinking::commit);
            assertEquals("after", answered(session, "after"));
        }
    }

    /** What one asked for is not what the next one has on the same connection. */
    @Test
    void termsOfOneQueryAreNotThoseOfTheNext() {
        served = new Served();
        // One connection for all: a driver that has not got it back yet would take another.
        Config config = Served.quiet().withMaxConnectionPoolSize(1).build();
        try (Driver driver = served.driver("bolt", Served.ALICE, config)) {
            TransactionConfig terms = TransactionConfig.builder()
                    .withMetadata(Map.of("tenant", 1))
                    .build();
            try (Session session = driver.session(SessionConfig.forDatabase("secret"))) {
                session.run("who", terms).consume();
                session.executeWrite(transaction -> transaction.run("who").consume(), terms);
            }
            try (Session session = driver.session()) {
                Record who = session.run("who").single();
                assertTrue(who.get("database").isNull(), who::toString);
                assertEquals(Map.of(), who.get("metadata").asMap());
            }
        }
        await().until(() -> served.loop.call(served.server::connections) == 0);
        assertEquals(
                1,
                served.handler.heard.stream()
                        .filter(h -> h.startsWith("closed"))
                        .count());
    }

    @ParameterizedTest
    @CsvSource({"AsyncBolt/1.0, false", "Neo4j/9.9, true", "Neo4j/5.26.0-mine, true"})
    void driversAskForNeo4j(String agent, boolean accepted) {
        served = new Served(Served.bounds(60_000, 0), new BoltServerOptions(agent, ""));
        try (Driver driver = served.driver();
                Session session = driver.session()) {
            if (accepted) {
                assertEquals(agent, session.run("x").consume().server().agent());
            } else {
                assertThrows(
                        UntrustedServerException.class, () -> session.run("x").consume());
            }
        }
    }

    /** What is being worked on when the server goes is one that may be tried again. */
    @Test
    void aServerThatLeaves() {
        served = new Served();
        try (Driver driver = served.driver();
                Session session = driver.session()) {
            CompletableFuture<Neo4jException> heard = CompletableFuture.supplyAsync(() -> assertThrows(
                    Neo4jException.class, () -> session.run("never").list()));
            await().until(() -> served.handler.heard.contains("run never"));
            Future<Void> stopped = served.loop.call(served.server::close);
            assertInstanceOf(RetryableException.class, Loop.await(heard));
            Loop.await(stopped);
        }
        assertTrue(served.handler.heard.contains("cancelled run"));
    }
}
