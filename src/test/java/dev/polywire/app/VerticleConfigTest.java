package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.bridge.TcpBridgeVerticle;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A verticle in somebody's application takes the entry of a configuration file, and names all that is wrong with it. */
@Timeout(60)
class VerticleConfigTest {

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
