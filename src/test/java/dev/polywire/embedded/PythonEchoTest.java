package dev.polywire.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.polywire.framed.service.FramedClientVerticle;
import dev.polywire.framed.service.FramedService;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Python at the other end, with nothing but its standard library. */
class PythonEchoTest {

    private static final List<String> TEXTS = List.of("hi", "", "häß☃ 😀", "x".repeat(100_000));

    private final Vertx vertx = Vertx.vertx();

    @BeforeAll
    static void needsPython() throws InterruptedException {
        boolean there;
        try {
            there = new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            there = false;
        }
        assumeTrue(there, "python3 is not installed");
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void aPythonClientOfOurServer() throws Exception {
        int port = Ports.free();
        Outcome.value(EmbeddedServers.start(vertx, new EmbeddedOptions(EmbeddedOptions.Type.FRAMED_ECHO, port)));
        // Arguments of a process are no place for more than ASCII: their encoding is the system's.
        List<String> texts = TEXTS.stream()
                .filter(text -> text.chars().allMatch(c -> c < 128))
                .toList();
        List<String> arguments = new ArrayList<>(List.of("talk", Integer.toString(port)));
        arguments.addAll(texts);
        Process talk = python(arguments);
        List<String> printed = talk.inputReader().lines().toList();
        assertEquals(0, talk.waitFor(), printed::toString);
        assertEquals(texts.stream().map(text -> "server replied: " + text).toList(), printed);
    }

    @Test
    void ourClientOfAPythonServer() throws Exception {
        Process server = python(List.of("serve", "0"));
        try (BufferedReader printed = server.inputReader()) {
            int port = Integer.parseInt(printed.readLine());
            JsonObject config = new JsonObject().put("port", port).put("codec", "utf8");
            Outcome.value(vertx.deployVerticle(new FramedClientVerticle(), new DeploymentOptions().setConfig(config)));
            FramedService framed = FramedService.proxy(vertx, "polywire.framed");
            try (Items items = new Items(vertx, Outcome.value(framed.open()))) {
                TEXTS.forEach(text -> framed.send(new JsonObject().put("text", text)));
                for (String text : TEXTS) {
                    assertEquals("server replied: " + text, items.next().getString("text"));
                }
            }
        } finally {
            server.destroy();
            server.waitFor(60, TimeUnit.SECONDS);
        }
    }

    private static Process python(List<String> arguments) throws IOException {
        Path script = Path.of(System.getProperty("polywire.basedir", "."), "examples", "python", "framed_echo.py");
        List<String> command = new ArrayList<>(List.of("python3", script.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHONUTF8", "1");
        return builder.start();
    }
}
