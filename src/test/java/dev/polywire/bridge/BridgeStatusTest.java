package dev.polywire.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Instances;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The status of all instances shows a client the connectors whose status it may ask for, and no other. */
class BridgeStatusTest {

    private BridgeRig rig;
    private BridgeClient client;

    private void open(JsonObject... call) {
        rig = new BridgeRig(new JsonObject(), call);
        client = rig.client();
        for (String name : List.of("seen", "hidden", "called")) {
            BridgeRig.await(rig.vertx.deployVerticle(new ProbeVerticle(new JsonObject().put("name", name))));
        }
    }

    @AfterEach
    void stop() {
        client.close();
        rig.close();
    }

    @Test
    void onlyWhatMayBeAskedIsSeen() {
        open(BridgeRig.call("polywire.seen", "status"), BridgeRig.call("polywire.called", "ping"));
        for (JsonObject body :
                List.of(new JsonObject(), new JsonObject().put("addresses", new JsonArray().add("polywire.hidden")))) {
            JsonObject answer =
                    client.request(Instances.ADDRESS, "status", body).read();
            JsonArray connectors = answer.getJsonObject("body").getJsonArray("connectors");
            assertEquals(1, connectors.size(), answer::encode);
            assertEquals("polywire.seen", connectors.getJsonObject(0).getString("address"));
            assertTrue(!answer.encode().contains("hidden"), answer::encode);
        }
        assertDenied("stats");
    }

    @Test
    void whoMaySeeNothingIsToldSo() {
        open(BridgeRig.call("polywire.called", "ping"));
        JsonObject denied = assertDenied("status");
        assertEquals(
                "no connector to be seen (expected: one in call, with the action status)",
                denied.getJsonObject("debugInfo").getString("detail"));
    }

    private JsonObject assertDenied(String action) {
        JsonObject answer =
                client.request(Instances.ADDRESS, action, new JsonObject()).read();
        assertEquals("access_denied", answer.getString("message"), answer::encode);
        return answer;
    }
}
