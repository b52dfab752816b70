package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.polywire.examples.Readme;
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
        int[] ports = ProgramProcess.freePorts(3);
        try (ProgramProcess program = ProgramProcess.start(ProgramProcess.embedded(directory, ports))) {
            List<String> printed = program.await("Polywire is up.");
            assertTrue(
                    printed.stream().anyMatch(line -> line.startsWith("mongodb  mongodb   polywire.mongodb")),
                    printed::toString);

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
                "{\"connectors\": [{\"type\": \"mongo\"}]} | connectors[0].type: unknown",
                "{\"connectors\": [{\"type\": \"mongodb\", \"port\": 1, \"prot\": 2}]} | connectors[0].prot: unknown field",
                "{\"connectors\": [{\"type\": \"mongodb\", \"port\": \"x\"}]} | connectors[0].port: a string (expected: 0 to 65535)",
                "{\"embedded\": [{\"type\": \"mongodb\", \"port\": 0}]} | embedded[0].port: 0 (expected: 1 to 65535)",
                "{\"bridge\": {\"port\": 0, \"alow\": []}} | bridge.alow: unknown field",
                "{\"connectors\": [] | json: malformed",
            })
    void saysWhatIsWrongWithAConfiguration(String json, String complaint) throws Exception {
        Path file = Files.writeString(directory.resolve("bad.json"), json);
        try (ProgramProcess program = ProgramProcess.start(file)) {
            List<String> printed = program.await(file.toString());
            assertEquals(2, program.exit());
            assertTrue(printed.get(printed.size() - 1).startsWith(file + ": " + complaint), printed::toString);
        }
    }
}
