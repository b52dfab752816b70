package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The frames of the stock bridge, over a socket, against plain consumers. */
class TcpBridgeTest {

    private BridgeRig rig;
    private BridgeClient client;
    private final BlockingQueue<Message<Object>> received = new ArrayBlockingQueue<>(16);

    @BeforeEach
    void start() {
        rig = new BridgeRig(new JsonObject().put("maxTimeoutMillis", 60_000), call("plain"));
        client = rig.client();
    }

    @AfterEach
    void stop() {
        client.close();
        rig.close();
    }

    private Message<Object> received() throws InterruptedException {
        Message<Object> message = received.poll(20, TimeUnit.SECONDS);
        assertTrue(message != null, "nothing arrived");
        return message;
    }

    @Test
    void answersARequest() throws InterruptedException {
        rig.vertx.eventBus().consumer("plain", message -> {
            received.add(message);
            message.reply(new JsonObject().put("n", 2), new DeliveryOptions().addHeader("seen", "yes"));
        });
        JsonObject answer = client.text("{\"type\":\"send\",\"address\":\"plain\",\"replyAddress\":\"5f8e\","
                        + "\"headers\":{\"action\":\"count\",\"tenant\":\"t1\"},\"body\":{\"n\":1}}")
                .read();
        assertEquals(
                new JsonObject(
                        "{\"type\":\"message\",\"address\":\"5f8e\",\"headers\":{\"seen\":\"yes\"},\"send\":true,"
                                + "\"body\":{\"n\":2}}"),
                answer);

        Message<Object> message = received();
        assertEquals(new JsonObject().put("n", 1), message.body());
        assertEquals("count", message.headers().get("action"));
        assertEquals("t1", message.headers().get("tenant"));
        assertEquals("25000", message.headers().get("timeout"));
    }

    @Test
    void passesOnAMessageThatNobodyAnswers() throws InterruptedException {
        rig.vertx.eventBus().consumer("plain", received::add);
        client.text("{\"type\":\"send\",\"address\":\"plain\",\"replyAddress\":null,\"headers\":null,\"body\":null}")
                .pings();
        Message<Object> message = received();
        assertNull(message.body());
        assertNull(message.replyAddress());
        assertTrue(message.isSend());
    }

    @Test
    void tellsTheServiceWhichSocketAsks() throws InterruptedException {
        rig.vertx.eventBus().consumer("plain", received::add);
        String send = "{\"type\":\"send\",\"address\":\"plain\"}";
        client.text(send).text(send);
        try (BridgeClient other = rig.client()) {
            String first = received().headers().get("polywire-caller");
            assertTrue(first.startsWith("bridge-"), first);
            assertEquals(first, received().headers().get("polywire-caller"));
            other.text(send);
            assertFalse(received().headers().get("polywire-caller").equals(first));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "'1500',1500", "0,1", "-5,1", "4611686018427387904,60000", "99999999999999999999,60000"})
    void bringsATimeoutIntoRange(String asked, String passedOn) throws InterruptedException {
        rig.vertx.eventBus().consumer("plain", received::add);
        client.text(
                "{\"type\":\"send\",\"address\":\"plain\",\"headers\":{\"Timeout\":" + asked.replace('\'', '"') + "}}");
        assertEquals(List.of(passedOn), received().headers().getAll("timeout"));
    }

    /** V22 */
    @ParameterizedTest
    @CsvSource({"object", "array", "string", "number", "bool", "null", "buffer", "bytes", "exotic"})
    void v22AnswersWithWhateverJsonCanSay(String kind) {
        Map<String, Object> replies = Map.of(
                "object",
                new JsonObject().put("a", 1),
                "array",
                new JsonArray().add(1),
                "string",
                "text",
                "number",
                1L << 60,
                "bool",
                true,
                "buffer",
                Buffer.buffer(new byte[] {(byte) 0xFB, (byte) 0xFF, 1, 2}),
                "bytes",
                new byte[] {1},
                "exotic",
                Locale.ROOT);
        rig.vertx.eventBus().registerDefaultCodec(Locale.class, new LocalCodec<>());
        rig.vertx.eventBus().consumer("plain", message -> message.reply(replies.get(kind)));
        JsonObject answer = client.request("plain", "any", new JsonObject()).read();
        if (List.of("bytes", "exotic").contains(kind)) {
            assertEquals("err", answer.getString("type"));
            assertEquals("r", answer.getString("address"));
            assertEquals("plain", answer.getString("sourceAddress"));
            assertEquals("reply_not_json", answer.getString("message"));
            assertEquals(4500, answer.getInteger("failureCode"));
            assertEquals("INTERNAL", answer.getJsonObject("debugInfo").getString("name"));
            assertFalse(answer.encode().contains("java"), answer.encode());
        } else {
            Object expected = kind.equals("buffer") ? "+/8BAg==" : replies.get(kind);
            assertEquals("message", answer.getString("type"));
            assertTrue(answer.containsKey("body"));
            assertEquals(expected, answer.getValue("body"));
        }
        client.pings();
    }

    @Test
    void readsFramesThatComeTogetherOrInPieces() {
        rig.vertx.eventBus().<JsonObject>consumer("plain", message -> message.reply(message.body()));
        byte[] ping = BridgeClient.frame("{\"type\":\"ping\"}");
        client.raw(java.util.Arrays.copyOf(ping, 3));
        client.raw(java.util.Arrays.copyOfRange(ping, 3, ping.length));
        assertEquals("pong", client.read().getString("type"));
        JsonObject body = new JsonObject().put("text", "é".repeat(300_000));
        assertEquals(body, client.request("plain", "any", body).read().getJsonObject("body"));
    }
}
