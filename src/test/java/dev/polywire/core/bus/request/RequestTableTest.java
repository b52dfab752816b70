package dev.polywire.core.bus.request;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.Fault;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One outcome for each request, by its deadline, whatever its method does. */
class RequestTableTest {

    private static final int MAX_REQUESTS = 8;
    private static final long SHORT_MILLIS = 50;

    private Vertx vertx;
    private ProbeVerticle probe;
    private ProbeService service;

    @BeforeEach
    void deploy() {
        vertx = Vertx.vertx();
        probe = new ProbeVerticle(new JsonObject().put("maxRequests", MAX_REQUESTS));
        Outcome.value(vertx.deployVerticle(probe));
        service = ProbeService.proxy(vertx, ProbeVerticle.ADDRESS);
    }

    @AfterEach
    void close() {
        probe.hanging.forEach(Promise::tryComplete);
        Outcome.value(vertx.close());
    }

    @ParameterizedTest
    @CsvSource({
        "THROWN, 4500, internal error",
        "PLAIN, 4500, internal error",
        "UNSENDABLE, 4500, internal error",
        "TYPED, 4404, collection: no such one",
        "REFUSED, 4502, refusé \"x\""
    })
    void aFailureOfAMethodIsTyped(Fault fault, int code, String text) {
        try (LoggedTraces log = new LoggedTraces()) {
            ServiceException failed = failure(service.fail(fault.name()));
            assertEquals(code, failed.failureCode());
            assertEquals(text, failed.getMessage());
            assertEquals(Failure.of(code).name(), failed.getDebugInfo().getString("name"));
            assertFalse(failed.getDebugInfo().encode().contains("secret"));
            assertEquals(code == 4500, !log.traces().isEmpty(), log.traces()::toString);
        }
        assertEquals(0, status("inFlight"));
    }

    @Test
    void aRawDoorThatThrowsAnswers() {
        assertEquals(
                Buffer.buffer("bytes"),
                Outcome.value(raw("echo", Buffer.buffer("bytes"))).body());
        try (LoggedTraces log = new LoggedTraces()) {
            assertEquals(
                    "internal error", failure(raw("throw", Buffer.buffer())).getMessage());
            assertEquals(1, log.traces().size());
        }
        assertEquals(4400, failure(raw("drop", Buffer.buffer())).failureCode());
        assertEquals(4400, failure(raw(null, Buffer.buffer())).failureCode());
        assertEquals(4400, failure(raw("echo", "text")).failureCode());
        assertEquals(4400, failure(raw("echo", null)).failureCode());
        assertEquals(0, status("inFlight"));
    }

    @Test
    void theDeadlineAnswersAndALateAnswerIsCounted() {
        ServiceException failed = failure(
                ProbeService.proxy(vertx, ProbeVerticle.ADDRESS, SHORT_MILLIS).hang(null));
        assertEquals(4408, failed.failureCode());
        assertEquals(
                new JsonObject().put("name", "TIMEOUT").put("retryable", false).put("mayHaveExecuted", true),
                failed.getDebugInfo());
        assertEquals(0, counter("lateAnswers"));
        probe.hanging.remove().complete(new JsonObject());
        assertEquals(1, counter("lateAnswers"));
    }

    @Test
    void whoHoldsTheRequestAtItsDeadlineSaysWhatItMeans() {
        ProbeService hurried = ProbeService.proxy(vertx, ProbeVerticle.ADDRESS, SHORT_MILLIS);
        assertEquals(4503, failure(hurried.expire(true)).failureCode());
        assertEquals(0, counter("lateAnswers"), "the backstop has nothing to say");
        assertEquals(4408, failure(hurried.expire(false)).failureCode());
    }

    @Test
    void aMessageWithoutReplyAddressIsServedAndForgotten() {
        send("hang", new JsonObject(), RequestTable.DEFAULT_DEADLINE_MILLIS);
        send("hang", new JsonObject(), 1);
        await().until(() -> probe.hanging.size() == 2 && status("inFlight") == 1);
        assertEquals(0, counter("lateAnswers"));
        probe.hanging.forEach(each -> each.complete(new JsonObject()));
        await().until(() -> status("inFlight") == 0 && counter("lateAnswers") == 1);
        send("hang", "malformed", 1);
        await().until(() -> counter("refusedRequests") == 1);
    }

    private void send(String action, Object body, long timeoutMillis) {
        DeliveryOptions options = new DeliveryOptions()
                .addHeader("action", action)
                .addHeader(RequestTable.TIMEOUT, Long.toString(timeoutMillis));
        vertx.eventBus().send(ProbeVerticle.ADDRESS, body, options);
    }

    @Test
    void whatIsOverTheLimitIsRefusedAtOnce() {
        List<Future<JsonObject>> held = new ArrayList<>();
        for (int i = 0; i < MAX_REQUESTS; i++) {
            held.add(service.hang(null));
        }
        ServiceException failed = failure(service.hang(null));
        assertEquals(4429, failed.failureCode());
        assertEquals("requests: 8 (expected: < 8)", failed.getMessage());
        assertTrue(failed.getDebugInfo().getBoolean("retryable"));
        probe.hanging.forEach(each -> each.complete(new JsonObject()));
        held.forEach(Outcome::value);
        assertEquals(1, counter("refusedRequests"));
    }

    /** Each message has a mark, many are under way at a time, and each method sends one more before it looks. */
    @Test
    void theCurrentRequestIsTheMethodsOwn() {
        for (int round = 0; round < 50; round++) {
            List<Future<Message<JsonObject>>> answers = new ArrayList<>();
            for (int i = 0; i < MAX_REQUESTS / 2; i++) {
                answers.add(echo(round + "." + i));
            }
            for (int i = 0; i < MAX_REQUESTS / 2; i++) {
                assertEquals(
                        round + "." + i, Outcome.value(answers.get(i)).body().getString("mark"));
            }
        }
    }

    private Future<Message<JsonObject>> echo(String mark) {
        JsonObject body = new JsonObject()
                .put("text", "t")
                .put("n", 1)
                .put("big", 2)
                .put("flag", true)
                .put("d", 0.5)
                .put("extra", new JsonObject().put("alsoSend", "status"))
                .put("list", new JsonArray());
        DeliveryOptions options =
                new DeliveryOptions().addHeader("action", "echo").addHeader("mark", mark);
        return vertx.eventBus().request(ProbeVerticle.ADDRESS, body, options);
    }

    private Future<Message<Object>> raw(String action, Object body) {
        DeliveryOptions options = new DeliveryOptions();
        if (action != null) {
            options.addHeader("action", action);
        }
        return vertx.eventBus().request(ProbeVerticle.ADDRESS + ".raw", body, options);
    }

    private int status(String name) {
        return probe.seen().getInteger(name);
    }

    private int counter(String name) {
        return probe.seen().getJsonObject("counters").getInteger(name);
    }

    private static ServiceException failure(Future<?> future) {
        Throwable cause = Outcome.failure(future);
        return assertInstanceOf(ServiceException.class, cause, cause::toString);
    }
}
