package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Too much of everything: of silence, of memory, of sockets, of registrations. */
class BridgePressureTest {

    /** Much more than the system buffers for a client that does not read, when a few are asked for. */
    private static final int LARGE = 3_000_000;

    private BridgeRig rig;
    private final List<BridgeClient> clients = new ArrayList<>();
    private final Deque<Message<Object>> waiting = new ConcurrentLinkedDeque<>();

    private BridgeClient start(JsonObject config) {
        rig = new BridgeRig(config, call("slow"), call("quick"), call("large"));
        rig.vertx.eventBus().consumer("slow", waiting::add);
        rig.vertx.eventBus().consumer("quick", message -> message.reply("at once"));
        rig.vertx.eventBus().consumer("large", message -> message.reply("x".repeat(LARGE)));
        return client();
    }

    private BridgeClient client() {
        BridgeClient client = rig.client();
        clients.add(client);
        return client;
    }

    @AfterEach
    void stop() {
        clients.forEach(BridgeClient::close);
        rig.close();
    }

    @Test
    void v20WhoSaysNothingIsToldSoAndClosed() {
        BridgeClient silent = start(new JsonObject().put("idleTimeoutMillis", 200));
        silent.raw(new byte[] {0, 0});
        assertEquals("idle", silent.read().getString("message"));
        assertEquals(0, silent.readsToEnd());
        assertEquals(1, rig.counters().getJsonObject("refused").getInteger("idle"));
    }

    /** V18: above the budget who holds little is served, and who holds much is not read from until it is answered. */
    @Test
    void v18AboveTheBudgetTheGreedyWaitAndTheModestDoNot() {
        BridgeClient modest = start(new JsonObject().put("maxTotalBytes", 1_048_576));
        JsonObject body = new JsonObject().put("x", "x".repeat(400_000));
        for (int i = 1; i <= 3; i++) {
            int held = i;
            client().request("slow", "any", body);
            await().until(() -> waiting.size() == held);
        }
        // The last is read no more: its ping waits in the socket. What the modest one says does not.
        BridgeClient greedy = clients.get(3);
        greedy.text("{\"type\":\"ping\"}");
        for (int i = 0; i < 100; i++) {
            assertEquals("at once", modest.request("quick", "any", null).read().getString("body"));
        }
        assertTrue(rig.heldBytes() > 1_048_576);
        assertEquals(1_048_576, rig.memory().getInteger("maxBytes"));
        assertEquals(3, rig.memory().getJsonArray("largest").size());
        // Any answer makes room for all of them, so its own comes first.
        waiting.removeLast().reply("done");
        assertEquals("done", greedy.read().getString("body"));
        assertEquals("pong", greedy.read().getString("type"));
        waiting.forEach(each -> each.reply("done"));
        await().until(() -> rig.heldBytes() == 0);
    }

    /** V18: what is unanswered is bounded, and it is counted as it is held and not as it came. */
    @Test
    void v18RequestsFarBeyondTheBudgetAreRefused() {
        BridgeClient modest = start(new JsonObject().put("maxTotalBytes", 1_048_576));
        for (int i = 1; i <= 4; i++) {
            int held = i;
            client().request("slow", "any", wide(1_440));
            await().until(() -> waiting.size() == held);
        }
        JsonObject err = client().request("slow", "any", wide(2_880)).read();
        assertEquals("overloaded", err.getString("message"));
        assertEquals(true, err.getJsonObject("debugInfo").getBoolean("retryable"));
        assertEquals("at once", modest.request("quick", "any", null).read().getString("body"));
        clients.get(1).close();
        await().until(() -> rig.connected() == 5);
        client().request("slow", "any", wide(2_880));
        await().until(() -> waiting.size() == 5);
        waiting.forEach(each -> each.reply("done"));
        await().until(() -> rig.heldBytes() == 0);
    }

    /** So many values, of 160 bytes each in memory. */
    private static JsonObject wide(int values) {
        return new JsonObject().put("x", new JsonArray(Collections.nCopies(values, 0)));
    }

    /** V18: frames that together do not fit are read one after the other, none is stuck; some are told to come again. */
    @Test
    void v18LargeFramesOfManyClientsAllArrive() {
        BridgeClient modest = start(new JsonObject().put("maxTotalBytes", 2_097_152));
        byte[] frame = BridgeClient.frame(new JsonObject()
                .put("type", "send")
                .put("address", "quick")
                .put("replyAddress", "r")
                .put("body", new JsonObject().put("x", "x".repeat(900_000)))
                .encode());
        List<Thread> senders = new ArrayList<>();
        List<String> answers = new java.util.concurrent.CopyOnWriteArrayList<>();
        for (int i = 0; i < 12; i++) {
            BridgeClient first = client();
            Thread sender = new Thread(() -> {
                BridgeClient client = first;
                while (true) {
                    try {
                        String answer = client.raw(frame).read().encode();
                        if (!answer.contains("overloaded")) {
                            answers.add(answer);
                            return;
                        }
                    } catch (UncheckedIOException dropped) {
                        client = client();
                    }
                }
            });
            senders.add(sender);
            sender.start();
        }
        modest.pings();
        await().until(() -> answers.size() == 12);
        answers.forEach(answer -> assertTrue(answer.contains("at once"), answer));
        modest.pings();
        await().until(() -> rig.heldBytes() == 0);
    }

    /** F33: answers that nobody reads are not kept without end, though they were asked for while there was room. */
    @Test
    void v18AnswersBeyondTwiceTheBudgetAreDroppedAndSaidSo() {
        BridgeClient modest =
                start(new JsonObject().put("maxTotalBytes", 4_194_304).put("maxOutputBytes", 67_108_864));
        List<BridgeClient> many = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            many.add(client());
        }
        many.forEach(each -> {
            for (int j = 0; j < 5; j++) {
                each.request("large", "any", null);
            }
        });
        await().until(() -> rig.counters().getJsonObject("refused").getInteger("reply_dropped", 0) > 0);
        assertTrue(rig.heldBytes() <= 2 * 4_194_304 + LARGE, "held " + rig.heldBytes());
        assertEquals("at once", modest.request("quick", "any", null).read().getString("body"));
        int dropped = 0;
        for (BridgeClient each : many) {
            for (int j = 0; j < 5; j++) {
                JsonObject answer = each.read();
                if (answer.getString("type").equals("err")) {
                    assertEquals("reply_dropped", answer.getString("message"));
                    assertEquals(4413, answer.getInteger("failureCode"));
                    assertTrue(answer.getJsonObject("debugInfo").getBoolean("mayHaveExecuted"));
                    dropped++;
                }
            }
        }
        assertEquals(dropped, rig.counters().getJsonObject("refused").getInteger("reply_dropped"));
        await().until(() -> rig.heldBytes() == 0);
    }

    @Test
    void socketsAreBounded() {
        BridgeClient first = start(new JsonObject().put("maxSockets", 2));
        BridgeClient second = client();
        second.pings();
        assertRefused("clients: 2 (expected: < 2)", client());
        first.close();
        await().until(() -> rig.connected() == 1);
        client().pings();
        second.pings();
        assertEquals(1, rig.counters().getInteger("refusedSockets"));
    }

    /** F43: who comes while there is no memory is told so, whether it has said anything or not. */
    @Test
    void aboveTheBudgetNewcomersAreToldSoAndClosed() {
        BridgeClient first = start(new JsonObject().put("maxTotalBytes", 1_048_576));
        for (int i = 1; i <= 3; i++) {
            int held = i;
            client().request("slow", "any", new JsonObject().put("x", "x".repeat(400_000)));
            await().until(() -> waiting.size() == held);
        }
        assertRefused("memory: none left for another client", client());
        BridgeClient talker = client();
        try {
            talker.request("quick", "any", new JsonObject().put("x", "x".repeat(500_000)));
        } catch (UncheckedIOException closed) {
            // What it was told is there all the same.
        }
        assertEquals("overloaded", talker.read().getString("message"));
        first.pings();
        assertEquals(4, rig.connected());
        assertEquals(2, rig.counters().getInteger("refusedSockets"));
        assertEquals(2, rig.counters().getJsonObject("refused").getInteger("overloaded"));
        waiting.forEach(each -> each.reply("done"));
        await().until(() -> rig.heldBytes() == 0);
        client().pings();
    }

    @Test
    void aRefusedProgramInPythonHasATypedFailure() {
        start(new JsonObject().put("maxSockets", 1)).pings();
        try (ForeignClient python = ForeignClient.python("refused.py", rig.port())) {
            assertEquals(
                    Collections.nCopies(4, "4429 OVERLOADED: overloaded (clients: 1 (expected: < 1))"), python.rest());
        }
        assertEquals(4, rig.counters().getInteger("refusedSockets"));
    }

    private static void assertRefused(String detail, BridgeClient newcomer) {
        assertEquals(
                new JsonObject()
                        .put("type", "err")
                        .put("failureCode", Failure.OVERLOADED.code())
                        .put("failureType", "ERROR")
                        .put("message", "overloaded")
                        .put(
                                "debugInfo",
                                new JsonObject()
                                        .put("name", "OVERLOADED")
                                        .put("retryable", true)
                                        .put("mayHaveExecuted", false)
                                        .put("detail", detail)),
                newcomer.read());
        assertEquals(0, newcomer.readsToEnd());
    }

    /** F30: a socket drops with 1,000 registrations and requests both ways. */
    @Test
    void whatADroppedSocketHadIsGone() {
        JsonArray serve = new JsonArray();
        for (int i = 0; i < 1_001; i++) {
            serve.add("svc" + i);
        }
        BridgeClient client = start(new JsonObject().put("serve", serve).put("maxRequestsPerSocket", 2_000));
        for (int i = 0; i < 1_000; i++) {
            client.frame(new JsonObject().put("type", "register").put("address", "svc" + i));
        }
        client.pings();
        JsonObject err = client.frame(new JsonObject().put("type", "register").put("address", "svc1000"))
                .read();
        assertEquals("overloaded", err.getString("message"));
        List<Future<?>> asked = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            client.request("slow", "any", null);
            asked.add(rig.vertx.eventBus().request("svc" + i, new JsonObject()));
        }
        for (int i = 0; i < 1_000; i++) {
            assertEquals("svc" + i, client.read().getString("address"));
        }
        await().until(() -> waiting.size() == 1_000);
        client.close();

        for (Future<?> each : asked) {
            assertEquals(Failure.NODE_LOST.code(), ((ReplyException) Outcome.failure(each)).failureCode());
        }
        for (int i = 0; i < 1_000; i++) {
            nobodyAt("svc" + i);
            nobodyAt(waiting.remove().replyAddress());
        }
        assertEquals(0, rig.connected());
        assertEquals(0, rig.heldBytes());
        assertEquals(1_000, rig.counters().getInteger("givenUp"));
    }

    private void nobodyAt(String address) {
        Throwable nobody = Outcome.failure(rig.vertx.eventBus().request(address, "still there?"));
        assertEquals(ReplyFailure.NO_HANDLERS, ((ReplyException) nobody).failureType());
    }
}
