package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Handles belong to the client that opened them, and go with it. */
class BridgeHandlesTest {

    private final ProbeVerticle probe = new ProbeVerticle();
    private BridgeRig rig;
    private BridgeClient client;

    @BeforeEach
    void start() {
        rig = new BridgeRig(
                new JsonObject().put("maxHandlesPerSocket", 3), call(ProbeVerticle.ADDRESS, "open", "echo"));
        BridgeRig.await(rig.vertx.deployVerticle(probe));
        client = rig.client();
    }

    @AfterEach
    void stop() {
        client.close();
        rig.close();
    }

    private JsonObject open() {
        JsonObject answer = client.request(
                        ProbeVerticle.ADDRESS,
                        "open",
                        new JsonObject().put("count", 3).put("slowly", false))
                .read();
        return answer.getString("type").equals("err") ? answer : answer.getJsonObject("body");
    }

    private static JsonObject next(BridgeClient client, JsonObject handle, int batch) {
        JsonObject body = new JsonObject()
                .put("id", handle.getString("id"))
                .put("batch", batch)
                .put("max", 2);
        return client.request(handle.getString("address"), "next", body).read();
    }

    private static JsonObject close(BridgeClient client, JsonObject handle) {
        return client.request(handle.getString("address"), "close", new JsonObject().put("id", handle.getString("id")))
                .read();
    }

    private static void assertDenied(JsonObject answer) {
        assertEquals("access_denied", answer.getString("message"), answer.encode());
    }

    private int streams() {
        return probe.seen().getInteger("streams");
    }

    @Test
    void whoOpenedItReadsItToTheEndAndCloses() {
        JsonObject handle = open();
        assertEquals(
                new JsonArray().add(1).add(2),
                next(client, handle, 1).getJsonObject("body").getJsonArray("items"));
        assertTrue(next(client, handle, 2).getJsonObject("body").getBoolean("done"));
        assertEquals("message", close(client, handle).getString("type"));
        assertDenied(close(client, handle));
        assertEquals(0, streams());
    }

    /** V11 for handles: who knows the id of another is still another. */
    @Test
    void v11NobodyElseUsesIt() {
        JsonObject handle = open();
        try (BridgeClient other = rig.client()) {
            assertDenied(next(other, handle, 1));
            assertDenied(close(other, handle));
            assertDenied(other.frame(new JsonObject()
                            .put("type", "publish")
                            .put("address", handle.getString("address"))
                            .put("headers", new JsonObject().put("action", "close"))
                            .put("body", new JsonObject().put("id", handle.getString("id"))))
                    .read());
            assertDenied(other.frame(new JsonObject()
                            .put("type", "send")
                            .put("address", handle.getString("address"))
                            .put("headers", new JsonObject().put("action", "close"))
                            .put("body", new JsonObject().put("id", handle.getString("id"))))
                    .read());
        }
        assertEquals(1, streams());
        assertDenied(next(
                client,
                new JsonObject().put("address", handle.getString("address")).put("id", "0"),
                1));
        String elsewhere = ProbeVerticle.ADDRESS + ".streams." + UUID.randomUUID();
        assertDenied(next(client, handle.copy().put("address", elsewhere), 1));
        assertEquals("message", next(client, handle, 1).getString("type"));
    }

    @Test
    void aClientThatGoesLeavesNoStreamOpen() {
        open();
        next(client, open(), 1);
        assertEquals(2, streams());
        client.close();
        await().until(() -> streams() == 0);
        assertEquals(2, probe.closedSources.get());
        assertEquals(0, probe.seen().getJsonObject("counters").getInteger("lapsedStreams"));
    }

    @Test
    void aClientKeepsNoMoreThanItMay() {
        JsonObject first = open();
        open();
        open();
        JsonObject err = open();
        assertEquals("overloaded", err.getString("message"));
        assertEquals(
                "handles: 3 (expected: < 3)", err.getJsonObject("debugInfo").getString("detail"));
        await().until(() -> streams() == 3);

        // One that has come to its end makes room.
        next(client, first, 1);
        assertTrue(next(client, first, 2).getJsonObject("body").getBoolean("done"));
        assertTrue(open().containsKey("id"));
        assertDenied(close(client, first));
    }

    @Test
    void whatTheServiceForgotIsForgotten() {
        JsonObject handle = open();
        rig.vertx
                .eventBus()
                .send(
                        handle.getString("address"),
                        new JsonObject().put("id", handle.getString("id")),
                        new io.vertx.core.eventbus.DeliveryOptions().addHeader("action", "close"));
        await().until(() -> streams() == 0);
        assertEquals(4404, next(client, handle, 1).getInteger("failureCode"));
        assertDenied(next(client, handle, 1));
    }

    /** What looks like a handle of another service opens nothing. */
    @Test
    void onlyTheServiceThatWasAskedGivesHandles() {
        String room = "svc.streams." + UUID.randomUUID();
        rig.close();
        rig = new BridgeRig(new JsonObject(), call("liar"), call("svc", "open"));
        JsonObject handle = new JsonObject().put("address", room).put("id", "1");
        rig.vertx.eventBus().consumer("liar", message -> message.reply(handle));
        client = rig.client();
        client.request("liar", "open", new JsonObject()).read();
        assertDenied(next(client, handle, 1));
    }

    /** A stream's lease would end it some time; a binding has none. */
    @Test
    void whatIsBoundBehindTheCloseIsClosed() {
        String room = "svc.bindings." + UUID.randomUUID();
        rig.close();
        rig = new BridgeRig(new JsonObject(), call("svc", "bind").put("deliver", new JsonArray().add("orders")));
        List<Message<Object>> asked = new CopyOnWriteArrayList<>();
        List<String> heard = new CopyOnWriteArrayList<>();
        rig.vertx.eventBus().consumer("svc", asked::add);
        rig.vertx
                .eventBus()
                .<JsonObject>consumer(
                        room, message -> heard.add(message.headers().get("action") + " " + message.body()));
        client = rig.client().request("svc", "bind", new JsonObject().put("address", "orders"));
        await().until(() -> asked.size() == 1);
        client.close();
        await().until(() -> rig.connected() == 0);
        asked.get(0).reply(new JsonObject().put("address", room).put("id", "1"));
        await().until(() -> heard.equals(List.of("close {\"id\":\"1\"}")));
    }

    /** Whoever has a handle knows that somebody was there. */
    @Test
    void nobodyAtTheAddressOfAHandleIsALostNode() {
        String room = "svc.streams." + UUID.randomUUID();
        rig.close();
        rig = new BridgeRig(new JsonObject(), call("svc", "open"));
        JsonObject handle = new JsonObject().put("address", room).put("id", "1");
        rig.vertx.eventBus().consumer("svc", message -> message.reply(handle));
        client = rig.client();
        client.request("svc", "open", new JsonObject()).read();
        JsonObject err = next(client, handle, 1);
        assertEquals(4531, err.getInteger("failureCode"));
        assertEquals(
                new JsonObject("{\"name\":\"NODE_LOST\",\"retryable\":false,\"mayHaveExecuted\":true}"),
                err.getJsonObject("debugInfo"));
        assertDenied(next(client, handle, 1));
    }
}
