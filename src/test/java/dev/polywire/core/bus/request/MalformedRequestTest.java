package dev.polywire.core.bus.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Polywire;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.LoopbackCluster;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a message to a service must look like, asked with plain messages as any event bus client sends them. */
class MalformedRequestTest {

    private static final JsonObject GOOD = new JsonObject()
            .put("text", "t")
            .put("n", 1)
            .put("big", 2)
            .put("flag", true)
            .put("d", 0.5)
            .put("list", new JsonArray());

    private static Vertx alone;
    private static LoopbackCluster cluster;

    @BeforeAll
    static void deploy() {
        alone = Vertx.vertx();
        cluster = new LoopbackCluster(2);
        Outcome.value(alone.deployVerticle(new ProbeVerticle()));
        Outcome.value(cluster.node(0).deployVerticle(new ProbeVerticle()));
        Polywire.install(cluster.node(1));
    }

    @AfterAll
    static void close() {
        Outcome.value(alone.close());
        cluster.close();
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                row("a field is missing", "text: missing", b -> without(b, "text")),
                row("a field is null", "list: missing", b -> b.putNull("list")),
                row("a number for a string", "text: 5 (expected: a string)", b -> b.put("text", 5)),
                row("a fraction for an int", "n: 1.5 (expected: a 32-bit integer)", b -> b.put("n", 1.5)),
                row("2^40 for an int", "n: 1099511627776 (expected: a 32-bit integer)", b -> b.put("n", 1L << 40)),
                row("a string for an int", "n: a string (expected: a 32-bit integer)", b -> b.put("n", "1")),
                row("2^64 for a long", "big: 18446744073709551616 (expected: a 64-bit", b -> b.put("big", two64())),
                row("words for a long", "big: a string (expected: a 64-bit", b -> b.put("big", "12a")),
                row("2^63 as a string", "big: a string (expected: a 64-bit", b -> b.put("big", "9223372036854775808")),
                row("a fraction for a long", "big: 2.0 (expected: a 64-bit", b -> b.put("big", 2.0)),
                row("a number for a boolean", "flag: 1 (expected: true or false)", b -> b.put("flag", 1)),
                row("a string for a double", "d: a string (expected: a number)", b -> b.put("d", "0.5")),
                row("an array for an object", "extra: an array (expected: an object)", b -> b.put("extra", list())),
                row("an object for an array", "list: an object (expected: an array)", b -> b.put("list", object())),
                row("an unknown field", "texts: unknown field", b -> b.put("texts", "t")),
                row("an unknown field named to forge a log", "a\\u000ab: unknown field", b -> b.put("a\nb", 1)),
                Arguments.of("a string", "body: a string", "echo", "{}", Map.of()),
                Arguments.of("nothing", "body: null", "echo", null, Map.of()),
                Arguments.of("an array", "body: an array", "echo", new JsonArray(), Map.of()),
                Arguments.of("no action", "action: missing", null, GOOD, Map.of()),
                Arguments.of("an unknown action", "action: unknown", "delete", GOOD, Map.of()),
                Arguments.of("an action without a proxy", "action: unknown", "reset", object(), Map.of()),
                Arguments.of("a static method", "action: unknown", "proxy", object(), Map.of()),
                Arguments.of("words as timeout", "timeout: ", "echo", GOOD, Map.of("timeout", "soon")),
                Arguments.of("a fraction as timeout", "timeout: ", "echo", GOOD, Map.of("timeout", "1.5")),
                Arguments.of("no time", "timeout: ", "echo", GOOD, Map.of("timeout", "0")),
                Arguments.of("negative time", "timeout: ", "echo", GOOD, Map.of("timeout", "-1")),
                Arguments.of("a year", "timeout: ", "echo", GOOD, Map.of("timeout", "31536000000")),
                Arguments.of("a list of numbers", "names[1]: 2 (expected: a string)", "lists", lists("a", 2), Map.of()),
                Arguments.of("a null in a list", "names[0]: null (expected: a string)", "lists", nulls(), Map.of()),
                Arguments.of("a fraction in a list", "numbers[0]: 1.5 (exp", "lists", numbers(1.5), Map.of()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void isAnsweredAtOnce(String name, String complaint, String action, Object body, Map<String, String> headers) {
        DeliveryOptions options = new DeliveryOptions();
        headers.forEach(options::addHeader);
        if (action != null) {
            options.addHeader("action", action);
        }
        try (LoggedTraces log = new LoggedTraces()) {
            for (Vertx caller : List.of(alone, cluster.node(1))) {
                Throwable failed =
                        Outcome.failure(caller.eventBus().request(ProbeVerticle.ADDRESS, copy(body), options));
                ServiceException typed = assertInstanceOf(ServiceException.class, failed, failed::toString);
                assertEquals(4400, typed.failureCode(), typed::getMessage);
                assertTrue(typed.getMessage().startsWith(complaint), typed::getMessage);
                assertEquals(
                        new JsonObject()
                                .put("name", "BAD_REQUEST")
                                .put("retryable", false)
                                .put("mayHaveExecuted", false),
                        typed.getDebugInfo());
            }
            assertEquals(List.of(), log.traces());
        }
    }

    @Test
    void aStringInAComplaintIsNotRepeated() {
        DeliveryOptions options = new DeliveryOptions().addHeader("action", "echo");
        ReplyException failed = (ReplyException) Outcome.failure(
                alone.eventBus().request(ProbeVerticle.ADDRESS, GOOD.copy().put("n", "hunter2"), options));
        assertTrue(!failed.getMessage().contains("hunter2"), failed::getMessage);
    }

    @Test
    void whatIsGoodPasses() {
        JsonObject good = GOOD.copy().put("mark", null);
        JsonObject widest = good.copy().put("big", Long.MIN_VALUE).put("n", Integer.MIN_VALUE);
        for (Vertx caller : List.of(alone, cluster.node(1))) {
            assertEquals(good.copy().putNull("extra"), echo(caller, GOOD));
            assertEquals(
                    widest.copy().putNull("extra"),
                    echo(caller, GOOD.copy().put("big", "-9223372036854775808").put("n", Integer.MIN_VALUE)));
            assertEquals(
                    good.copy().put("d", 3.0).put("extra", object()),
                    echo(caller, GOOD.copy().put("d", 3).put("extra", object())));
        }
    }

    @Test
    void decimalStringsPassWhereverALongIsExpected() {
        JsonObject body = lists("a")
                .put("numbers", new JsonArray().add("9007199254740993").add(1));
        for (Vertx caller : List.of(alone, cluster.node(1))) {
            assertEquals(
                    lists("a")
                            .put(
                                    "numbers",
                                    new JsonArray().add(9007199254740993L).add(1L))
                            .put("wide", 7L),
                    request(caller, "lists", body.copy().put("wide", "7")));
        }
    }

    private static JsonObject echo(Vertx caller, JsonObject body) {
        return request(caller, "echo", body);
    }

    private static JsonObject request(Vertx caller, String action, JsonObject body) {
        DeliveryOptions options = new DeliveryOptions().addHeader("action", action);
        return Outcome.value(caller.eventBus().<JsonObject>request(ProbeVerticle.ADDRESS, body, options))
                .body();
    }

    private static Arguments row(String name, String complaint, UnaryOperator<JsonObject> spoil) {
        return Arguments.of(name, complaint, "echo", spoil.apply(GOOD.copy()), Map.of());
    }

    private static Object copy(Object body) {
        return body instanceof JsonObject json ? json.copy() : body;
    }

    private static JsonObject without(JsonObject body, String field) {
        body.remove(field);
        return body;
    }

    private static JsonObject object() {
        return new JsonObject();
    }

    private static JsonArray list() {
        return new JsonArray();
    }

    private static BigInteger two64() {
        return BigInteger.ONE.shiftLeft(64);
    }

    private static JsonObject lists(Object... names) {
        return object().put("names", new JsonArray(List.of(names))).put("numbers", list());
    }

    private static JsonObject nulls() {
        return object().put("names", list().addNull()).put("numbers", list());
    }

    private static JsonObject numbers(Object... numbers) {
        return object().put("names", list()).put("numbers", new JsonArray(List.of(numbers)));
    }
}
