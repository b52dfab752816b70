package dev.polywire.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Canary;
import dev.polywire.testing.Ports;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CallTest {

    private static final JsonObject INFO =
            new JsonObject().put("name", "UNAVAILABLE").put("retryable", true).put("mayHaveExecuted", false);

    @Test
    void asksAndPrintsTheAnswer() throws Exception {
        JsonObject answer = new JsonObject().put("n", 1).put("names", new JsonArray().add("Ö"));
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> client.reply(frame, answer))) {
            Ran readable = Ran.command("call", "--port", bridge.port(), "polywire.x", "do", "{\"a\": 1}")
                    .require(0);
            assertEquals(answer, new JsonObject(readable.out()));
            assertTrue(readable.out().lines().count() > 1, readable::out);

            Ran json = Ran.command("call", "--json", "--timeout", "1.5", "--port", bridge.port(), "polywire.x", "do")
                    .require(0);
            assertEquals(answer.encode(), json.out().strip());
            assertEquals("", json.err());

            JsonObject first = bridge.heard().get(0);
            assertEquals("polywire.x", first.getString("address"));
            assertEquals(new JsonObject().put("action", "do").put("timeout", "25000"), first.getJsonObject("headers"));
            assertEquals(new JsonObject().put("a", 1), first.getJsonObject("body"));
            JsonObject second = bridge.heard().get(1);
            assertEquals("1500", second.getJsonObject("headers").getString("timeout"));
            assertEquals(new JsonObject(), second.getJsonObject("body"));
        }
    }

    /** What is no text is the service's to refuse: it does not become another text on the way. */
    @Test
    void halfASurrogatePairArrivesAsItIs() throws Exception {
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> client.reply(frame, new JsonObject()))) {
            Ran.command("call", "--port", bridge.port(), "a", "b", "{\"text\": \"\\ud800\"}")
                    .require(0);
            assertEquals(
                    new JsonObject().put("text", "\ud800"),
                    bridge.heard().get(0).getJsonObject("body"));
        }
    }

    @Test
    void aFailureHasAnExitCodeAndBothForms() throws Exception {
        JsonObject info = INFO.copy().put("server", new JsonObject().put("code", 7));
        try (ScriptedBridge bridge = new ScriptedBridge(
                (frame, client) -> client.fail(frame, 4503, "not\u001b[31m\nconnected\u009b", info))) {
            Ran readable =
                    Ran.command("call", "--port", bridge.port(), "a", "b").require(21);
            assertEquals("", readable.out());
            assertEquals(
                    List.of(
                            "4503 UNAVAILABLE: not\\u001B[31m\\nconnected\\u009b; may be tried again",
                            "the server said: {\"code\":7}"),
                    readable.err().lines().toList());

            Ran json = Ran.command("call", "--port", bridge.port(), "--json", "a", "b")
                    .require(21);
            assertEquals("", json.out());
            assertEquals(
                    info.copy().put("code", 4503).put("message", "not\u001b[31m\nconnected\u009b"),
                    new JsonObject(json.err()));
            assertEquals(1, json.err().lines().count());
        }
    }

    /** A bridge without room says so to a newcomer, reads nothing and closes. */
    @ParameterizedTest
    @ValueSource(ints = {10, 5_000_000})
    void aNewcomerIsRefused(int bytes) throws Exception {
        try (ServerSocket bridge = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread refusing = new Thread(() -> {
                try (Socket newcomer = bridge.accept()) {
                    byte[] err = new JsonObject()
                            .put("type", "err")
                            .put("failureCode", 4429)
                            .put("failureType", "ERROR")
                            .put("message", "overloaded")
                            .put("debugInfo", INFO.copy().put("name", "OVERLOADED"))
                            .encode()
                            .getBytes(StandardCharsets.UTF_8);
                    newcomer.getOutputStream()
                            .write(ByteBuffer.allocate(4 + err.length)
                                    .putInt(err.length)
                                    .put(err)
                                    .array());
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            });
            refusing.start();
            String body = new JsonObject().put("text", "x".repeat(bytes)).encode();
            Ran refused = Ran.command("call", "--port", String.valueOf(bridge.getLocalPort()), "a", "b", body)
                    .require(20);
            assertEquals(
                    "4429 OVERLOADED: overloaded; may be tried again",
                    refused.err().strip());
            refusing.join();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "4400, 10",
        "4401, 11",
        "4403, 12",
        "4404, 13",
        "4409, 14",
        "4413, 15",
        "4429, 20",
        "4504, 22",
        "4530, 23",
        "4408, 30",
        "4499, 31",
        "4500, 32",
        "4505, 33",
        "4520, 34",
        "4531, 35",
        "4502, 40",
        "17, 41",
    })
    void exitCodes(int code, int exitCode) throws Exception {
        try (ScriptedBridge bridge =
                new ScriptedBridge((frame, client) -> client.fail(frame, code, "no", new JsonObject()))) {
            Ran.command("call", "--port", bridge.port(), "a", "b").require(exitCode);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"call", "stream", "watch", "status"})
    void whoIsNotThereIsTold(String command) throws Exception {
        int free = Ports.free();
        assertEquals(
                "4503 UNAVAILABLE: cannot connect to 127.0.0.1:" + free + ": nobody listens there"
                        + " (expected: a Polywire that runs, with a bridge at this --host and --port); may be tried again",
                unavailable(command, "127.0.0.1", free));
        assertEquals(
                "4503 UNAVAILABLE: cannot connect to no-such-host.invalid:" + free + ": no such host"
                        + " (expected: in --host a name that can be resolved, or an address); may be tried again",
                unavailable(command, "no-such-host.invalid", free));
        JsonObject json = new JsonObject(unavailable(command, "::1", free, "--json"));
        assertEquals("UNAVAILABLE", json.getString("name"));
        assertTrue(json.getString("message").startsWith("cannot connect to [::1]:" + free + ": "), json::encode);
    }

    private static String unavailable(String command, String host, int port, String... more) {
        List<String> all = new ArrayList<>(List.of(command, "--host", host, "--port", Integer.toString(port)));
        all.addAll(List.of(more));
        all.addAll(List.of("a", "b").subList(0, command.equals("status") ? 0 : command.equals("watch") ? 1 : 2));
        return Ran.command(all.toArray(String[]::new)).require(21).err().strip();
    }

    @Test
    void nobodyKnowsWhatBecameOfARequestWhoseBridgeHangsUp() throws Exception {
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> client.hangUp())) {
            Ran ran = Ran.command("call", "--port", bridge.port(), "a", "b").require(33);
            assertEquals(
                    "4505 UNKNOWN_OUTCOME: the bridge closed the connection; may have been executed",
                    ran.err().strip());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2147483647 | {\"type\": | 33",
                "-1 | {} | 33",
                "2 | [] | 33",
                "6 | {\"a\":  | 33",
            })
    void bytesThatAreNoFrameEndIt(int length, String body, int exitCode) throws Exception {
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> {
            client.bytes(length, body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .hangUp();
        })) {
            Ran.command("call", "--port", bridge.port(), "a", "b").require(exitCode);
        }
    }

    @Test
    void answersThatNobodyWaitsForAreLetPass() throws Exception {
        JsonObject stranger = new JsonObject().put("replyAddress", "?99");
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> {
            client.reply(stranger, 1)
                    .fail(stranger, 4404, "late", new JsonObject())
                    .say("{\"type\":\"pong\"}");
            client.say("{\"type\":\"news\"}").reply(frame, "mine");
        })) {
            assertEquals(
                    "\"mine\"",
                    Ran.command("call", "--port", bridge.port(), "a", "b")
                            .require(0)
                            .out()
                            .strip());
        }
    }

    @Test
    void logsInBeforeAnythingElse(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), Canary.of("caller") + "\n");
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> {
            if (!frame.getString("type").equals("auth")) {
                client.reply(frame, "welcome");
            } else if (frame.getString("token").equals(Canary.of("caller"))) {
                client.say("{\"type\":\"auth\",\"client\":\"reports\"}");
            } else {
                client.say("{\"type\":\"err\",\"failureCode\":4401,\"message\":\"bad_token\"}")
                        .hangUp();
            }
        })) {
            Ran.command("call", "--port", bridge.port(), "--token-file", file.toString(), "a", "b")
                    .require(0);
            assertEquals(List.of("auth", "send"), types(bridge));

            Files.writeString(file, "wrong");
            Ran refused = Ran.command("call", "--port", bridge.port(), "--token-file", file.toString(), "a", "b")
                    .require(11);
            assertEquals("4401 UNAUTHENTICATED: bad_token", refused.err().strip());
            assertEquals(List.of("auth", "send", "auth"), types(bridge), "nothing was asked without a login");
        }
    }

    private static List<String> types(ScriptedBridge bridge) {
        return bridge.heard().stream().map(frame -> frame.getString("type")).toList();
    }
}
