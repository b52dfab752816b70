package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Canary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process whose files change, with secrets in all of them. */
@Timeout(120)
class WatchTest {

    /** Each in another place; none may be printed, whatever happens. */
    private static final String CANARY = Canary.SONG + "-";

    @TempDir
    Path directory;

    private final int[] ports = ProgramProcess.freePorts(2);

    @Test
    void aChangedFileIsUsedABrokenOneIsRefusedAndNothingTellsASecret() throws Exception {
        write("secret", CANARY + "file\n");
        Path file = write("conf.yaml", text("pipeline: 8"));
        Map<String, String> environment = Map.of(
                "NAME",
                CANARY + "name",
                "POLYWIRE__CONNECTORS__0__APPLICATION_NAME",
                "of the environment",
                "UNUSED",
                CANARY + "unused");
        try (ProgramProcess program = ProgramProcess.start(file, environment)) {
            program.await("Polywire is up.");

            write("conf.yaml", text("pasword: " + CANARY + "mistyped"));
            program.awaitLineWith("configuration refused");
            program.awaitLineWith(file + ":6: connectors[0].pasword: unknown field");

            write("conf.yaml", text("pipeline: " + CANARY + "wrong: *" + CANARY));
            program.awaitLineWith("configuration refused");
            program.awaitLineWith(file + ":6: malformed");

            write("conf.yaml", text("pipeline: 9"));
            program.awaitLineWith("configuration changed: ***");

            write("conf.yaml", text("pipeline: {file: " + directory.resolve("later") + "}"));
            program.awaitLineWith("configuration refused");
            program.awaitLineWith("connectors[0].pipeline: the file cannot be read");
            write("later", "10");
            program.awaitLineWith("configuration changed: ***");

            write("secret", CANARY + "another\n");
            program.awaitLineWith("configuration changed: framed");

            program.terminate();
            program.await("stopped");
            assertEquals(128 + 15, program.exit());
            List<String> printed = program.rest();
            assertTrue(printed.stream().noneMatch(line -> line.contains(CANARY)), printed::toString);
            assertTrue(printed.stream().anyMatch(line -> line.startsWith("***")), "the name in the table: " + printed);
            assertEquals(
                    1,
                    printed.stream()
                            .filter(line -> line.contains("has no room"))
                            .count(),
                    () -> "a warning once: " + printed);
        }
    }

    @Test
    void aConfigurationThatIsBadFromTheStartTellsNoSecret() throws Exception {
        Path file = write(
                "conf.yaml",
                "connectors:\n  - {type: mongodb, port: {env: NAME}, password: " + CANARY + "plain}\n"
                        + "bridge: {port: 7000, host: {env: NAME}, tokn: " + CANARY + "}");
        try (ProgramProcess program = ProgramProcess.start(file, Map.of("NAME", CANARY + "name"))) {
            List<String> printed = program.rest();
            assertEquals(2, program.exit());
            assertTrue(printed.stream().noneMatch(line -> line.contains(CANARY)), printed::toString);
            assertTrue(
                    printed.contains(file + ":2: connectors[0].port: *** (expected: 0 to 65535)"), printed::toString);
        }
    }

    private String text(String more) {
        return """
                scanMillis: 100
                embedded:
                  - {type: mongodb, port: %d}
                  - {type: framed-echo, port: %d}
                connectors:
                  - {type: mongodb, name: {env: NAME}, port: %d, %s}
                  - {type: framed-client, name: framed, port: %d, address: {file: %s}}
                memory: {maxBytes: 1048576}
                """.formatted(ports[0], ports[1], ports[0], more, ports[1], directory.resolve("secret"));
    }

    /** At once, as an editor or a deployment does. */
    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Path written = Files.writeString(directory.resolve(name + ".new"), text);
        return Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
