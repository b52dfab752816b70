package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.await;
import static dev.polywire.bridge.BridgeRig.call;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is bounded, and what is left when a client or the bridge goes. */
class BridgeLimitsTest {

    private BridgeRig rig;
    private final Queue<Message<Object>> waiting = new ConcurrentLinkedQueue<>();

    private BridgeClient start(JsonObject limits) {
        rig = new BridgeRig(limits, call("slow"), call("large"));
        rig.vertx.eventBus().consumer("slow", waiting::add);
        String large = "x".repeat(1_000_000);
        rig.vertx.eventBus().consumer("large", message -> message.reply(large));
        return rig.client();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    /** V17: the bound on requests in flight, and nothing of them on the bus behind the close. */
    @Test
    void v17RequestsInFlightAreBoundedAndFreedOnClose() {
        try (BridgeClient hostile = start(new JsonObject());
                BridgeClient healthy = rig.client()) {
            for (int i = 0; i < 256; i++) {
                hostile.request("slow", "any", null);
            }
            hostile.pings();
            for (int i = 256; i < 10_000; i++) {
                JsonObject err = hostile.request("slow", "any", null).read();
                assertEquals("overloaded", err.getString("message"));
                assertEquals(4429, err.getInteger("failureCode"));
                assertTrue(err.getJsonObject("debugInfo").getBoolean("retryable"));
            }
            assertEquals(256, waiting.size());
            assertEquals(9_744, rig.counters().getJsonObject("refused").getInteger("overloaded"));

            waiting.remove().reply("late, but in time");
            assertEquals("late, but in time", hostile.read().getString("body"));
            hostile.request("slow", "any", null).pings();
            hostile.close();

            await().until(() -> rig.connected() == 1);
            await().until(() -> rig.counters().getInteger("givenUp") == 256);
            for (Message<Object> message : waiting) {
                Throwable nobody = rig.vertx
                        .eventBus()
                        .request(message.replyAddress(), "still there?")
                        .toCompletionStage()
                        .handle((reply, cause) -> cause)
                        .toCompletableFuture()
                        .join();
                assertEquals(ReplyFailure.NO_HANDLERS, ((ReplyException) nobody).failureType());
                message.reply("too late");
            }
            healthy.pings();
        }
    }

    @Test
    void aClientThatDoesNotReadIsDropped() {
        try (BridgeClient hostile = start(new JsonObject());
                BridgeClient healthy = rig.client()) {
            for (int i = 0; i < 200; i++) {
                hostile.request("large", "any", null);
            }
            await().until(() -> rig.connected() == 1);
            assertEquals(1, rig.counters().getInteger("slowConsumers"));
            // It has still read nothing, and is told by a reset that nobody reads it either.
            byte[] more = new byte[1_000_000];
            assertThrows(UncheckedIOException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    hostile.raw(more);
                }
            });
            assertEquals(
                    1_000_000,
                    healthy.request("large", "any", null)
                            .read()
                            .getString("body")
                            .length());
        }
    }

    @Test
    void anAnswerOverTheLimitIsRefusedAndTheConnectionStays() {
        try (BridgeClient client = start(new JsonObject().put("maxOutputBytes", 65_536))) {
            JsonObject err = client.request("large", "any", null).read();
            assertEquals("reply_too_large", err.getString("message"));
            assertEquals(4413, err.getInteger("failureCode"));
            assertTrue(err.getJsonObject("debugInfo").getBoolean("mayHaveExecuted"));
            client.pings();
        }
    }

    @Test
    void aLeavingBridgeAnswersWhatIsInFlightAndNothingElse() {
        try (BridgeClient busy = start(new JsonObject());
                BridgeClient idle = rig.client()) {
            busy.request("slow", "any", null).pings();
            idle.pings();
            Future<Void> left = rig.leave();
            assertEquals(0, idle.readsToEnd());
            JsonObject refused = busy.request("slow", "any", null).read();
            assertEquals("shutting_down", refused.getString("message"));
            assertEquals(4530, refused.getInteger("failureCode"));
            // Refused, or closed without a word while the system still takes connections.
            assertThrows(UncheckedIOException.class, () -> rig.client().pings());
            assertFalse(left.isComplete());

            assertEquals(1, waiting.size());
            waiting.remove().reply("done");
            assertEquals("done", busy.read().getString("body"));
            assertEquals(0, busy.readsToEnd());
            await(left);
        }
    }

    @Test
    void aLeavingBridgeSaysSoWhenNobodyAnswers() {
        try (BridgeClient busy = start(new JsonObject().put("drainMillis", 50))) {
            busy.request("slow", "any", null).pings();
            Future<Void> left = rig.leave();
            JsonObject err = busy.read();
            assertEquals("unknown_outcome", err.getString("message"));
            assertEquals(4505, err.getInteger("failureCode"));
            assertEquals("r", err.getString("address"));
            assertEquals(0, busy.readsToEnd());
            await(left);
        }
    }

    @Test
    void countsWhatItDoes() {
        try (BridgeClient client = start(new JsonObject())) {
            client.pings().text("{}").read();
            client.request("large", "any", null).read();
            JsonObject counters = rig.counters();
            assertEquals(1, counters.getInteger("sockets"));
            assertEquals(3, counters.getInteger("frames"));
            assertEquals(1, counters.getInteger("requests"));
            assertEquals(new JsonObject().put("unknown_type", 1), counters.getJsonObject("refused"));
        }
    }

    @Test
    void aBridgeForStrangersDoesNotStart() {
        start(new JsonObject()).close();
        AssertionError refused =
                assertThrows(AssertionError.class, () -> new BridgeRig(new JsonObject().put("host", "0.0.0.0")));
        assertTrue(refused.getMessage().contains("tls: missing"), refused.getMessage());
    }
}
