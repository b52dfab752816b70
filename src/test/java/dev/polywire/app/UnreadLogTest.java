package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Canary;
import dev.polywire.testing.FramedPeer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program whose output nobody reads: the pipe takes 64 KiB, the queue some more, and the bridge serves on. */
@Timeout(120)
class UnreadLogTest {

    private static final String TOKEN = Canary.of("somebody");
    /** A line has 50 characters: three times what pipe and queue hold. */
    private static final int WRONG_TOKENS = 10_000;

    @TempDir
    Path directory;

    private final int port = ProgramProcess.freePorts(1)[0];

    @Test
    void aHealthyClientNoticesNothingAndTheLossIsALine() throws Exception {
        try (ProgramProcess program = start();
                FramedPeer healthy = logIn()) {
            wrongTokens(healthy);
            List<String> read = program.awaitLineWith(" log records, because the log was full and nobody read it");
            assertTrue(read.stream().anyMatch(line -> line.contains("wrong token from 127.1.")), read::toString);
            program.terminate();
            program.await("stopped");
            assertEquals(128 + 15, program.exit());
        }
    }

    @Test
    void theProcessEndsAllTheSame() throws Exception {
        try (ProgramProcess program = start();
                FramedPeer healthy = logIn()) {
            wrongTokens(healthy);
            program.terminate();
            assertEquals(128 + 15, program.exit());
        }
    }

    private ProgramProcess start() throws IOException {
        JsonObject client =
                new JsonObject().put("name", "somebody").put("token", TOKEN).put("listen", new JsonArray().add("news"));
        JsonObject bridge = new JsonObject().put("port", port).put("clients", new JsonArray().add(client));
        Path file = Files.writeString(
                directory.resolve("bridge.json"),
                new JsonObject().put("bridge", bridge).encode());
        ProgramProcess program = ProgramProcess.start(file);
        program.await("Polywire is up.");
        return program;
    }

    private FramedPeer logIn() {
        FramedPeer client = FramedPeer.connect(port).send(auth(TOKEN));
        assertEquals("somebody", new JsonObject(client.text()).getString("client"));
        return client;
    }

    /** Each from an address of its own: an address that was wrong ten times is not listened to, and makes no line. */
    private void wrongTokens(FramedPeer healthy) {
        for (int i = 0; i < WRONG_TOKENS; i++) {
            String address = "127.1." + i / 250 + "." + (1 + i % 250);
            try (FramedPeer stranger = FramedPeer.connectFrom(address, port)) {
                stranger.send(auth(Canary.of("nobody")));
            }
            if (i % 100 == 0) {
                assertEquals(
                        "{\"type\":\"pong\"}",
                        healthy.send("{\"type\":\"ping\"}").text());
            }
        }
    }

    private static String auth(String token) {
        return new JsonObject().put("type", "auth").put("token", token).encode();
    }
}
