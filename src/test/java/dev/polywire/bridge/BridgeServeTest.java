package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.await;
import static dev.polywire.bridge.BridgeRig.call;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that serves an address: what it is given, and what becomes of its answers. */
class BridgeServeTest {

    private BridgeRig rig;
    private BridgeClient server;

    @BeforeEach
    void start() {
        rig = new BridgeRig(
                new JsonObject().put("serve", new JsonArray().add("svc").add("other")), call("svc"), call("nobody"));
        server = rig.client().registers("svc");
    }

    @AfterEach
    void stop() {
        server.close();
        rig.close();
    }

    private Future<Message<Object>> ask(Object body, DeliveryOptions options) {
        return rig.vertx.eventBus().request("svc", body, options);
    }

    private Future<Message<Object>> ask() {
        return ask(new JsonObject(), new DeliveryOptions());
    }

    private static ServiceException failure(Future<?> asked) {
        return (ServiceException) Outcome.failure(asked);
    }

    @Test
    void answersAJavaCaller() {
        Future<Message<Object>> asked = ask(
                new JsonObject().put("n", 1),
                new DeliveryOptions()
                        .addHeader("action", "count")
                        .addHeader("timeout", "1500")
                        .addHeader("polywire-caller", "somebody"));
        JsonObject request = server.read();
        assertEquals(
                new JsonObject("{\"type\":\"message\",\"address\":\"svc\",\"replyAddress\":\"polywire.reply.1\","
                        + "\"headers\":{\"action\":\"count\",\"timeout\":\"1500\"},\"send\":true,\"body\":{\"n\":1}}"),
                request);
        server.answers(request, new JsonObject().put("n", 2));
        Message<Object> answer = await(asked);
        assertEquals(new JsonObject().put("n", 2), answer.body());
        assertEquals("yes", answer.headers().get("answered"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[1,{\"a\":null}]",
                "\"text\"",
                "7",
                "4611686018427387904",
                "999999999999999999999999",
                "true",
                "1.5",
                "{}"
            })
    void answersWithAnythingThatJsonCanSay(String body) {
        Future<Message<Object>> asked = ask();
        JsonObject request = server.read();
        server.text(
                "{\"type\":\"send\",\"address\":\"" + request.getString("replyAddress") + "\",\"body\":" + body + "}");
        assertEquals(io.vertx.core.json.Json.decodeValue(body), await(asked).body());
    }

    @Test
    void aMessageThatNobodyWaitsForHasNoReplyAddress() {
        rig.vertx.eventBus().send("svc", new JsonObject().put("n", 1));
        JsonObject message = server.read();
        assertFalse(message.containsKey("replyAddress"));
        assertTrue(message.getBoolean("send"));
    }

    @Test
    void whatIsPublishedIsNotForWhoOnlyServes() {
        rig.vertx.eventBus().publish("svc", new JsonObject());
        server.pings();
        assertEquals(1, rig.counters().getInteger("notPermitted"));
    }

    /** Stock clients fail a request with the code in their answer. */
    @ParameterizedTest
    @CsvSource({
        "err,4404,NOT_FOUND,no such month,false,false",
        "err,4429,OVERLOADED,no such month,true,false",
        "send,4409,CONFLICT,no such month,false,false",
        "err,3,INTERNAL,failure 3,false,true",
        "err,500,INTERNAL,failure 500,false,true",
        "err,-1,INTERNAL,failure -1,false,true",
    })
    void failsARequest(
            String type, int code, Failure heard, String message, boolean retryable, boolean mayHaveExecuted) {
        Future<Message<Object>> asked = ask();
        server.frame(new JsonObject()
                .put("type", type)
                .put("address", server.read().getString("replyAddress"))
                .put("failureCode", code)
                .put("message", "no such month"));
        ServiceException failure = failure(asked);
        assertEquals(heard.code(), failure.failureCode());
        assertEquals(message, failure.getMessage());
        assertEquals(
                new JsonObject()
                        .put("name", heard.name())
                        .put("retryable", retryable)
                        .put("mayHaveExecuted", mayHaveExecuted),
                failure.getDebugInfo());
    }

    @Test
    void ofWhatAFailureAddsOnlyWhatTheTableKnowsIsPassedOn() {
        Future<Message<Object>> asked = ask();
        server.frame(new JsonObject()
                .put("type", "err")
                .put("address", server.read().getString("replyAddress"))
                .put("failureCode", 4502)
                .put("message", "line\nbreak")
                .put(
                        "debugInfo",
                        new JsonObject()
                                .put("name", "TIMEOUT")
                                .put("retryable", true)
                                .put("mayHaveExecuted", "maybe")
                                .put("server", new JsonObject().put("code", 7))
                                .put("stack", "at line 1")));
        ServiceException failure = failure(asked);
        assertEquals("line\\u000abreak", failure.getMessage());
        assertEquals(
                new JsonObject()
                        .put("name", "REFUSED_BY_SERVER")
                        .put("retryable", true)
                        .put("mayHaveExecuted", false)
                        .put("server", new JsonObject().put("code", 7)),
                failure.getDebugInfo());
    }

    /** V11: a reply address is one client's, for one answer, until the deadline. */
    @Test
    void v11ReplyAddressesAreForOneAnswerOfOneSocket() {
        try (BridgeClient other = rig.client()) {
            Future<Message<Object>> asked = ask();
            JsonObject request = server.read();
            assertDenied(other.answers(request, new JsonObject().put("stolen", true)));
            assertDenied(other.frame(new JsonObject()
                    .put("type", "err")
                    .put("address", request.getString("replyAddress"))
                    .put("failureCode", 4404)));
            server.answers(request, new JsonObject().put("n", 1)).pings();
            assertDenied(server.answers(request, new JsonObject().put("n", 2)));
            assertEquals(new JsonObject().put("n", 1), await(asked).body());
            server.pings();
        }
    }

    private static void assertDenied(BridgeClient client) {
        assertEquals("access_denied", client.read().getString("message"));
    }

    @Test
    void aRequestThatIsNotAnsweredInTimeIsATimeout() {
        Future<Message<Object>> asked = ask(new JsonObject(), new DeliveryOptions().addHeader("timeout", "20"));
        assertEquals(Failure.TIMEOUT.code(), failure(asked).failureCode());
        assertDenied(server.answers(server.read(), new JsonObject()));
        assertEquals(1, rig.counters().getInteger("servedTooLate"));
    }

    @Test
    void whoLeavesWithRequestsUnansweredLosesThemAtOnce() {
        Future<Message<Object>> asked = ask();
        server.read();
        server.close();
        ServiceException failure = failure(asked);
        assertEquals(Failure.NODE_LOST.code(), failure.failureCode());
        assertTrue(failure.getDebugInfo().getBoolean("mayHaveExecuted"));
        assertEquals(ReplyFailure.NO_HANDLERS, ((ReplyException) Outcome.failure(ask())).failureType());
    }

    @Test
    void severalClientsShareTheWork() {
        try (BridgeClient second = rig.client().registers("svc")) {
            Future<Message<Object>> one = ask();
            Future<Message<Object>> two = ask();
            server.answers(server.read(), new JsonObject().put("by", 1));
            second.answers(second.read(), new JsonObject().put("by", 2));
            assertEquals(
                    Map.of("by", 3),
                    Map.of(
                            "by",
                            ((JsonObject) await(one).body()).getInteger("by")
                                    + ((JsonObject) await(two).body()).getInteger("by")));
        }
    }

    @Test
    void answersAClientOfTheBridge() {
        try (BridgeClient caller = rig.client()) {
            caller.request("svc", "count", new JsonObject());
            server.answers(server.read(), new JsonObject().put("n", 2));
            assertEquals(2, caller.read().getJsonObject("body").getInteger("n"));
        }
    }

    @Test
    void requestsOfOneClientAreBounded() {
        List<Future<Message<Object>>> asked = new ArrayList<>();
        for (int i = 0; i < 257; i++) {
            asked.add(ask());
        }
        assertEquals(Failure.OVERLOADED.code(), failure(asked.get(256)).failureCode());
        server.answers(server.read(), new JsonObject().put("n", 1));
        assertEquals(new JsonObject().put("n", 1), await(asked.get(0)).body());
    }

    @Test
    void whatJsonCannotSayIsNotGivenToTheClient() {
        rig.vertx.eventBus().registerDefaultCodec(Locale.class, new LocalCodec<>());
        assertEquals(
                Failure.BAD_REQUEST.code(),
                failure(ask(Locale.ROOT, new DeliveryOptions())).failureCode());
        Future<Message<Object>> large = ask("x".repeat(5_000_000), new DeliveryOptions());
        assertEquals(Failure.LIMIT_EXCEEDED.code(), failure(large).failureCode());
        server.pings();
    }

    @Test
    void unregisteringEndsIt() {
        server.frame(
                new JsonObject().put("type", "unregister").put("address", "svc").put("replyAddress", "u"));
        JsonObject done = server.read();
        assertEquals("u", done.getString("address"));
        assertNull(done.getValue("body"));
        assertEquals(ReplyFailure.NO_HANDLERS, ((ReplyException) Outcome.failure(ask())).failureType());
        JsonObject again = server.frame(
                        new JsonObject().put("type", "unregister").put("address", "svc"))
                .read();
        assertEquals("unknown_address", again.getString("message"));
        server.registers("svc");
    }

    /** V10 */
    @Test
    void v10AnAddressIsRegisteredOnce() {
        for (int i = 0; i < 3; i++) {
            JsonObject err = server.frame(
                            new JsonObject().put("type", "register").put("address", "svc"))
                    .read();
            assertEquals("address_already_registered", err.getString("message"));
            assertEquals(4409, err.getInteger("failureCode"));
        }
        Future<Message<Object>> asked = ask();
        server.answers(server.read(), new JsonObject());
        await(asked);
        server.pings().close();
        await().until(() -> rig.connected() == 0);
        assertEquals(ReplyFailure.NO_HANDLERS, ((ReplyException) Outcome.failure(ask())).failureType());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nobody", "svc.events", "Svc", "svc.", "__vertx.reply.1", "polywire.holds", "svc.streams.x"})
    void v16OnlyWhatIsListedMayBeServed(String address) {
        assertDenied(server.frame(new JsonObject().put("type", "register").put("address", address)));
        assertDenied(server.frame(new JsonObject().put("type", "unregister").put("address", address)));
    }

    @Test
    void aLeavingBridgeWaitsForItsServers() {
        Future<Message<Object>> asked = ask();
        JsonObject request = server.read();
        Future<Void> left = rig.leave();
        // It has begun to leave: one that still came to the client would be waited for. The bus may discard one or two.
        rig.onLoop(() -> true);
        await().untilAsserted(() ->
                assertEquals(ReplyFailure.NO_HANDLERS, ((ReplyException) Outcome.failure(ask())).failureType()));
        server.answers(request, new JsonObject().put("n", 1));
        assertEquals(new JsonObject().put("n", 1), await(asked).body());
        assertEquals(0, server.readsToEnd());
        await(left);
    }
}
