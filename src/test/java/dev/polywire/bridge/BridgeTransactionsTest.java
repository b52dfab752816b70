package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.bolt.service.BoltVerticle;
import dev.polywire.testing.Loop;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions belong to the client that began them, and are undone when it goes. */
class BridgeTransactionsTest {

    private static final String BOLT = "polywire.bolt";

    private final Loop serving = new Loop();
    private final ScriptedBolt server = new ScriptedBolt(serving);
    private BridgeRig rig;
    private BridgeClient client;

    @BeforeEach
    void start() {
        rig = new BridgeRig(new JsonObject().put("maxHandlesPerSocket", 2), call(BOLT, "begin", "run"));
        JsonObject config = new JsonObject().put("uri", "bolt://127.0.0.1:" + server.port);
        BridgeRig.await(rig.vertx.deployVerticle(new BoltVerticle(), new DeploymentOptions().setConfig(config)));
        client = rig.client();
    }

    @AfterEach
    void stop() {
        client.close();
        rig.close();
        serving.close();
    }

    private JsonObject begin() {
        return client.request(BOLT, "begin", new JsonObject()).read().getJsonObject("body");
    }

    private static String within(BridgeClient client, JsonObject handle, String action, String query) {
        JsonObject body = new JsonObject().put("id", handle.getString("id"));
        if (query != null) {
            body.put("query", query);
        }
        JsonObject answer =
                client.request(handle.getString("address"), action, body).read();
        return answer.getString("type").equals("message")
                ? "done"
                : answer.getString("message") + answer.getValue("failureCode", "");
    }

    @Test
    void manyOneBehindTheOther() {
        for (int i = 0; i < 5; i++) {
            JsonObject handle = begin();
            assertEquals("done", within(client, handle, "run", "one"));
            assertEquals("done", within(client, handle, i % 2 == 0 ? "commit" : "rollback", null));
            assertEquals("access_denied", within(client, handle, "run", "more").replaceAll("[0-9]", ""));
        }
    }

    @Test
    void thoseThatFailedAreNotCounted() {
        for (int i = 0; i < 5; i++) {
            JsonObject handle = begin();
            String failure = within(client, handle, "run", "fail Neo.ClientError.Statement.SyntaxError");
            assertEquals("4502", failure.substring(failure.length() - 4));
        }
    }

    /** The server's NOT_FOUND is about something else than the handle. */
    @Test
    void whatHasFailedSaysWhy() {
        JsonObject handle = begin();
        String missing = "Neo.ClientError.Database.DatabaseNotFound";
        String first = within(client, handle, "run", "fail " + missing);
        assertEquals("4404", first.substring(first.length() - 4));
        for (String action : List.of("commit", "rollback")) {
            JsonObject answer = client.request(
                            handle.getString("address"), action, new JsonObject().put("id", handle.getString("id")))
                    .read();
            assertEquals(4404, answer.getInteger("failureCode"), answer.encode());
            assertEquals(
                    missing,
                    answer.getJsonObject("debugInfo").getJsonObject("server").getString("code"));
        }
        assertEquals("done", within(client, handle, "close", null));
    }

    @Test
    void nobodyElseUsesItAndItGoesWithItsClient() {
        JsonObject handle = begin();
        try (BridgeClient other = rig.client()) {
            assertEquals("access_denied", within(other, handle, "commit", null).replaceAll("[0-9]", ""));
        }
        client.close();
        await().until(() -> server.asked.stream().anyMatch(each -> each.endsWith("ROLLBACK")));
    }
}
