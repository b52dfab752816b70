package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.AbuseVectors.AbuseVector;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each case of abuse by its id, with a second, healthy client that must not notice. */
class BridgeAbuseTest {

    private static final AbuseVectors VECTORS = AbuseVectors.of("tcp-bridge");

    private BridgeRig rig;
    private BridgeClient hostile;
    private BridgeClient healthy;

    @BeforeEach
    void start() {
        rig = new BridgeRig(
                new JsonObject().put("listen", new JsonArray().add("a")), call("a"), call("h"), call("only", "find"));
        rig.vertx.eventBus().consumer("h", message -> message.reply("healthy"));
        rig.vertx
                .eventBus()
                .consumer("a", message -> message.reply(message.headers().get("timeout")));
        rig.vertx
                .eventBus()
                .consumer("only", message -> message.reply(message.headers().get("action")));
        for (String hidden : List.of("a.raw", "a.events", "A", "a.", "polywire.admin", "new", "newsX")) {
            rig.vertx.eventBus().consumer(hidden, message -> message.reply("must not be reached"));
        }
        hostile = rig.client();
        healthy = rig.client().pings();
    }

    @AfterEach
    void stop() {
        assertEquals("healthy", healthy.request("h", "any", null).read().getValue("body"));
        healthy.close();
        hostile.close();
        rig.close();
    }

    private static JsonObject refused(String word, int code, JsonObject err) {
        assertEquals("err", err.getString("type"), err.encode());
        assertEquals(word, err.getString("message"), err.encode());
        assertEquals(code, err.getInteger("failureCode"), err.encode());
        assertEquals("ERROR", err.getString("failureType"), err.encode());
        JsonObject debugInfo = err.getJsonObject("debugInfo");
        for (String field : List.of("name", "retryable", "mayHaveExecuted", "detail")) {
            assertTrue(debugInfo.containsKey(field), err.encode());
        }
        return err;
    }

    /** What the bridge answers to the bytes of each vector, in order. */
    static final Map<String, List<String>> ANSWERS = Map.of(
            "V01", List.of("frame_too_large"),
            "V02", List.of("frame_too_large"),
            "V03", List.of("bad_json"),
            "V05", List.of("unknown_type"),
            "V06", List.of("bad_headers"),
            "V07", List.of("forbidden_header"),
            "V09", List.of("600000"),
            "V10", List.of("address_already_registered", "address_already_registered"),
            "V11", List.of("access_denied"));

    @ParameterizedTest
    @ValueSource(strings = {"V01", "V02", "V03", "V05", "V06", "V07", "V09", "V10", "V11"})
    void vector(String id) {
        hostile.raw(VECTORS.get(id).bytes().getBytes());
        for (String answer : ANSWERS.get(id)) {
            JsonObject frame = hostile.read();
            assertEquals(answer, said(frame), frame.encode());
        }
        if (ANSWERS.get(id).contains("frame_too_large")) {
            assertEquals(0, hostile.readsToEnd());
        } else {
            hostile.pings();
        }
    }

    /** The word of an err frame, or the body of an answer. */
    static String said(JsonObject frame) {
        return frame.getString("type").equals("err") ? frame.getString("message") : frame.getString("body");
    }

    @Test
    void everyVectorHasItsAnswer() {
        assertEquals(
                ANSWERS.keySet(), VECTORS.all().stream().map(AbuseVector::id).collect(toSet()));
    }

    @Test
    void v01LengthOfMinusOneIsAnsweredAndCloses() {
        hostile.raw(new byte[] {-1, -1, -1, -1});
        JsonObject err = refused("frame_too_large", 4413, hostile.read());
        assertNull(err.getString("address"));
        assertEquals(
                "length: 4294967295 (expected: <= 1048576)",
                err.getJsonObject("debugInfo").getString("detail"));
        assertEquals(0, hostile.readsToEnd());
    }

    @Test
    void v02AFloodBehindALengthThatIsTooLargeIsThrownAwayAndTheAnswerStillArrives() {
        hostile.raw(VECTORS.get("V02").bytes().getBytes());
        for (int i = 0; i < 128; i++) {
            hostile.raw(new byte[65_536]);
        }
        refused("frame_too_large", 4413, hostile.read());
        hostile.readsToEnd();
    }

    @Test
    void v04AnArrayIsBadJson() {
        refused("bad_json", 4400, hostile.text("[{\"type\":\"ping\"}]").read());
        refused("bad_json", 4400, hostile.text("").read());
        refused("bad_json", 4400, hostile.text("[".repeat(65)).read());
        hostile.pings();
    }

    @Test
    void v05UnknownTypeIsAnsweredAtItsReplyAddress() {
        JsonObject err = refused(
                "unknown_type",
                4400,
                hostile.text("{\"type\":\"zzz\",\"address\":\"a\",\"replyAddress\":\"r\"}")
                        .read());
        assertEquals("r", err.getString("address"));
        assertEquals("a", err.getString("sourceAddress"));
        hostile.pings();
    }

    @Test
    void v07NobodySetsTheHeadersOfTheBridge() {
        for (String name : List.of("codecName", "CodecName", "localOnly", "polywire-caller", "POLYWIRE-CALLER")) {
            refused(
                    "forbidden_header",
                    4403,
                    hostile.request("a", new JsonObject().put(name, "x"), null).read());
        }
        hostile.pings();
    }

    @ParameterizedTest
    @CsvSource({"0,1", "-1,1", "4611686018427387904,600000"})
    void v08v09ATimeoutIsBroughtIntoRange(long asked, String used) {
        JsonObject answer = hostile.request("a", new JsonObject().put("timeout", asked), null)
                .read();
        assertEquals(used, answer.getValue("body"), answer.encode());
        hostile.pings();
    }

    @Test
    void v11AddressesOfTheBusAreClosedWhateverIsPermitted() {
        for (String address : List.of(
                "__vertx.reply.1",
                "__vertx.reply.00000000-0000-0000-0000-000000000000",
                "__vertx",
                "polywire.holds",
                "polywire.leaving.x")) {
            refused("access_denied", 4403, hostile.request(address, "any", null).read());
        }
        hostile.pings();
    }

    @Test
    void v12AnAddressIsShort() {
        refused(
                "bad_address",
                4400,
                hostile.request("a".repeat(1_000), "any", null).read());
        refused(
                "bad_address",
                4400,
                hostile.request("a".repeat(201), "any", null).read());
        refused(
                "access_denied",
                4403,
                hostile.request("a".repeat(200), "any", null).read());
        hostile.pings();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "a.",
                ".a",
                "a\0",
                "\0a",
                "\u0430",
                "a\n",
                " a",
                "a..",
                "../a",
                "a/../a",
                "a.raw",
                "a.events"
            })
    void v13OnlyTheVeryAddressIsPermitted(String address) {
        JsonObject err = refused(
                "access_denied", 4403, hostile.request(address, "any", null).read());
        assertEquals("r", err.getString("address"));
        assertEquals(address, err.getString("sourceAddress"));
        hostile.pings();
    }

    @Test
    void v14PermissionsAreNoPatterns() {
        rig.close();
        rig = new BridgeRig(new JsonObject(), call("news."), call("(a|b)+"), call("h"));
        rig.vertx.eventBus().consumer("h", message -> message.reply("healthy"));
        hostile = rig.client();
        healthy = rig.client();
        refused("access_denied", 4403, hostile.request("newsX", "any", null).read());
        refused("access_denied", 4403, hostile.request("abba", "any", null).read());
        assertEquals(4503, hostile.request("(a|b)+", "any", null).read().getInteger("failureCode"));
    }

    @Test
    void v15TheActionMustBePermittedToo() {
        assertEquals("find", hostile.request("only", "find", null).read().getString("body"));
        for (Map<String, Object> headers : List.<Map<String, Object>>of(
                Map.of("action", "drop"), Map.of("action", "Find"), Map.of("ACTION", "drop"), Map.of())) {
            JsonObject request = new JsonObject(new HashMap<>(headers));
            refused(
                    "access_denied",
                    4403,
                    hostile.request("only", request, null).read());
        }
        refused(
                "bad_headers",
                4400,
                hostile.request("only", new JsonObject().put("action", "find").put("Action", "drop"), null)
                        .read());
    }

    @Test
    void v16NothingIsPermittedByDefault() {
        refused(
                "access_denied",
                4403,
                hostile.request("polywire.admin", "any", null).read());
        try (BridgeRig bare = new BridgeRig(new JsonObject());
                BridgeClient client = bare.client()) {
            bare.vertx.eventBus().consumer("a", message -> message.reply("must not be reached"));
            refused("access_denied", 4403, client.request("a", "any", null).read());
        }
        assertThrows(
                AssertionError.class,
                () -> new BridgeRig(new JsonObject(), new JsonObject().put("address", "a")).close());
    }

    /** A marked body never comes back in an err frame. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"zzz\",\"body\":\"canary-7f3a\"}",
                "{\"type\":\"canary-7f3a\"}",
                "{\"type\":\"publish\",\"address\":\"x\",\"body\":{\"canary-7f3a\":1}}",
                "{\"type\":\"auth\",\"token\":\"canary-7f3a\"}",
                "{\"type\":\"auth\",\"canary-7f3a\":\"canary-7f3a\"}",
                "{\"type\":\"err\",\"address\":\"polywire.reply.1\",\"failureCode\":1,\"message\":\"canary-7f3a\"}",
                "{\"type\":\"send\",\"body\":{\"x\":\"canary-7f3a\"}}",
                "{\"type\":\"send\",\"address\":\"a\",\"body\":\"canary-7f3a\"}",
                "{\"type\":\"send\",\"address\":\"a\",\"canary-7f3a\":1,\"body\":{}}",
                "{\"type\":\"send\",\"address\":\"a\",\"headers\":{\"canary-7f3a\":1}}",
                "{\"type\":\"send\",\"address\":\"a\",\"headers\":\"canary-7f3a\"}",
                "{\"type\":\"send\",\"address\":\"nobody\",\"body\":{\"x\":\"canary-7f3a\"}}",
                "{\"type\":\"send\",\"address\":\"a\",\"body\":{\"x\":\"canary-7f3a\"",
                "canary-7f3a",
            })
    void canary(String frame) {
        JsonObject err = hostile.text(frame).read();
        assertEquals("err", err.getString("type"));
        assertFalse(err.encode().contains("canary-7f3a"), err.encode());
        hostile.pings();
    }
}
