package dev.polywire.bolt.service;

import static dev.polywire.bolt.service.BoltBus.failure;
import static dev.polywire.bolt.service.BoltBus.name;
import static dev.polywire.bolt.service.BoltBus.rows;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.BoltMessage;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltVersion;
import dev.polywire.bolt.wire.NotificationFilter;
import dev.polywire.bolt.wire.PackStreamReader;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.bolt.wire.ValueDialect;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The service, without streams and transactions, in front of a scripted server. */
class BoltServiceTest {

    private final BoltBus bus = new BoltBus();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void aQueryIsAnsweredWhole() {
        bus.deploy();
        JsonObject answer = Outcome.value(bus.service.run("rows 3", null, null));
        assertEquals(
                new JsonObject()
                        .put("fields", new JsonArray().add("value"))
                        .put("records", rows(3, 2, 1))
                        .put("summary", new JsonObject().put("type", "r")),
                answer);
        assertEquals(List.of("RUN", "PULL"), bus.asked());
    }

    @Test
    void parametersAndOptionsReachTheServer() {
        AtomicReference<BoltRequest.Run> run = new AtomicReference<>();
        bus.server.script((peer, request) -> {
            if (request.request() instanceof BoltRequest.Run asked) {
                run.set(asked);
            }
            return false;
        });
        bus.deploy();
        JsonObject options = new JsonObject("""
                {"database": "movies", "mode": "read", "bookmarks": ["b1"], "timeoutMillis": 7000,
                 "metadata": {"who": "test"}, "impersonatedUser": "alice",
                 "notifications": {"minimumSeverity": "OFF", "disabled": ["HINT"]}}""");
        Outcome.value(bus.service.run("one", new JsonObject("{\"n\": 1, \"d\": 1.0}"), options));
        assertEquals(Map.of("n", 1L, "d", 1.0), run.get().parameters());
        assertEquals(
                new TransactionOptions(
                        List.of("b1"),
                        7_000,
                        Map.of("who", "test"),
                        true,
                        "movies",
                        "alice",
                        new NotificationFilter("OFF", List.of("HINT"))),
                run.get().options());
        Outcome.value(bus.ask(BoltBus.ADDRESS, "run", new JsonObject().put("query", "two"), 5_000));
        long left = run.get().options().timeoutMillis();
        assertTrue(left > 0 && left <= 5_000, "as long as its caller waits: " + left);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                    | query: missing",
                "{\"query\": \"q\", \"options\": {\"databse\": \"x\"}} | options.databse: unknown field",
                "{\"query\": \"q\", \"options\": {\"mode\": \"rw\"}}   | options.mode: unknown (expected: one of [write, read])",
                "{\"query\": \"q\", \"options\": {\"form\": \"raw\"}}  | options.form: unknown field",
                "{\"query\": \"q\", \"parameters\": {\"a\": [{\"$type\": \"Datum\", \"_value\": \"x\"}]}} "
                        + "| parameters.a[0]: of a $type that nobody knows",
                "{\"query\": \"q\", \"parameters\": {\"a\": \"\\ud800\"}} | string: half a surrogate pair",
                "{\"query\": \"q\", \"parameters\": {\"\\ud800\": 1}} | string: half a surrogate pair",
                "{\"query\": \"\\ud800\"} | string: half a surrogate pair",
                "{\"query\": \"q\", \"options\": {\"database\": \"\\ud800\"}} | string: half a surrogate pair",
                "{\"query\": \"q\", \"options\": {\"metadata\": {\"a\": \"\\ud800\"}}} | string: half a surrogate pair",
                "{\"query\": \"q\", \"options\": {\"bookmarks\": [\"\\ud800\"]}} | string: half a surrogate pair",
            })
    void whatCannotBeAskedIsSaid(String body, String complaint) {
        bus.deploy();
        ServiceException bad = failure(bus.ask(BoltBus.ADDRESS, "run", new JsonObject(body), 5_000));
        assertEquals(4400, bad.failureCode(), bad::getMessage);
        assertTrue(bad.getMessage().startsWith(complaint), bad.getMessage());
        Outcome.value(bus.service.run("still there", null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "Neo.ClientError.Statement.SyntaxError,            REFUSED_BY_SERVER, false",
        "Neo.TransientError.Transaction.DeadlockDetected,  REFUSED_BY_SERVER, true",
        "Neo.ClientError.Cluster.NotALeader,               REFUSED_BY_SERVER, true",
        "Neo.ClientError.Security.Unauthorized,            UNAUTHENTICATED,   false",
        "Neo.ClientError.Security.TokenExpired,            UNAUTHENTICATED,   true",
        "Neo.ClientError.Security.Forbidden,               FORBIDDEN,         false",
        "Neo.ClientError.Database.DatabaseNotFound,        NOT_FOUND,         false",
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration, TIMEOUT, false",
    })
    void aRefusalHasTheServersWords(String code, String failure, boolean retryable) {
        bus.deploy();
        ServiceException refused = failure(bus.service.run("fail " + code, null, null));
        JsonObject info = refused.getDebugInfo();
        assertEquals(failure, name(refused));
        assertEquals(retryable, info.getBoolean("retryable"));
        assertEquals(false, info.getBoolean("mayHaveExecuted"));
        assertEquals(code, info.getJsonObject("server").getString("code"));
        assertEquals("as the test says", info.getJsonObject("server").getString("message"));
        assertTrue(refused.getMessage().startsWith(code), refused.getMessage());
        Outcome.value(bus.service.run("the connection has mended", null, null));
    }

    @ParameterizedTest
    @CsvSource({"maxRecords, 3, rows 4", "maxRecords, 3, rows 5000", "maxBytes, 1024, rows 5000"})
    void aResultThatIsTooLargeIsForAStream(String bound, int value, String query) {
        bus.deploy(new JsonObject().put(bound, value).put("maxConnections", 1));
        ServiceException over = failure(bus.service.run(query, null, null));
        assertEquals("LIMIT_EXCEEDED", name(over));
        assertTrue(over.getMessage().contains("open"), over.getMessage());
        assertEquals(
                rows(3, 2, 1),
                Outcome.value(bus.service.run("rows 3", null, null)).getValue("records"));
        assertFalse(bus.asked().contains("RESET"));
    }

    @Test
    void whoeverGivesUpLeavesNothingBehind() {
        bus.server.script((peer, request) ->
                request.request() instanceof BoltRequest.Run run && run.query().equals("silence"));
        bus.deploy(new JsonObject().put("maxConnections", 1));
        JsonObject silence = new JsonObject().put("query", "silence");
        ServiceException late = failure(bus.ask(BoltBus.ADDRESS, "run", silence, 200));
        assertEquals("TIMEOUT", name(late));
        assertEquals(true, late.getDebugInfo().getBoolean("mayHaveExecuted"));
        await().until(() -> bus.asked().contains("RESET"));
    }

    @Test
    void aQueryIsTriedAgainOnlyIfAsked() {
        int[] commits = {0};
        bus.server.script((peer, request) -> {
            if (request.request().message() == BoltMessage.COMMIT && commits[0]++ < 2) {
                peer.failure(request, "Neo.TransientError.Transaction.DeadlockDetected");
                return true;
            }
            return false;
        });
        // One connection: with more, a retry that comes before the RESET is answered opens a second one.
        bus.deploy(new JsonObject().put("maxConnections", 1));
        JsonObject answer = Outcome.value(bus.service.run("rows 2", null, new JsonObject().put("retry", true)));
        assertEquals(rows(2, 1), answer.getValue("records"));
        assertEquals("bookmark 1", answer.getJsonObject("summary").getString("bookmark"));
        assertEquals(3, commits[0]);
    }

    @Test
    void aPipelineIsOneWrite() {
        bus.deploy();
        List<JsonObject> statements = IntStream.range(1, 4)
                .mapToObj(i -> new JsonObject().put("query", "statement " + i))
                .toList();
        JsonObject answer = Outcome.value(bus.service.pipeline(statements, null));
        JsonArray results = answer.getJsonArray("results");
        assertEquals(3, results.size());
        assertEquals(rows("statement 2"), results.getJsonObject(1).getValue("records"));
        assertEquals(List.of("RUN", "PULL", "RUN", "PULL", "RUN", "PULL"), bus.asked());
        assertEquals("BAD_REQUEST", name(failure(bus.service.pipeline(List.of(), null))));
    }

    @Test
    void aPipelineThatFailsSaysHowFarItCame() {
        bus.deploy();
        List<JsonObject> statements = List.of(
                new JsonObject().put("query", "one"),
                new JsonObject().put("query", "fail Neo.TransientError.Transaction.DeadlockDetected"),
                new JsonObject().put("query", "three"));
        JsonObject info = failure(bus.service.pipeline(statements, null)).getDebugInfo();
        assertEquals("REFUSED_BY_SERVER", info.getString("name"));
        assertEquals(1, info.getJsonObject("server").getInteger("statement"));
        assertEquals(true, info.getBoolean("mayHaveExecuted"));
        assertEquals(false, info.getBoolean("retryable"));
    }

    @Test
    void pingAndStatus() {
        bus.deploy();
        JsonObject server = Outcome.value(bus.service.ping());
        assertEquals("Neo4j/test", server.getString("server"));
        assertEquals("c1", server.getString("connectionId"));
        JsonObject status = Outcome.value(bus.service.status());
        assertEquals("bolt://127.0.0.1:" + bus.server.port, status.getString("target"));
        assertTrue(bus.counter("connections") >= 1);
        assertEquals("BAD_REQUEST", name(failure(bus.service.route(null))));
    }

    @Test
    void aLoginThatIsRefusedIsSaidWithoutItsSecret() {
        bus.server.script((peer, request) -> {
            boolean login = request.request().message() == BoltMessage.LOGON;
            if (login) {
                peer.failure(request, "Neo.ClientError.Security.Unauthorized");
            }
            return login;
        });
        bus.deploy(new JsonObject().put("user", "neo4j").put("password", "canary-5e1d"));
        ServiceException refused = failure(bus.service.run("one", null, null));
        for (int i = 0; i < 20; i++) {
            refused = failure(bus.service.run("one", null, null));
            assertEquals("UNAUTHENTICATED", name(refused));
            assertTrue(refused.getMessage().startsWith("127.0.0.1:" + bus.server.port + " refuses the login: "));
            assertEquals(false, refused.getDebugInfo().getBoolean("retryable"));
            assertEquals(
                    "Neo.ClientError.Security.Unauthorized",
                    refused.getDebugInfo().getJsonObject("server").getString("code"));
        }
        // The first call may have met none that was over.
        assertTrue(logins() <= 2, "not one for each call");
        JsonObject status = Outcome.value(bus.service.status());
        assertEquals("connecting", status.getString("state"));
        assertTrue(status.getString("reason").contains("Unauthorized"));
        assertFalse((status + refused.getMessage() + refused.getDebugInfo()).contains("canary"));
    }

    private long logins() {
        return bus.server.asked.stream().filter(each -> each.endsWith(" LOGON")).count();
    }

    @Test
    void theRawDoorTakesAndGivesPackStream() {
        AtomicReference<BoltRequest.Run> run = new AtomicReference<>();
        bus.server.script((peer, request) -> {
            if (request.request() instanceof BoltRequest.Run asked) {
                run.set(asked);
            }
            return false;
        });
        bus.deploy(new JsonObject().put("maxRecords", 2));
        DeliveryOptions headers = new DeliveryOptions()
                .addHeader("action", "run")
                .addHeader("query", "rows 2")
                .addHeader("database", "movies");
        Buffer parameters = Buffer.buffer(new byte[] {(byte) 0xa1, (byte) 0x81, 'n', 7});
        Buffer answer = Outcome.value(bus.vertx.eventBus().<Buffer>request("polywire.bolt.raw", parameters, headers))
                .body();
        assertEquals(Map.of("n", 7L), run.get().parameters());
        assertEquals("movies", run.get().options().database());
        PackStreamReader in = new PackStreamReader(answer, ValueDialect.of(BoltVersion.V5_8), BoltLimits.DEFAULT);
        assertEquals(List.of(2L), in.value());
        assertEquals(List.of(1L), in.value());
        assertEquals(Map.of("type", "r", "fields", List.of("value")), in.value());
        in.finish();
        headers.getHeaders().set("query", "rows 3");
        assertEquals(
                "LIMIT_EXCEEDED",
                name(failure(bus.vertx.eventBus().request("polywire.bolt.raw", parameters, headers))));
        Buffer half = parameters.slice(0, 3);
        assertEquals("BAD_REQUEST", name(failure(bus.vertx.eventBus().request("polywire.bolt.raw", half, headers))));
    }

    @Test
    void whoWaitsForAConnectionIsBounded() {
        bus.server.script((peer, request) -> request.request().message() == BoltMessage.PULL);
        bus.deploy(new JsonObject().put("maxConnections", 1).put("maxWaiting", 0));
        await().until(() ->
                Outcome.value(bus.service.status()).getString("state").equals("ready"));
        Outcome.value(bus.service.open("one", null, null));
        assertEquals("OVERLOADED", name(failure(bus.service.run("two", null, null))));
    }
}
