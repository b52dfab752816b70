package dev.polywire.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.polywire.core.json.TypedValues;
import dev.polywire.examples.Readme;
import dev.polywire.framed.service.FramedServerVerticle;
import dev.polywire.framed.service.FramedService;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Ports;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The line of each language that reads bytes, which stands in each page with bytes. */
class BytesTest {

    private static final String JAVA = "Base64.getDecoder().decode(text)";
    private static final String PYTHON = "base64.b64decode(text)";
    private static final String JAVASCRIPT = "Buffer.from(text, \"base64\")";

    /** Every byte, and so every digit of base64. */
    private static final byte[] BYTES = bytes();

    private static byte[] bytes() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7);
        }
        return bytes;
    }

    @Test
    void eachPageHasThem() {
        for (String page : List.of("docs/amqp.md", "docs/bolt.md", "docs/bridge.md", "docs/framed.md")) {
            String text = String.join("\n", Readme.lines(page));
            for (String line : List.of(JAVA, PYTHON, JAVASCRIPT)) {
                assertTrue(text.contains('`' + line + '`'), page + ": " + line);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "python3 | -c | import base64; text = '%s'; print(LINE.hex())",
                "node    | -e | const text = '%s'; console.log(LINE.toString('hex'))",
            })
    void ofOtherLanguages(String language, String option, String program) throws Exception {
        assumeTrue(isInstalled(language), language + " is not installed");
        String line = language.equals("node") ? JAVASCRIPT : PYTHON;
        String script = program.replace("LINE", line).formatted(TypedValues.text(BYTES));
        try (ProgramProcess process = ProgramProcess.of(Path.of(""), Map.of(), List.of(language, option, script))) {
            assertEquals(List.of(HexFormat.of().formatHex(BYTES)), process.rest());
            assertEquals(0, process.exit());
        }
    }

    /** As {@link #JAVA} says. */
    @Test
    void ofJava() {
        String text = TypedValues.text(BYTES);
        assertArrayEquals(BYTES, Base64.getDecoder().decode(text));
    }

    /** Which is why the page warns of it; when this fails, the sentence can go. */
    @Test
    void notAsVertxReadsThem() {
        JsonObject json = new JsonObject().put("text", TypedValues.text(BYTES));
        assertThrows(IllegalArgumentException.class, () -> json.getBinary("text"));
    }

    /** Its own alphabet, which {@code put} writes, and bytes themselves, as they stand in an object on the bus of one node. */
    @Test
    void asVertxWritesThem() {
        Vertx vertx = Vertx.vertx();
        try {
            int port = Ports.free();
            JsonObject config =
                    new JsonObject().put("port", port).put("codec", "raw").put("address", "polywire.framed");
            Outcome.value(vertx.deployVerticle(new FramedServerVerticle(), new DeploymentOptions().setConfig(config)));
            FramedService framed = FramedService.proxy(vertx, "polywire.framed");
            try (FramedPeer peer = FramedPeer.connect(port)) {
                await().until(() -> Outcome.value(framed.connections()).size() == 1);
                JsonObject message = new JsonObject().put("connection", "1").put("bytes", Buffer.buffer(BYTES));
                Outcome.value(framed.send(message));
                assertArrayEquals(BYTES, peer.read().getBytes());
                Outcome.value(framed.send(new JsonObject(message.encode())));
                assertArrayEquals(BYTES, peer.read().getBytes());
            }
        } finally {
            Outcome.value(vertx.close());
        }
    }

    private static boolean isInstalled(String language) throws InterruptedException {
        try {
            return new ProcessBuilder(language, "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
