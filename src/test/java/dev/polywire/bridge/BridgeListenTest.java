package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publishing, and listening to what is published. */
class BridgeListenTest {

    private BridgeRig rig;
    private BridgeClient client;

    @BeforeEach
    void start() {
        JsonArray listen = new JsonArray().add("news").add("svc.events");
        rig = new BridgeRig(new JsonObject().put("listen", listen), call("news"), call("alarm", "raise"));
        client = rig.client();
    }

    @AfterEach
    void stop() {
        client.close();
        rig.close();
    }

    @Test
    void hearsWhatIsPublished() {
        client.registers("svc.events");
        rig.vertx
                .eventBus()
                .publish("svc.events", new JsonObject().put("n", 1), new DeliveryOptions().addHeader("h", "v"));
        assertEquals(
                new JsonObject("{\"type\":\"message\",\"address\":\"svc.events\",\"headers\":{\"h\":\"v\"},"
                        + "\"send\":false,\"body\":{\"n\":1}}"),
                client.read());
        assertEquals(1, rig.counters().getInteger("heard"));
    }

    @Test
    void publishesToAllWhoListen() throws InterruptedException {
        BlockingQueue<Message<Object>> heard = new ArrayBlockingQueue<>(4);
        rig.vertx.eventBus().consumer("news", heard::add);
        rig.vertx.eventBus().consumer("news", heard::add);
        try (BridgeClient listener = rig.client().registers("news")) {
            client.registers("news");
            client.text("{\"type\":\"publish\",\"address\":\"news\",\"headers\":{\"h\":\"v\"},\"body\":{\"n\":1}}");
            for (BridgeClient each : List.of(client, listener)) {
                JsonObject message = each.read();
                assertFalse(message.getBoolean("send"));
                assertEquals(1, message.getJsonObject("body").getInteger("n"));
                assertFalse(message.getJsonObject("headers").containsKey("polywire-caller"), message.encode());
            }
        }
        for (int i = 0; i < 2; i++) {
            Message<Object> message = heard.poll(20, TimeUnit.SECONDS);
            assertFalse(message.isSend());
            assertEquals("v", message.headers().get("h"));
            assertTrue(message.headers().get("polywire-caller").startsWith("bridge-"));
        }
        assertEquals(0, heard.size());
    }

    @ParameterizedTest
    @CsvSource({"alarm,drop", "alarm,", "svc.events,any", "News,any", "polywire.leaving,any"})
    void v15PublishingIsPermittedByAddressAndAction(String address, String action) {
        JsonObject headers = action == null ? new JsonObject() : new JsonObject().put("action", action);
        JsonObject err = client.frame(new JsonObject()
                        .put("type", "publish")
                        .put("address", address)
                        .put("headers", headers))
                .read();
        assertEquals("access_denied", err.getString("message"));
        assertEquals(address, err.getString("sourceAddress"));
        assertFalse(err.containsKey("address"));
    }

    /** V15: what a client may hear is asked again for each message. */
    @Test
    void v15WhatIsNoLongerPermittedIsNotDelivered() {
        client.registers("news").registers("svc.events");
        JsonObject less = new JsonObject().put("listen", new JsonArray().add("svc.events"));
        BridgeRig.await(rig.reload(less));
        rig.vertx.eventBus().publish("news", new JsonObject());
        rig.vertx.eventBus().publish("svc.events", new JsonObject().put("n", 2));
        assertEquals("svc.events", client.read().getString("address"));
        client.pings();
    }

    /** A listener at an address where requests go takes its turn, and says at once that it cannot. */
    @Test
    void whatIsSentIsNotForWhoOnlyListens() {
        client.registers("news");
        ReplyException failure =
                (ReplyException) Outcome.failure(rig.vertx.eventBus().request("news", new JsonObject()));
        assertEquals(Failure.UNAVAILABLE.code(), failure.failureCode());
        client.pings();
        assertEquals(1, rig.counters().getInteger("notPermitted"));
    }

    /** V22: a listener hears of a message that it cannot be given. */
    @Test
    void v22WhatJsonCannotSayIsAnErr() {
        rig.vertx.eventBus().registerDefaultCodec(Locale.class, new LocalCodec<>());
        client.registers("news");
        rig.vertx.eventBus().publish("news", Locale.ROOT);
        JsonObject err = client.read();
        assertEquals("reply_not_json", err.getString("message"));
        assertEquals("news", err.getString("address"));
        rig.vertx.eventBus().publish("news", Buffer.buffer(new byte[] {1}));
        assertEquals("AQ==", client.read().getString("body"));
    }

    /** V19 */
    @Test
    void v19AListenerThatDoesNotReadIsDropped() {
        try (BridgeClient healthy = rig.client()) {
            client.registers("news");
            String large = "x".repeat(500_000);
            await().until(() -> {
                rig.vertx.eventBus().publish("news", large);
                return rig.connected() == 1;
            });
            assertEquals(1, rig.counters().getInteger("slowConsumers"));
            healthy.pings();
        }
    }
}
