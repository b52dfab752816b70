package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.app.FaultyProgram.Fault;
import dev.polywire.app.cli.ExitCode;
import dev.polywire.examples.Readme;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** How the program ends when it cannot go on; each time in a JVM of its own. */
@Timeout(60)
class EndingTest {

    private static final long TICK_MILLIS = 1_000;
    private static final String OUT_OF_MEMORY = "out of memory: the process ends with exit code 50";
    private static final Pattern HELD =
            Pattern.compile("held just before: heap \\d+ of \\d+ MiB; memory: \\d+ of \\d+ bytes are held");

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ALL, names = "HEAP_.*")
    void whenItsHeapIsFullItSaysSoAndEnds(Fault fault) throws Exception {
        try (ProgramProcess program = program(TICK_MILLIS)) {
            program.await("Polywire is up.");
            program.say(fault.name());
            assertEquals(ExitCode.CANNOT_WORK, program.exit());
            List<String> printed = program.rest();
            assertTrue(printed.contains(OUT_OF_MEMORY), printed::toString);
            // Lines of other threads may be between them.
            assertTrue(printed.stream().anyMatch(HELD.asMatchPredicate()), printed::toString);
        }
    }

    @Test
    void asThePageShowsIt() {
        List<String> shown = Readme.block("docs/commands.md", "output: out of memory");
        assertEquals(OUT_OF_MEMORY, shown.get(0));
        assertTrue(HELD.matcher(shown.get(1)).matches(), shown::toString);
    }

    @Test
    void whenItsHeapIsFullItEndsEvenIfNobodyReadsWhatItSays() throws Exception {
        try (ProgramProcess program = program(TICK_MILLIS)) {
            program.await("Polywire is up.");
            program.say(Fault.OUTPUT_BLOCKED.name());
            program.await("a line that nobody reads");
            program.say(Fault.HEAP_ON_A_LOOP.name());
            assertEquals(ExitCode.CANNOT_WORK, program.exit());
        }
    }

    @Test
    void withoutDirectMemoryOnlyTheConnectionThatAskedForItEnds() throws Exception {
        try (ProgramProcess program = program(TICK_MILLIS)) {
            program.await("Polywire is up.");
            program.say(Fault.DIRECT_IN_A_CONNECTION.name());
            program.await("connection ended");
            program.terminate();
            program.await("stopped");
            assertEquals(128 + 15, program.exit());
        }
    }

    @Test
    void whenAnEventLoopIsSilentItNamesItAndEnds() throws Exception {
        // So that a busy machine does not keep its loops silent for so long before the fault does.
        try (ProgramProcess program = program(TICK_MILLIS / 10)) {
            program.await("Polywire is up.");
            program.say(Fault.ONE_LOOP_BLOCKED.name());
            assertEquals(ExitCode.CANNOT_WORK, program.exit());
            List<String> printed = program.rest();
            String last = printed.get(printed.size() - 1);
            assertTrue(last.startsWith("silent: vert.x-eventloop-thread-"), printed::toString);
            assertEquals(
                    "an event loop did nothing for 30 s: the process ends with exit code 50",
                    printed.get(printed.size() - 3));
        }
    }

    @Test
    void onASignalItEndsInItsTimeWhateverItsLoopsDo() throws Exception {
        try (ProgramProcess program = program(TICK_MILLIS)) {
            program.await("Polywire is up.");
            program.say(Fault.ALL_LOOPS_BLOCKED.name());
            program.terminate();
            assertEquals(ExitCode.NOT_STOPPED, program.exit());
            List<String> printed = program.rest();
            assertEquals("not stopped: bridge, server", printed.get(printed.size() - 1));
            assertEquals("did not stop in time: the process ends with exit code 51", printed.get(printed.size() - 3));
        }
    }

    @Test
    void onASignalWhileItStartsItStopsWhatHasStarted() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ProgramProcess program = start(TICK_MILLIS, connector("server"), awaited(silent))) {
            silent.accept().close();
            program.terminate();
            assertEquals(128 + 15, program.exit());
        }
    }

    @Test
    void onASignalWhileItStartsItEndsInItsTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ProgramProcess program = start(TICK_MILLIS, connector("server"), awaited(silent))) {
            silent.accept();
            program.terminate();
            assertEquals(ExitCode.NOT_STOPPED, program.exit());
            assertEquals(
                    "not stopped: the start", program.rest().get(program.rest().size() - 1));
        }
    }

    private ProgramProcess program(long tickMillis) throws IOException {
        return start(tickMillis, connector("server"));
    }

    private ProgramProcess start(long tickMillis, JsonObject... connectors) throws IOException {
        JsonObject configuration = new JsonObject()
                .put("connectors", new JsonArray(List.of(connectors)))
                .put("bridge", new JsonObject().put("port", 0).put("drainMillis", 0));
        Path file = Files.writeString(directory.resolve("ending.json"), configuration.encode());
        return ProgramProcess.java(
                Map.of(),
                "-Xmx64m",
                "-XX:MaxDirectMemorySize=32m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                FaultyProgram.class.getName(),
                file.toString(),
                Long.toString(tickMillis));
    }

    private static JsonObject connector(String name) {
        return new JsonObject()
                .put("type", "framed-server")
                .put("name", name)
                .put("host", "127.0.0.1")
                .put("port", 0)
                .put("codec", "utf8")
                .put("drainMillis", 0);
    }

    /** A connector whose start waits for the answer of a peer. */
    private static JsonObject awaited(ServerSocket peer) {
        return new JsonObject()
                .put("type", "mongodb")
                .put("host", "127.0.0.1")
                .put("port", peer.getLocalPort())
                .put("connectTimeoutMillis", 60_000)
                .put("failFast", true)
                .put("drainMillis", 0);
    }
}
