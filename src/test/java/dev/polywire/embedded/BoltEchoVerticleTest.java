package dev.polywire.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bolt.service.BoltService;
import dev.polywire.bolt.service.BoltVerticle;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Record;

/** The embedded Bolt server, asked by our connector and by the official driver. */
class BoltEchoVerticleTest {

    private final Vertx vertx = Vertx.vertx();
    private final int port = Ports.free();
    private final EmbeddedServer server =
            Outcome.value(EmbeddedServers.start(vertx, new EmbeddedOptions(EmbeddedOptions.Type.BOLT_ECHO, port)));

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void ourConnectorHearsItself() {
        assertEquals("bolt echo server at 127.0.0.1:" + port, server.description());
        JsonObject config = new JsonObject().put("uri", "bolt://127.0.0.1:" + port);
        Outcome.value(vertx.deployVerticle(new BoltVerticle(), new DeploymentOptions().setConfig(config)));
        JsonObject parameters = new JsonObject().put("who", "me");
        JsonObject answer =
                Outcome.value(BoltService.proxy(vertx, "polywire.bolt").run("RETURN $who", parameters, null));
        assertEquals(new JsonArray().add("statement").add("parameters"), answer.getJsonArray("fields"));
        assertEquals(
                new JsonArray().add(new JsonArray().add("RETURN $who").add(parameters)),
                answer.getJsonArray("records"));
    }

    @Test
    void theOfficialDriverHearsItselfUntilItCloses() {
        try (Driver driver = GraphDatabase.driver("bolt://127.0.0.1:" + port)) {
            Record row = driver.executableQuery("RETURN $who")
                    .withParameters(Map.of("who", "me"))
                    .execute()
                    .records()
                    .get(0);
            assertEquals("RETURN $who", row.get("statement").asString());
            assertEquals(Map.of("who", "me"), row.get("parameters").asMap());
        }
        Outcome.value(server.close());
        assertTrue(vertx.deploymentIDs().isEmpty());
    }
}
