package dev.polywire.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.net.MemoryOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program becomes what another configuration says, and whoever asks it meanwhile gets an answer. */
@Timeout(120)
class ReloadTest {

    private static final int LOAD = 64;
    private static final int ROUNDS = 8;

    @TempDir
    Path directory;

    private final int[] ports = ProgramProcess.freePorts(4);
    private LoggedTraces log;
    private Vertx vertx;
    private Written written;
    private Program program;

    @BeforeEach
    void open() {
        log = new LoggedTraces();
        vertx = Polywire.install(Vertx.vertx());
        written = new Written(vertx, directory);
    }

    @AfterEach
    void close() {
        Outcome.value(program.stop());
        assertTrue(Polywire.drainMillis(vertx, 600_000) <= 10_000, "the longest of its drainMillis, for all together");
        assertTrue(vertx.deploymentIDs().isEmpty());
        Outcome.value(vertx.close());
        log.close();
    }

    @Test
    void noRequestIsLostWhileConnectorsAreReplaced() {
        start(mongodb(""), client("name: other"), client("name: steady"));
        String steady = instance("polywire.steady");
        Load load = new Load();
        for (String address : new String[] {"polywire.mongodb", "polywire.other", "polywire.steady"}) {
            for (int i = 0; i < LOAD; i++) {
                load.next(address);
            }
        }
        for (int round = 1; round <= ROUNDS; round++) {
            String before = instance("polywire.mongodb");
            long answered = load.answered.sum();
            reload(
                    mongodb("pipeline: " + round),
                    client("name: other, maxRequests: " + (1000 + round)),
                    client("name: steady"));
            assertNotEquals(before, instance("polywire.mongodb"));
            await().until(() -> load.answered.sum() > answered + LOAD);
        }
        load.end();
        assertEquals(
                load.sent.sum(),
                load.answered.sum()
                        + load.failures.values().stream()
                                .mapToInt(AtomicInteger::get)
                                .sum());
        assertTrue(
                Set.of("SHUTTING_DOWN", "UNAVAILABLE").containsAll(load.failures.keySet()),
                () -> "retryable failures only: " + load.failures);
        assertEquals(steady, instance("polywire.steady"), "what did not change is not touched");
    }

    @Test
    void aHandleOfWhatLeavesEndsTyped() {
        start(client("name: framed"));
        JsonObject handle = Outcome.value(ask("polywire.framed", "open", new JsonObject()));
        Future<JsonObject> waiting = ask(
                handle.getString("address"),
                "next",
                new JsonObject()
                        .put("id", handle.getString("id"))
                        .put("batch", 1)
                        .put("max", 10)
                        .put("waitMillis", 10_000));
        Outcome.value(ask("polywire.framed", "ping", new JsonObject()));
        reload(client("name: framed, leaseMillis: 5000"));
        assertEquals("SHUTTING_DOWN", name(Outcome.failure(waiting)));
        assertEquals(
                5000,
                Outcome.value(ask("polywire.framed", "open", new JsonObject())).getInteger("leaseMillis"));
    }

    @Test
    void whatIsNewStartsAndWhatIsGoneLeaves() {
        start(client("name: a"), client("name: b"));
        reload(client("name: b"), client("name: c"), "- {type: framed-server, port: " + ports[2] + "}");
        assertEquals("UNAVAILABLE", name(Outcome.failure(ask("polywire.a", "status", new JsonObject()))));
        for (String there : new String[] {"polywire.b", "polywire.c", "polywire.framed-server"}) {
            assertEquals(
                    there, Outcome.value(ask(there, "status", new JsonObject())).getString("address"));
        }
    }

    @Test
    void aServerGivesItsPortToItsSuccessor() {
        start(server(2, ""));
        try (FramedPeer client = FramedPeer.connect(ports[2])) {
            await().until(() -> connections() == 1);
            reload(server(2, "codec: utf8"));
            assertEquals(0, client.readToEnd());
        }
        try (FramedPeer client = FramedPeer.connect(ports[2])) {
            await().until(() -> connections() == 1);
            Outcome.value(ask(
                    "polywire.framed-server",
                    "send",
                    new JsonObject()
                            .put(
                                    "message",
                                    new JsonObject().put("connection", "1").put("text", "new"))));
            assertEquals("new", client.text());
        }
    }

    @Test
    void twoServersSwapTheirPorts() {
        start(server(2, "name: a"), server(3, "name: b"));
        reload(server(3, "name: a"), server(2, "name: b"));
        assertEquals("127.0.0.1:" + ports[3], status("polywire.a").getString("target"));
        assertEquals("127.0.0.1:" + ports[2], status("polywire.b").getString("target"));
        for (int port : new int[] {ports[2], ports[3]}) {
            FramedPeer.connect(port).close();
        }
    }

    @Test
    void whatCannotStartLeavesTheOldOneInPlace() {
        start(new FreedPort(vertx, 2), server(2, "name: a"), client("name: b"));
        String before = instance("polywire.b");
        try (FramedPeer.Door taken = new FramedPeer.Door()) {
            apply(text(
                    "- {type: framed-server, name: a, port: " + taken.port() + "}",
                    client("name: b, failFast: true, port: 1")));
        }
        assertEquals(2, log.errors().size(), () -> "errors: " + log.errors());
        assertEquals("127.0.0.1:" + ports[2], status("polywire.a").getString("target"));
        assertEquals(before, instance("polywire.b"));
        apply(text(server(3, "name: a"), client("name: b, failFast: true")));
        assertEquals(2, log.errors().size(), () -> "errors: " + log.errors());
        assertEquals("127.0.0.1:" + ports[3], status("polywire.a").getString("target"));
        assertNotEquals(before, instance("polywire.b"));
    }

    @Test
    void theBridgeBecomesAnother() {
        start(client("name: framed"));
        apply(text(client("name: framed")) + bridge("ping"));
        try (FramedPeer peer = FramedPeer.connect(ports[3])) {
            assertEquals("err", reply(peer).getString("type"));
        }
        apply(text(client("name: framed")) + bridge("status"));
        try (FramedPeer peer = FramedPeer.connect(ports[3])) {
            assertEquals("message", reply(peer).getString("type"));
            apply(text(client("name: framed")));
            assertEquals(0, peer.readToEnd());
        }
    }

    @Test
    void theLimitOfMemoryChangesAndNothingElseDoes() {
        start(client("name: framed"));
        String before = instance("polywire.framed");
        assertEquals(MemoryOptions.DEFAULT.maxBytes(), maxBytes());
        apply("memory: {maxBytes: 2097152}\n" + text(client("name: framed")));
        assertEquals(2_097_152, maxBytes());
        apply("memory: {maxBytes: 4194304}\n" + text(client("name: framed")));
        assertEquals(4_194_304, maxBytes());
        apply(text(client("name: framed")));
        assertEquals(MemoryOptions.DEFAULT.maxBytes(), maxBytes());
        assertEquals(before, instance("polywire.framed"));
    }

    @Test
    void theLimitOfMemoryHoldsFromTheStart() {
        program = Outcome.value(
                Program.start(vertx, good("memory: {maxBytes: 2097152}\n" + text(client("name: framed")))));
        assertEquals(2_097_152, maxBytes());
    }

    private long maxBytes() {
        return status("polywire.framed").getJsonObject("memory").getLong("maxBytes");
    }

    private JsonObject reply(FramedPeer peer) {
        peer.send(
                "{\"type\":\"send\",\"address\":\"polywire.framed\",\"replyAddress\":\"r\",\"headers\":{\"action\":\"status\"},\"body\":{}}");
        return new JsonObject(peer.text());
    }

    private String bridge(String action) {
        return "bridge: {port: " + ports[3] + ", call: [{address: polywire.framed, actions: [" + action + "]}]}\n";
    }

    private String mongodb(String more) {
        return "- {type: mongodb, port: " + ports[0] + (more.isEmpty() ? "" : ", ") + more + "}";
    }

    private String client(String more) {
        return "- {type: framed-client, codec: utf8, " + (more.contains("port") ? "" : "port: " + ports[1] + ", ")
                + more + "}";
    }

    private String server(int port, String more) {
        return "- {type: framed-server, port: " + ports[port] + (more.isEmpty() ? "" : ", ") + more + "}";
    }

    private String text(String... connectors) {
        return "embedded: [{type: mongodb, port: " + ports[0] + "}, {type: framed-echo, port: " + ports[1]
                + "}]\nconnectors:\n" + String.join("\n", connectors) + "\n";
    }

    private Configuration good(String text) {
        Configuration read = written.yaml(text);
        assertEquals("[]", read.complaints().toString());
        return read;
    }

    private void start(String... connectors) {
        program = Outcome.value(Program.start(vertx, good(text(connectors))));
    }

    private void start(FreedPort freed, String... connectors) {
        program = Outcome.value(Program.start(vertx, good(text(connectors)), freed, Spi.NONE));
    }

    private void reload(String... connectors) {
        apply(text(connectors));
        assertEquals(List.of(), log.errors(), "what could not start");
    }

    private void apply(String text) {
        Outcome.value(program.reload(good(text)));
    }

    private JsonObject status(String address) {
        return Outcome.value(ask(address, "status", new JsonObject()));
    }

    private String instance(String address) {
        return status(address).getString("instance");
    }

    private int connections() {
        return Outcome.value(vertx.eventBus()
                        .<JsonArray>request(
                                "polywire.framed-server",
                                new JsonObject(),
                                new DeliveryOptions().addHeader("action", "connections")))
                .body()
                .size();
    }

    private Future<JsonObject> ask(String address, String action, JsonObject body) {
        return vertx.eventBus()
                .<JsonObject>request(address, body, new DeliveryOptions().addHeader("action", action))
                .map(Message::body);
    }

    private static String name(Throwable failure) {
        return Failure.of(failure).getDebugInfo().getString("name");
    }

    /** Requests, each followed by another when it has its outcome. */
    private final class Load {

        private final LongAdder sent = new LongAdder();
        private final LongAdder answered = new LongAdder();
        private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
        private final AtomicInteger open = new AtomicInteger();
        private volatile boolean ending;

        void next(String address) {
            sent.increment();
            open.incrementAndGet();
            ask(address, "ping", new JsonObject()).onComplete(outcome -> {
                if (outcome.succeeded()) {
                    answered.increment();
                } else {
                    failures.computeIfAbsent(name(outcome.cause()), name -> new AtomicInteger())
                            .incrementAndGet();
                }
                if (!ending) {
                    next(address);
                }
                open.decrementAndGet();
            });
        }

        void end() {
            ending = true;
            await().until(() -> open.get() == 0);
        }
    }
}
