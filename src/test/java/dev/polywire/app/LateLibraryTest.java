package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the embedded EventStore server needs for its first client does not delay the start: it would take longer than all the rest. */
@Timeout(60)
class LateLibraryTest {

    @TempDir
    Path directory;

    @Test
    void protobufIsLoadedWithTheFirstClient() throws Exception {
        Path loaded = directory.resolve("loaded.txt");
        Path configuration = Files.writeString(
                directory.resolve("embedded.json"),
                "{\"embedded\": [{\"type\": \"eventstore\", \"port\": " + Ports.free() + "}]}");
        try (ProgramProcess program = ProgramProcess.java(
                Map.of(),
                "-Xlog:class+load:file=" + loaded,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--conf",
                configuration.toString())) {
            program.await("Polywire is up.");
            List<String> classes = Files.readAllLines(loaded);
            assertTrue(classes.stream().anyMatch(line -> line.contains(" dev.polywire.eventstore.server.")));
            assertEquals(
                    List.of(),
                    classes.stream()
                            .filter(line -> line.contains(" com.google.")
                                    || line.contains(" dev.polywire.eventstore.wire.TcpCommand "))
                            .toList());
        }
    }
}
