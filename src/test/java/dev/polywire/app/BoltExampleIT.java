package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.polywire.bolt.service.Neo4jBus;
import dev.polywire.examples.Readme;
import dev.polywire.testing.Neo4j;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration in Python, through a program with a Bolt connector and a bridge. */
@Tag("alone")
@Timeout(300)
class BoltExampleIT {

    @Test
    void saysWhatItsPageSays(@TempDir Path directory) throws Exception {
        assumeTrue(Python.isInstalled(), "python3 is not installed");
        int port = ProgramProcess.freePorts(1)[0];
        Path file = Files.writeString(
                directory.resolve("bolt.yaml"), """
                connectors:
                  - {type: bolt, uri: "bolt://127.0.0.1:%d", user: neo4j, password: {env: NEO4J_PASSWORD}}
                bridge:
                  port: %d
                  call: [{address: polywire.bolt, actions: [run, open, pipeline, ping]}]
                """.formatted(Neo4jBus.neo4j().port(), port));
        try (ProgramProcess program = ProgramProcess.start(file, Map.of("NEO4J_PASSWORD", Neo4j.PASSWORD))) {
            List<String> printed = program.awaitReady("bolt");
            assertTrue(
                    printed.stream()
                            .anyMatch(line -> line.matches("bolt +bolt +polywire\\.bolt +bolt://127\\.0\\.0\\.1:.*")),
                    printed::toString);
            assertEquals(
                    Readme.block("docs/bolt.md", "output: BoltExample.java, bolt_demo.py"),
                    Python.run("bolt_demo.py", Integer.toString(port)));
            program.terminate();
            assertFalse(program.rest().toString().contains("canary"));
        }
    }
}
