package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bridge.TcpBridgeVerticle;
import dev.polywire.core.net.Spi;
import dev.polywire.framed.service.FramedService;
import dev.polywire.testing.Canary;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A verticle in somebody's application takes the entry of a configuration file, and names all that is wrong with it. */
@Timeout(60)
class VerticleConfigTest {

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @ParameterizedTest
    @EnumSource
    void allThatIsWrong(Protocol protocol) {
        JsonObject entry = new JsonObject()
                .put("type", protocol.type())
                .put("instances", 1)
                .put("drainMillis", -1)
                .put("prt", 1)
                .put("nme", "x");
        List<String> said =
                failure(() -> protocol.verticle(Spi.NONE), entry).lines().toList();
        for (String each : List.of("drainMillis: -1 (expected: ", "prt: unknown field (", "nme: unknown field (")) {
            assertTrue(said.stream().anyMatch(line -> line.startsWith(each)), () -> each + " in " + said);
        }
        assertTrue(said.stream().noneMatch(line -> line.startsWith("type: ")), said::toString);
    }

    @ParameterizedTest
    @EnumSource
    void anotherType(Protocol protocol) {
        assertEquals(
                "type: another (expected: " + protocol.type() + ")",
                failure(() -> protocol.verticle(Spi.NONE), new JsonObject().put("type", "x")));
    }

    /** A reference is resolved, is not shown, and is complained about with all that is wrong. */
    @ParameterizedTest
    @EnumSource
    void references(Protocol protocol) throws IOException {
        Path number = Files.writeString(directory.resolve("number"), "987654321\n");
        JsonObject entry = new JsonObject()
                .put("drainMillis", new JsonObject().put("file", number.toString()))
                .put("name", new JsonObject().put("env", "POLYWIRE_TEST_NOT_THERE"))
                .put("prt", new JsonObject().put("file", number.toString()));
        String said = failure(() -> protocol.verticle(Spi.NONE), entry);
        for (String each : List.of(
                "name: the environment has no POLYWIRE_TEST_NOT_THERE (expected: ",
                "drainMillis: *** (expected: 0 to 600000)",
                "prt: unknown field (")) {
            assertTrue(said.lines().anyMatch(line -> line.startsWith(each)), () -> each + " in " + said);
        }
        assertFalse(said.contains("987654321"), said);
    }

    @Test
    void referencesOfAConnectorThatRuns() throws IOException {
        Path name = Files.writeString(directory.resolve("name"), "from-a-file\n");
        JsonObject entry = new JsonObject()
                .put("type", "framed-server")
                .put("name", new JsonObject().put("file", name.toString()))
                .put("port", 0)
                .put("codec", "utf8");
        Outcome.value(vertx.deployVerticle(
                () -> Protocol.FRAMED_SERVER.verticle(Spi.NONE), new DeploymentOptions().setConfig(entry)));
        JsonObject status =
                Outcome.value(FramedService.proxy(vertx, "polywire.from-a-file").status());
        assertEquals("from-a-file", status.getString("name"));
    }

    /** Also of those that it gets while it runs. */
    @Test
    void referencesOfABridge() throws IOException {
        TcpBridgeVerticle bridge = new TcpBridgeVerticle();
        JsonObject config = new JsonObject().put("port", 0).put("clients", client("first"));
        Outcome.value(vertx.deployVerticle(bridge, new DeploymentOptions().setConfig(config)));
        assertEquals("{\"type\":\"auth\",\"client\":\"reports\"}", login(bridge.actualPort(), "first"));
        Outcome.value(bridge.reload(config.copy().put("clients", client("second"))));
        assertEquals("{\"type\":\"auth\",\"client\":\"reports\"}", login(bridge.actualPort(), "second"));
        Path shortOne = Files.writeString(directory.resolve("short"), "short");
        JsonObject bad =
                new JsonObject().put("name", "reports").put("token", new JsonObject().put("file", shortOne.toString()));
        assertEquals(
                "clients[0].token: *** (expected: 16 to 4096 characters)",
                Outcome.failure(bridge.reload(config.copy().put("clients", new JsonArray().add(bad))))
                        .getMessage());
    }

    private JsonArray client(String owner) throws IOException {
        Path token = Files.writeString(directory.resolve(owner), Canary.of(owner) + "\n");
        return new JsonArray()
                .add(new JsonObject()
                        .put("name", "reports")
                        .put("token", new JsonObject().put("file", token.toString()))
                        .put("listen", new JsonArray().add("news")));
    }

    private static String login(int port, String owner) {
        try (FramedPeer client = FramedPeer.connect(port)) {
            return client.send("{\"type\":\"auth\",\"token\":\"" + Canary.of(owner) + "\"}")
                    .text();
        }
    }

    @Test
    void instancesAreThoseOfTheDeployment() {
        JsonObject entry = new JsonObject()
                .put("type", "framed-client")
                .put("port", Ports.free())
                .put("codec", "utf8")
                .put("instances", 2);
        Supplier<Deployable> verticle = () -> Protocol.FRAMED_CLIENT.verticle(Spi.NONE);
        assertEquals("instances: 2 (expected: 1, as deployed)", failure(verticle, entry));
        Outcome.value(vertx.deployVerticle(
                verticle, new DeploymentOptions().setConfig(entry).setInstances(2)));
    }

    @Test
    void allThatIsWrongWithABridge() {
        String said =
                failure(TcpBridgeVerticle::new, new JsonObject().put("port", -1).put("alow", 1));
        assertEquals(2, said.lines().count(), said);
    }

    private String failure(Supplier<Deployable> verticle, JsonObject config) {
        Future<String> deployed = vertx.deployVerticle(verticle, new DeploymentOptions().setConfig(config));
        return String.valueOf(Outcome.failure(deployed).getMessage());
    }
}
