package dev.polywire.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.PolywireOptions;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.server.ScriptedPeer;
import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.wire.MongoServerMachine;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class PolywireVerticleTest {

    /** {@code {ok: 1.0}} in BSON. */
    private static final Buffer OK =
            Buffer.buffer(new byte[] {17, 0, 0, 0, 1, 'o', 'k', 0, 0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x3f, 0});

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** The bridge takes no client any more, and its clients' requests have time; the connectors are still there. */
    @Test
    void startsAndStopsInOrder() {
        String other = Outcome.value(vertx.deployVerticle(new ProbeVerticle(new JsonObject().put("name", "other"))));
        PolywireVerticle polywire = new PolywireVerticle();
        String deployment = Outcome.value(deploy(polywire, withBridge()));
        try (FramedPeer client = FramedPeer.connect(polywire.bridgePort())) {
            client.send(
                    "{\"type\":\"send\",\"address\":\"polywire.mongodb\",\"replyAddress\":\"r\",\"headers\":"
                            + "{\"action\":\"command\"},\"body\":{\"database\":\"test\",\"name\":\"ping\",\"arguments\":{\"ping\":1}}}");
            await("a request in flight").until(() -> held.size() == 1);

            Future<Void> leaving = vertx.undeploy(deployment);
            await("no further client").until(() -> isClosed(polywire.bridgePort()));
            Future<JsonObject> direct = MongoService.proxy(vertx, "polywire.mongodb")
                    .command("test", "ping", new JsonObject().put("ping", 1), null);
            await("the connector's request").until(() -> held.size() == 2);
            held.forEach(Runnable::run);

            assertEquals(1, new JsonObject(client.text()).getJsonObject("body").getInteger("ok"));
            assertEquals(1, Outcome.value(direct).getInteger("ok"));
            Outcome.value(leaving);
        }
        assertEquals(Set.of(other), vertx.deploymentIDs());
        assertEquals(700, Polywire.drainMillis(vertx, 700), "others have all their time");
    }

    @Test
    void takesReferencesAsAFileDoes() throws Exception {
        Path name = Files.writeString(directory.resolve("name"), "secretly\n");
        JsonObject config = configuration(new JsonObject()
                .put("type", "framed-server")
                .put("name", new JsonObject().put("file", name.toString()))
                .put("port", 0)
                .put("codec", "utf8"));
        Outcome.value(deploy(new PolywireVerticle(), config));
        assertEquals("ready", status("polywire.secretly").getString("state"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | nothing to start (expected: connectors or bridge)",
                "{'connectors':[],'embedded':[],'cluster':{},'log':{},'scanMillis':1}"
                        + " | cluster: for the program only (expected: some of [bridge, connectors, memory])"
                        + "~embedded: for the program only (expected: some of [bridge, connectors, memory])"
                        + "~log: for the program only (expected: some of [bridge, connectors, memory])"
                        + "~scanMillis: for the program only (expected: some of [bridge, connectors, memory])",
                "{'conectors':[],'bridge':{'port':-1,'alow':{'env':'HOME'}}}"
                        + " | conectors: unknown field (expected: one of [bridge, connectors, memory])"
                        + "~bridge.port: -1 (expected: 0 to 65535)",
                "{'connectors':[{'type':'mongodb','port':{'env':'POLYWIRE_TEST_NONE'}},{'type':'mongo','password':'canary-7f3a'}]}"
                        + " | connectors[0].port: the environment has no POLYWIRE_TEST_NONE (expected: a variable that is not empty)"
                        + "~connectors[1].type: \"mongo\" (expected: one of [",
            })
    void namesAllThatIsWrong(String config, String complaints) {
        ConfigurationException bad = assertInstanceOf(
                ConfigurationException.class,
                Outcome.failure(deploy(new PolywireVerticle(), new JsonObject(config.replace('\'', '"')))));
        List<String> said = bad.complaints().stream().map(Complaint::toString).toList();
        List<String> expected = List.of(complaints.split("~"));
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(said.get(i).startsWith(expected.get(i)), said::toString);
        }
        assertEquals(Set.of(), vertx.deploymentIDs());
    }

    @Test
    void whatCannotStartLeavesNothing() throws Exception {
        try (ServerSocket taken = Ports.listen(0)) {
            JsonObject config = withBridge();
            config.getJsonObject("bridge").put("port", taken.getLocalPort());
            StartException cannot =
                    assertInstanceOf(StartException.class, Outcome.failure(deploy(new PolywireVerticle(), config)));
            assertEquals(
                    "bridge: bridge: 127.0.0.1:" + taken.getLocalPort()
                            + " is taken by another program (expected: a free port)",
                    cannot.getMessage());
        }
        assertEquals(Set.of(), vertx.deploymentIDs());
    }

    @Test
    void oneInstance() {
        assertEquals(
                "instances: 2 (expected: 1)",
                Outcome.failure(vertx.deployVerticle(
                                () -> new PolywireVerticle(),
                                new DeploymentOptions().setConfig(withBridge()).setInstances(2)))
                        .getMessage());
    }

    @Test
    void theLimitOfMemoryIsTheApplicationsUnlessItIsSaid() {
        Polywire.install(vertx, new PolywireOptions(new MemoryOptions(2_097_152)));
        JsonObject server =
                new JsonObject().put("type", "framed-server").put("port", 0).put("codec", "utf8");
        String first = Outcome.value(deploy(new PolywireVerticle(), configuration(server)));
        assertEquals(2_097_152, MemoryBudget.of(vertx).maxBytes());
        Outcome.value(vertx.undeploy(first));
        JsonObject memory = new JsonObject().put("maxBytes", 4_194_304);
        Outcome.value(deploy(new PolywireVerticle(), configuration(server).put("memory", memory)));
        assertEquals(4_194_304, MemoryBudget.of(vertx).maxBytes());
    }

    /** As the program's failures, what a Vert.x that closes does to its parts is no error. */
    @Test
    void closesWithItsVertx() {
        Vertx application = Vertx.vertx();
        try (LoggedTraces log = new LoggedTraces()) {
            Outcome.value(application.deployVerticle(
                    new PolywireVerticle(), new DeploymentOptions().setConfig(withBridge())));
            Outcome.value(application.close());
            assertEquals(List.of(), log.errors());
            assertEquals(List.of(), log.traces());
        }
    }

    private Future<String> deploy(PolywireVerticle polywire, JsonObject config) {
        return vertx.deployVerticle(polywire, new DeploymentOptions().setConfig(config));
    }

    /** A MongoDB whose answers are held, its connector, and a bridge to that. */
    private JsonObject withBridge() {
        int port = Outcome.on(
                vertx, () -> new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), this::hold).listen());
        JsonArray call = new JsonArray()
                .add(new JsonObject()
                        .put("address", "polywire.mongodb")
                        .put("actions", new JsonArray().add("command")));
        return configuration(new JsonObject()
                        .put("type", "mongodb")
                        .put("port", port)
                        .put("heartbeatMillis", 0))
                .put("bridge", new JsonObject().put("port", 0).put("call", call));
    }

    private void hold(ScriptedPeer peer, MongoServerMachine.Request request) {
        held.add(() -> peer.reply(request, OK));
    }

    private static JsonObject configuration(JsonObject connector) {
        return new JsonObject().put("connectors", new JsonArray().add(connector));
    }

    private JsonObject status(String address) {
        return Outcome.value(MongoService.proxy(vertx, address).status());
    }

    private static boolean isClosed(int port) {
        try (FramedPeer client = FramedPeer.connect(port)) {
            return false;
        } catch (UncheckedIOException refused) {
            return true;
        }
    }
}
