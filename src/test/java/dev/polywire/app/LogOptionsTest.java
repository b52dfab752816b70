package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.FieldException;
import dev.polywire.examples.Readme;
import dev.polywire.testing.Ports;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogOptionsTest {

    private static final String DOWN = "f (127.0.0.1:%d) is connecting: ";

    @TempDir
    Path directory;

    private final int port = Ports.free();

    @Test
    void linesHaveTheirDate() throws Exception {
        assertTrue(line("", DOWN).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d WARNING f \\(.*"));
    }

    /** The same time, level, logger and words; only the port is another. */
    @Test
    void asThePageShowsThem() throws Exception {
        List<String> shown = Readme.block("docs/commands.md", "output: the log");
        String said = line("", DOWN).replaceFirst("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "2026-11-30 16:00:00");
        assertEquals(shown.get(0), said.replace(Integer.toString(port), "7117"));
        JsonObject json = new JsonObject(line("log: {format: json}\n", DOWN));
        JsonObject shownJson = new JsonObject(shown.get(1));
        assertEquals(shownJson.fieldNames(), json.fieldNames());
        assertEquals(shown.get(0).substring("2026-11-30 16:00:00 WARNING ".length()), shownJson.getString("message"));
    }

    @Test
    void jsonLines() throws Exception {
        JsonObject line = new JsonObject(line("log: {format: json}\n", DOWN));
        assertEquals("WARNING", line.getString("level"));
        assertEquals("dev.polywire", line.getString("logger"));
        assertTrue(line.getString("message").startsWith(DOWN.formatted(port)), line::encode);
        assertTrue(Instant.parse(line.getString("time")).isAfter(Instant.EPOCH));
    }

    @Test
    void aLevelOfTheCommandLineIsInPlaceOfTheConfigurations() throws Exception {
        List<String> printed = printed("log: {level: debug}\n", "--log-level", "warning");
        assertFalse(printed.stream().anyMatch(line -> line.contains(" INFO ")), printed::toString);
        assertTrue(printed.stream().anyMatch(line -> line.contains(" WARNING f (")), printed::toString);
    }

    @Test
    void aLevelThatIsNone() throws Exception {
        try (ProgramProcess program = ProgramProcess.start(file(""), Map.of(), "--log-level", "loud")) {
            assertEquals(
                    List.of("--log-level: loud (expected: one of [error, warning, info, debug, trace])"),
                    program.rest());
            assertEquals(2, program.exit());
        }
        assertThrows(FieldException.class, () -> LogOptions.USUAL.at("loud"));
        assertEquals("trace", LogOptions.USUAL.at("TRACE").level());
    }

    /** A line has no other ends than its own, whatever the message holds. */
    @Test
    void aStackTraceIsOneLine() {
        LogRecord event = new LogRecord(Level.SEVERE, "two\nlines");
        event.setThrown(new IllegalStateException("here"));
        String line = new JsonLines().format(event);
        assertEquals(line.length() - 1, line.indexOf('\n'));
        JsonObject json = new JsonObject(line);
        assertEquals("two\nlines", json.getString("message"));
        assertTrue(json.getString("thrown").startsWith("java.lang.IllegalStateException: here"), line);
    }

    private Path file(String log) throws IOException {
        return Files.writeString(
                directory.resolve("f.yaml"),
                log + "connectors: [{type: framed-client, name: f, port: " + port + ", codec: utf8}]\n");
    }

    private String line(String log, String wanted) throws Exception {
        List<String> printed = printed(log);
        return printed.stream()
                .filter(line -> line.contains(wanted.formatted(port)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(printed));
    }

    /** All lines of a program that has said, in its log, that the connector is down: the log waits for nobody. */
    private List<String> printed(String log, String... more) throws Exception {
        try (ProgramProcess program = ProgramProcess.start(file(log), Map.of(), more)) {
            program.awaitLineWith(DOWN.formatted(port));
            program.terminate();
            return program.rest();
        }
    }
}
