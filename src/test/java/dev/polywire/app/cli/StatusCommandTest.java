package dev.polywire.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.examples.Readme;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StatusCommandTest {

    @Test
    void aRowForEachInstanceAndSums() throws Exception {
        JsonObject answer = new JsonObject()
                .put(
                        "instances",
                        new JsonArray()
                                .add(instance("orders", "ready", 1).put("inFlight", 3))
                                .add(instance("orders", "recovering", 10).put("reason", "lost\u001b[2J\nnow"))
                                .add(instance("planets", "ready", 100)))
                .put("connectors", new JsonArray().add(sum("orders", 2, 1, 11)).add(sum("planets", 1, 1, 100)));
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> client.reply(frame, answer))) {
            Ran readable = Ran.command("status", "--port", bridge.port()).require(0);
            assertEquals("""
                    NAME          PROTOCOL  ADDRESS           TARGET  IN FLIGHT  STREAMS  REQUESTS  STATE
                    orders        amqp      polywire.orders   h:1     3          0        1         ready
                    orders        amqp      polywire.orders   h:1     0          0        10        recovering: lost\\u001B[2J\\nnow
                    orders (sum)                                      4          0        11        1 of 2 ready
                    planets       amqp      polywire.planets  h:1     0          0        100       ready
                    all                                               8          0        111       2 of 3 ready
                    """, readable.out());
            assertEquals("polywire.instances", bridge.heard().get(0).getString("address"));
            assertEquals(List.of("status"), bridge.actions());

            Ran json = Ran.command("status", "--json", "--port", bridge.port()).require(0);
            assertEquals(answer, new JsonObject(json.out()));
        }
    }

    @Test
    void thePageShowsTheTable() throws Exception {
        JsonObject framed = instance("framed", "ready", 12).put("protocol", "framed");
        JsonArray instances = new JsonArray()
                .add(instance("orders", "ready", 218).put("inFlight", 3).put("streams", 1))
                .add(instance("orders", "recovering", 170).put("reason", "the broker closed the connection"))
                .add(framed.put("target", "127.0.0.1:7117"));
        for (int i = 0; i < 2; i++) {
            instances.getJsonObject(i).put("target", "127.0.0.1:5672");
        }
        JsonArray connectors = new JsonArray()
                .add(sum("orders", 2, 1, 388).put("inFlight", 3).put("streams", 1))
                .add(sum("framed", 1, 1, 12).put("inFlight", 0));
        JsonObject answer = new JsonObject().put("instances", instances).put("connectors", connectors);
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> client.reply(frame, answer))) {
            Ran shown = Ran.command("status", "--port", bridge.port()).require(0);
            assertEquals(
                    Readme.block("docs/commands.md", "output: status"),
                    shown.out().lines().toList());
        }
    }

    @Test
    void whoMaySeeNothingIsToldSo() throws Exception {
        JsonObject info = new JsonObject().put("name", "FORBIDDEN").put("detail", "no connector to be seen");
        try (ScriptedBridge bridge =
                new ScriptedBridge((frame, client) -> client.fail(frame, 4403, "access_denied", info))) {
            Ran refused = Ran.command("status", "--port", bridge.port()).require(12);
            assertEquals("4403 FORBIDDEN: access_denied (no connector to be seen)\n", refused.err());
        }
    }

    /** Whatever it is, it is no reason to break. */
    @Test
    void anotherAnswerIsShownAsItIs() throws Exception {
        for (Object answer : List.of("text", new JsonObject().put("connectors", 5), new JsonObject())) {
            try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> client.reply(frame, answer))) {
                Ran shown = Ran.command("status", "--port", bridge.port()).require(0);
                assertTrue(shown.out().contains("text") || shown.out().contains("0 of 0 ready"), shown::toString);
            }
        }
    }

    private static JsonObject instance(String name, String state, int requests) {
        return new JsonObject()
                .put("name", name)
                .put("protocol", "amqp")
                .put("address", "polywire." + name)
                .put("target", "h:1")
                .put("state", state)
                .put("counters", new JsonObject().put("requests", requests));
    }

    private static JsonObject sum(String name, int instances, int ready, int requests) {
        return new JsonObject()
                .put("name", name)
                .put("address", "polywire." + name)
                .put("instances", instances)
                .put("ready", ready)
                .put("inFlight", 4)
                .put("counters", new JsonObject().put("requests", requests));
    }
}
