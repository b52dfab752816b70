package dev.polywire.bolt.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.Driver;
import org.neo4j.driver.exceptions.Neo4jException;
import org.neo4j.driver.exceptions.RetryableException;

/** What the official driver hears of each way in which nobody answers as he should. */
@Timeout(60)
class BoltServingFailuresTest {

    private static final String UNAVAILABLE = "Neo.TransientError.General.DatabaseUnavailable";
    private static final String TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut";
    private static final String UNKNOWN = "Neo.DatabaseError.General.UnknownError";
    private static final String ARGUMENT = "Neo.ClientError.Statement.ArgumentError";

    private final ServingBus bus = new ServingBus();

    @AfterEach
    void close() {
        bus.close();
    }

    static Stream<Arguments> failures() {
        JsonObject syntax = new JsonObject()
                .put("code", "Neo.ClientError.Statement.SyntaxError")
                .put("message", "no such word");
        return Stream.of(
                Arguments.of(Failure.OVERLOADED.because("busy"), UNAVAILABLE, "busy"),
                Arguments.of(Failure.UNAVAILABLE.because("down"), UNAVAILABLE, "down"),
                Arguments.of(Failure.CONNECTION_LOST.because("cut"), UNAVAILABLE, "cut"),
                Arguments.of(Failure.SHUTTING_DOWN.because("going"), UNAVAILABLE, "going"),
                Arguments.of(Failure.TIMEOUT.because("late"), TIMED_OUT, "late"),
                Arguments.of(Failure.BAD_REQUEST.because("what?"), ARGUMENT, "what?"),
                Arguments.of(Failure.NOT_FOUND.because("none"), ARGUMENT, "none"),
                Arguments.of(Failure.FORBIDDEN.because("no"), "Neo.ClientError.Security.Forbidden", "no"),
                Arguments.of(Failure.UNAUTHENTICATED.because("who?"), "Neo.ClientError.Security.Forbidden", "who?"),
                Arguments.of(Failure.UNKNOWN_OUTCOME.because("perhaps"), UNKNOWN, "perhaps"),
                Arguments.of(Failure.NODE_LOST.because("gone"), UNKNOWN, "gone"),
                Arguments.of(Failure.REFUSED_BY_SERVER.because("never"), ARGUMENT, "never"),
                Arguments.of(Failure.REFUSED_BY_SERVER.because("later", true, false, null), UNAVAILABLE, "later"),
                Arguments.of(
                        Failure.REFUSED_BY_SERVER.because("text", false, false, syntax),
                        syntax.getString("code"),
                        syntax.getString("message")),
                Arguments.of(
                        Failure.INTERNAL.because("text", true, true, syntax),
                        syntax.getString("code"),
                        syntax.getString("message")),
                Arguments.of(
                        Failure.BAD_REQUEST.because("text", false, false, new JsonObject().put("code", "Neo.My\n.Own")),
                        ARGUMENT,
                        "text"),
                Arguments.of(new ReplyException(ReplyFailure.RECIPIENT_FAILURE, 4429, "plain"), UNAVAILABLE, "plain"),
                Arguments.of(Failure.INTERNAL.because("secret"), UNKNOWN, "the server failed; its log says why"),
                Arguments.of(new ServiceException(500, "secret"), UNKNOWN, "the server failed; its log says why"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsNeo4js(Exception failure, String code, String message) {
        bus.deploy(new JsonObject()).answer(ServingBus.HANDLER, (action, body) -> Future.failedFuture(failure));
        Neo4jException heard = fails();
        assertEquals(code, heard.code());
        assertEquals(message, heard.getMessage());
        assertEquals(
                1, Outcome.value(bus.service.status()).getJsonObject("counters").getInteger("failedQueries"));
    }

    @Test
    void nobodyAtTheAddressMayPass() {
        bus.deploy(new JsonObject());
        Neo4jException nobody = fails();
        assertEquals(UNAVAILABLE, nobody.code());
        assertEquals("what answers queries: nobody at the address", nobody.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{'fields': ['n']}",
                "{'fields': ['n'], 'records': [[1, 2]]}",
                "{'fields': ['n'], 'records': [1]}",
                "{'fields': ['n'], 'records': [], 'more': 1}",
                "{'fields': ['n'], 'records': [], 'done': false}",
                "{'fields': 'n', 'records': []}",
                "{'fields': ['n'], 'records': [], 'summary': {'typo': 'r'}}",
                "{'fields': ['n'], 'records': [], 'summary': {'type': 'read'}}",
                "{'fields': ['n'], 'records': [], 'summary': {'type': ''}}",
                "{'fields': ['n'], 'records': [], 'summary': {'notifications': [{}]}}",
                "{'fields': ['n'], 'records': [[{'$type': 'Node', '_value': {}}]]}",
                "{'fields': ['n'], 'id': 'i'}",
                "{'fields': ['n'], 'address': 'a', 'id': 'i', 'leaseMillis': 0}",
            })
    void whatIsNoAnswerIsAFailureOfTheServer(String json) {
        JsonObject answer = json.equals("null") ? null : new JsonObject(json.replace('\'', '"'));
        bus.deploy(new JsonObject()).answer(ServingBus.HANDLER, (action, body) -> Future.succeededFuture(answer));
        assertEquals(UNKNOWN, fails().code());
        try (Driver driver = bus.driver()) {
            driver.verifyConnectivity();
        }
    }

    /** And whoever worked on it is told that nobody waits. */
    @Test
    void silenceIsATimeoutAndWhoIsSilentIsTold() throws Exception {
        Promise<JsonObject> told = Promise.promise();
        bus.vertx.eventBus().<JsonObject>consumer(ServingBus.HANDLER + ".cancelled", m -> told.tryComplete(m.body()));
        bus.deploy(new JsonObject().put("handlerTimeoutMillis", 300))
                .answer(ServingBus.HANDLER, (action, body) -> Promise.promise().future());
        assertEquals(TIMED_OUT, fails().code());
        JsonObject session = bus.asked.take().getJsonObject("body").getJsonObject("session");
        assertEquals(session.getString("request"), Outcome.value(told.future()).getString("request"));
    }

    @Test
    void aHandlerThatCrashesOrLeavesIsHeardInTime() {
        bus.deploy(new JsonObject().put("handlerTimeoutMillis", 1_000));
        AtomicReference<MessageConsumer<JsonObject>> consumer = new AtomicReference<>();
        consumer.set(bus.vertx.eventBus().consumer(ServingBus.HANDLER, message -> {
            consumer.get().unregister();
            throw new IllegalStateException("crashed with the query in hand");
        }));
        assertEquals(TIMED_OUT, fails().code());
        assertEquals(UNAVAILABLE, fails().code());
    }

    @Test
    void aStreamThatNobodyHoldsAnyMore() {
        JsonObject handle = new JsonObject()
                .put("fields", new JsonArray(List.of("n")))
                .put("address", "graph.streams.gone")
                .put("id", "i")
                .put("leaseMillis", 30_000);
        bus.deploy(new JsonObject()).answer(ServingBus.HANDLER, (action, body) -> Future.succeededFuture(handle));
        assertEquals(UNKNOWN, fails().code());
    }

    @Test
    void itsOwnLeavingMayPass() {
        bus.deploy(new JsonObject().put("drainMillis", 0));
        Promise<Void> came = Promise.promise();
        bus.answer(ServingBus.HANDLER, (action, body) -> {
            came.complete();
            return Promise.promise().future();
        });
        CompletableFuture<Neo4jException> heard = CompletableFuture.supplyAsync(this::fails);
        Outcome.value(came.future());
        Outcome.value(bus.vertx.undeploy(bus.deployment));
        assertInstanceOf(RetryableException.class, Loop.await(heard));
    }

    private Neo4jException fails() {
        try (Driver driver = bus.driver()) {
            Neo4jException heard = assertThrows(
                    Neo4jException.class,
                    () -> driver.executableQuery("RETURN 1").execute());
            assertFalse(String.valueOf(heard.getMessage()).contains("secret"));
            return heard;
        }
    }
}
