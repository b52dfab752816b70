package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.polywire.examples.Readme;
import dev.polywire.testing.FramedPeer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class ProgramTest {

    @TempDir
    Path directory;

    @Test
    void startsServesTheQuickstartAndStopsInOrder() throws Exception {
        assumeTrue(Python.isInstalled(), "python3 is not installed");
        int[] ports = ProgramProcess.freePorts(4);
        try (ProgramProcess program = ProgramProcess.start(ProgramProcess.embedded(directory, ports))) {
            List<String> printed = program.awaitReady("bolt");
            for (String row : List.of(
                    "mongodb     mongodb     polywire.mongodb",
                    "bolt        bolt        polywire.bolt        bolt://127.0.0.1:" + ports[3] + "  ")) {
                assertTrue(printed.stream().anyMatch(line -> line.startsWith(row)), printed::toString);
            }

            List<String> expected = Readme.block("output: examples/python/quickstart.py");
            assertEquals(expected, Python.run("quickstart.py", Integer.toString(ports[2])));
            assertEquals(expected, Python.run("quickstart.py", Integer.toString(ports[2])), "a second time");

            program.terminate();
            program.await("stopped");
            assertEquals(128 + 15, program.exit());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"conectors\": []} | conectors: unknown field",
                "{\"connectors\": [{\"type\": \"mongodb\", \"port\": 1, \"prot\": 2}]} | connectors[0].prot: unknown field",
                "{\"bridge\": {\"port\": 0, \"alow\": []}} | bridge.alow: unknown field",
                "{\"connectors\": [] | malformed",
            })
    void saysWhatIsWrongWithAConfiguration(String json, String complaint) throws Exception {
        Path file = Files.writeString(directory.resolve("bad.json"), json);
        try (ProgramProcess program = ProgramProcess.start(file)) {
            List<String> printed = program.await(file.toString());
            assertEquals(2, program.exit());
            assertTrue(printed.get(printed.size() - 1).startsWith(file + ":1: " + complaint), printed::toString);
        }
    }

    /** One bad line is one round of mending; the process tells all of them at once. */
    @Test
    void saysAllThatIsWrong() throws Exception {
        Path file = Files.writeString(
                directory.resolve("bad.yaml"),
                "scanMilis: 1\nconnectors:\n  - type: mongo\n  - {type: mongodb, port: x}\n");
        try (ProgramProcess program = ProgramProcess.start(file)) {
            List<String> printed = program.rest();
            assertEquals(2, program.exit());
            assertEquals(
                    3,
                    printed.stream()
                            .filter(line -> line.startsWith(file.toString()))
                            .count(),
                    printed::toString);
        }
    }

    @Test
    void answersWhoWaitsWhenItIsToldToStop() throws Exception {
        int[] ports = ProgramProcess.freePorts(4);
        try (ProgramProcess program = ProgramProcess.start(ProgramProcess.embedded(directory, ports))) {
            program.await("Polywire is up.");
            try (FramedPeer client = FramedPeer.connect(ports[2])) {
                JsonObject handle = new JsonObject(ask(client, "polywire.framed", "open", new JsonObject())
                                .text())
                        .getJsonObject("body");
                JsonObject next = new JsonObject()
                        .put("id", handle.getString("id"))
                        .put("batch", 1)
                        .put("max", 1)
                        .put("waitMillis", 500);
                // In one piece, so that the ping is not read after that time.
                client.send(request(handle.getString("address"), "next", next), "{\"type\":\"ping\"}");
                assertEquals("{\"type\":\"pong\"}", client.text(), "the frame before it has been read");
                program.terminate();
                JsonObject end = new JsonObject(client.text());
                assertEquals(1, end.getJsonObject("body").getInteger("batch"), end::encode);
            }
            program.await("stopped");
        }
    }

    private static FramedPeer ask(FramedPeer client, String address, String action, JsonObject body) {
        return client.send(request(address, action, body));
    }

    private static String request(String address, String action, JsonObject body) {
        return new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("replyAddress", action)
                .put("headers", new JsonObject().put("action", action))
                .put("body", body)
                .encode();
    }
}
