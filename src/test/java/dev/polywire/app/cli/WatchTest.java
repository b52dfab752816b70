package dev.polywire.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchTest {

    private static final JsonObject EVENT = new JsonObject()
            .put("name", "mongodb")
            .put("target", "127.0.0.1:27017")
            .put("state", "recovering")
            .put("reason", "connection reset");

    /** Publishes {@code bodies} when somebody listens, then hangs up. */
    private static BiConsumer<JsonObject, ScriptedBridge.Client> publishes(Object... bodies) {
        String[] address = {""};
        return (frame, client) -> {
            if (frame.getString("type").equals("register")) {
                address[0] = frame.getString("address");
            } else {
                client.say("{\"type\":\"pong\"}");
                for (Object body : bodies) {
                    client.say(new JsonObject()
                            .put("type", "message")
                            .put("address", address[0])
                            .put("body", body));
                }
                client.hangUp();
            }
        };
    }

    @Test
    void printsEventsForPeople() throws Exception {
        try (ScriptedBridge bridge = new ScriptedBridge(publishes(EVENT, new JsonObject().put("n", 1)))) {
            Ran ran = Ran.command("watch", "--port", bridge.port(), "polywire.mongodb")
                    .require(22);
            List<String> lines = ran.out().lines().toList();
            assertTrue(
                    lines.get(0)
                            .matches(
                                    "\\d\\d:\\d\\d(:\\d\\d)? mongodb \\(127.0.0.1:27017\\) is recovering: connection reset"),
                    ran::out);
            assertTrue(lines.get(1).endsWith(" {\"n\":1}"), ran::out);
            assertEquals(
                    List.of(
                            "watching polywire.mongodb.events",
                            "4504 CONNECTION_LOST: the bridge closed the connection; may be tried again"),
                    ran.err().lines().toList());
            assertEquals(
                    new JsonObject()
                            .put("type", "register")
                            .put("address", "polywire.mongodb.events")
                            .put("headers", new JsonObject()),
                    bridge.heard().get(0));
        }
    }

    @Test
    void printsEventsForPrograms() throws Exception {
        try (ScriptedBridge bridge = new ScriptedBridge(publishes(EVENT))) {
            Ran ran = Ran.command("watch", "--json", "--exact", "--port", bridge.port(), "news")
                    .require(22);
            assertEquals(EVENT.encode(), ran.out().strip());
            assertEquals("news", bridge.heard().get(0).getString("address"));
            assertEquals(4504, new JsonObject(ran.err()).getInteger("code"));
        }
    }

    @Test
    void aRefusalEndsIt() throws Exception {
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> client.say(
                frame.getString("type").equals("register")
                        ? "{\"type\":\"err\",\"failureCode\":4403,\"message\":\"access_denied\"}"
                        : "{\"type\":\"pong\"}"))) {
            Ran ran = Ran.command("watch", "--port", bridge.port(), "secret").require(12);
            assertEquals("4403 FORBIDDEN: access_denied", ran.err().strip());
            assertEquals("", ran.out());
        }
    }
}
