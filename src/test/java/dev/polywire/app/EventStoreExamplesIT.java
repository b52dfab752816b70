package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.polywire.core.bus.Polywire;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.service.EventStoreService;
import dev.polywire.eventstore.service.EventStoreVerticle;
import dev.polywire.examples.Readme;
import dev.polywire.examples.eventstore.Ponies;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/eventstore.md: the walk in both languages, and a projection that is killed again and again. */
@Timeout(300)
class EventStoreExamplesIT {

    private static final String WALK = "output: examples/python/eventstore_ponies.py";
    private static final int JUMPS = 3_000;
    private static final int KILLS = 6;

    private final LocalEventStore store = LocalEventStore.start();
    private final Vertx vertx = Polywire.install(Vertx.vertx());

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        store.close();
    }

    @Test
    void theWalkInJava() {
        deploy();
        List<String> printed = new CopyOnWriteArrayList<>();
        Outcome.value(vertx.deployVerticle(new Ponies(printed::add)));
        assertEquals(page(), printed);
        Outcome.value(vertx.deployVerticle(new Ponies(printed::add)));
        assertEquals(page(), printed.subList(printed.size() / 2, printed.size()), "a second time");
    }

    @Test
    void theWalkInPython() throws Exception {
        assumeTrue(Python.isInstalled(), "python3 is not installed");
        int port = ProgramProcess.freePorts(1)[0];
        try (ProgramProcess program = program(port)) {
            assertEquals(page(), Python.run("eventstore_ponies.py", Integer.toString(port)));
            assertEquals(page(), Python.run("eventstore_ponies.py", Integer.toString(port)), "a second time");
            program.terminate();
        }
    }

    /** Each event is counted once, wherever the projection dies. */
    @Test
    void aProjectionThatIsKilled() throws Exception {
        assumeTrue(Python.isInstalled(), "python3 is not installed");
        EventStoreService service = deploy();
        Random random = new Random(21);
        Path kept = directory.resolve("kept.json");
        int port = ProgramProcess.freePorts(1)[0];
        try (ProgramProcess program = program(port)) {
            for (int kill = 0; kill < KILLS; kill++) {
                Process projection = projection(kept, port);
                append(service, JUMPS / KILLS);
                int enough = (JUMPS / KILLS) * kill + random.nextInt(JUMPS / KILLS);
                Awaitility.await().until(() -> counted(kept) >= enough);
                projection.destroyForcibly().waitFor();
            }
            Process projection = projection(kept, port);
            Awaitility.await().until(() -> counted(kept) >= JUMPS);
            projection.destroyForcibly().waitFor();
            program.terminate();
        }
        JsonObject whole = new JsonObject(Files.readString(kept));
        assertEquals(JUMPS, counted(kept));
        assertEquals(JUMPS, whole.getJsonObject("resume").getInteger("nextEventNumber"));
        assertTrue(whole.getJsonObject("jumps").size() > 1, whole::encode);
    }

    private static List<String> page() {
        return Readme.block("docs/eventstore.md", WALK);
    }

    private EventStoreService deploy() {
        JsonObject config = new JsonObject().put("host", "127.0.0.1").put("port", store.port());
        Outcome.value(vertx.deployVerticle(new EventStoreVerticle(), new DeploymentOptions().setConfig(config)));
        return EventStoreService.proxy(vertx, "polywire.eventstore");
    }

    private ProgramProcess program(int port) throws Exception {
        Path file = Files.writeString(directory.resolve("eventstore.yaml"), """
                connectors:
                  - {type: eventstore, port: %d}
                bridge:
                  port: %d
                  call: [{address: polywire.eventstore, actions: "*"}]
                """.formatted(store.port(), port));
        ProgramProcess program = ProgramProcess.start(file);
        program.awaitReady("eventstore");
        return program;
    }

    private static Process projection(Path kept, int port) throws Exception {
        return new ProcessBuilder(
                        "python3",
                        Path.of(System.getProperty("polywire.basedir", "."), "examples/python/eventstore_projection.py")
                                .toString(),
                        kept.toString(),
                        "jumps",
                        Integer.toString(port))
                .inheritIO()
                .start();
    }

    private static void append(EventStoreService service, int count) {
        for (int done = 0; done < count; done += 50) {
            List<JsonObject> jumps = IntStream.range(done, Math.min(count, done + 50))
                    .mapToObj(i -> new JsonObject()
                            .put("eventType", "PonyJumped")
                            .put("json", new JsonObject().put("Pony", "Pony " + i % 7)))
                    .toList();
            Outcome.value(service.append("jumps", -2, jumps, null));
        }
    }

    /** The file is replaced as a whole, so it is good whenever it is there. */
    private static int counted(Path kept) throws Exception {
        return Files.exists(kept)
                ? new JsonObject(Files.readString(kept))
                        .getJsonObject("jumps").stream()
                                .mapToInt(pony -> (Integer) pony.getValue())
                                .sum()
                : 0;
    }
}
