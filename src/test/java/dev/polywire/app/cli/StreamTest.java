package dev.polywire.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamTest {

    private static final JsonObject HANDLE = new JsonObject()
            .put("address", "polywire.x.streams.1")
            .put("id", "abc")
            .put("leaseMillis", 60_000);

    /** A stream that answers {@code next} with these, one after the other. */
    private static BiConsumer<JsonObject, ScriptedBridge.Client> answers(Object... batches) {
        Deque<Object> left = new ArrayDeque<>(List.of(batches));
        return (frame, client) -> {
            String action = frame.getJsonObject("headers").getString("action");
            if (!action.equals("next")) {
                client.reply(frame, action.equals("open") ? HANDLE : null);
            } else if (left.peek() instanceof Integer code) {
                left.remove();
                client.fail(frame, code, "no", new JsonObject());
            } else {
                client.reply(frame, left.remove());
            }
        };
    }

    private static JsonObject batch(boolean done, Object... items) {
        return new JsonObject().put("items", new JsonArray(List.of(items))).put("done", done);
    }

    @Test
    void printsItemsToTheEndAndCloses() throws Exception {
        JsonObject row = new JsonObject().put("name", "Mars\u0085");
        try (ScriptedBridge bridge = new ScriptedBridge(
                answers(batch(false, row, "two"), batch(false), 4408, batch(false, 3), batch(true)))) {
            Ran ran = Ran.command("stream", "--port", bridge.port(), "polywire.x", "open", "{\"q\":1}")
                    .require(0);
            assertEquals(
                    List.of("{\"name\":\"Mars\\u0085\"}", "\"two\"", "3"),
                    ran.out().lines().toList());
            assertEquals(List.of("open", "next", "next", "next", "next", "next", "close"), bridge.actions());

            List<JsonObject> next = bridge.heard().subList(1, 6);
            assertEquals(
                    List.of(1, 2, 2, 2, 3),
                    next.stream()
                            .map(each -> each.getJsonObject("body").getInteger("batch"))
                            .toList());
            JsonObject first = next.get(0);
            assertEquals("polywire.x.streams.1", first.getString("address"));
            assertEquals("abc", first.getJsonObject("body").getString("id"));
            assertEquals("3000", first.getJsonObject("headers").getString("timeout"));
        }
    }

    @Test
    void aStreamThatFailsIsClosedAndSaysWhy() throws Exception {
        try (ScriptedBridge bridge = new ScriptedBridge(answers(batch(false, 1), 4504))) {
            Ran ran = Ran.command("stream", "--json", "--port", bridge.port(), "a", "open")
                    .require(22);
            assertEquals("1", ran.out().strip());
            assertEquals(4504, new JsonObject(ran.err()).getInteger("code"));
            assertEquals("close", bridge.actions().get(3));
        }
    }

    @Test
    void aServiceThatNeverAnswersIsNotAskedForEver() throws Exception {
        try (ScriptedBridge bridge =
                new ScriptedBridge(answers(Collections.nCopies(22, 4408).toArray()))) {
            Ran.command("stream", "--port", bridge.port(), "a", "open").require(30);
        }
    }

    @Test
    void nobodyAtTheStreamsAddressIsALostNode() throws Exception {
        try (ScriptedBridge bridge = new ScriptedBridge(answers(4503))) {
            Ran.command("stream", "--port", bridge.port(), "a", "open").require(35);
        }
    }

    @Test
    void anActionThatGivesNoStreamIsAMistake() throws Exception {
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> client.reply(frame, new JsonObject()))) {
            Ran ran =
                    Ran.command("stream", "--port", bridge.port(), "a", "ping").require(10);
            assertTrue(ran.err().contains("ping gave no stream"), ran::err);
        }
    }

    @Test
    void closesWhenNobodyReadsWhatItPrints() throws Exception {
        PrintWriter gone = new PrintWriter(new Writer() {
            @Override
            public void write(char[] text, int from, int count) throws java.io.IOException {
                throw new java.io.IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        try (ScriptedBridge bridge = new ScriptedBridge(answers(batch(false, 1), batch(false, 2)))) {
            int exitCode = PolywireCommand.execute(
                    new Ran.Asked(),
                    gone,
                    new PrintWriter(Writer.nullWriter()),
                    "stream",
                    "--port",
                    bridge.port(),
                    "a",
                    "open");
            assertEquals(ExitCode.NOBODY_READS, exitCode);
            assertEquals(List.of("open", "next", "close"), bridge.actions());
        }
    }

    @Test
    void keepsTheLeaseWhileNothingComes() throws Exception {
        JsonObject hasty = HANDLE.copy().put("leaseMillis", 30);
        int[] renewed = {0};
        JsonObject[] asked = {null};
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> {
            String action = frame.getJsonObject("headers").getString("action");
            JsonObject body = frame.getJsonObject("body");
            if (action.equals("open")) {
                client.reply(frame, hasty);
            } else if (action.equals("close")) {
                client.reply(frame, null);
            } else if (body.getInteger("max") > 0) {
                asked[0] = frame;
            } else {
                renewed[0]++;
            }
            // Without three renewals the stream does not end.
            if (renewed[0] >= 3 && asked[0] != null && !action.equals("close")) {
                client.reply(asked[0], batch(true));
            }
        })) {
            Ran.command("stream", "--port", bridge.port(), "a", "open").require(0);
            assertTrue(renewed[0] >= 3);
        }
    }
}
