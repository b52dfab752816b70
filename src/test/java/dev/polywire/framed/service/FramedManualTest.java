package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Python of docs/framed.md, with the line of each codec. */
class FramedManualTest {

    private static final Pattern PEER = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);
    private static final String PICKLE = "dumps, loads = pickle.dumps, pickle.loads\n";

    private final FramedBus bus = new FramedBus();

    @BeforeAll
    static void needsPython() throws InterruptedException {
        Python.require();
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "raw    | b'hello'           | {\"bytes\":\"aGVsbG8=\"}",
                "utf8   | 'häß'              | {\"text\":\"häß\"}",
                "json   | {'hello': [1, 2]}  | {\"value\":{\"hello\":[1,2]}}",
                "pickle | {'hello': (1, b'')} | {\"value\":{\"hello\":{\"$tuple\":[1,{\"$bytes\":\"\"}]}}}",
            })
    void theLineOfEachCodec(String codec, String message, String onTheBus, @TempDir Path directory) throws Exception {
        String manual = Files.readString(Path.of(System.getProperty("polywire.basedir", "."), "docs", "framed.md"));
        Matcher peer = PEER.matcher(manual);
        Matcher line = Pattern.compile("^\\| `" + codec + "`.*`(dumps, loads = [^`]*)`", Pattern.MULTILINE)
                .matcher(manual);
        assertTrue(peer.find() && line.find(), "the manual has it");

        int port = bus.server(codec);
        Path script = directory.resolve("peer.py");
        Files.writeString(
                script,
                "import json\n"
                        + peer.group(1)
                                .replace("print(receive(peer))", "print(repr(receive(peer)))")
                                .replace(PICKLE, line.group(1) + "\n")
                                .replace("7117", Integer.toString(port))
                                .replace("{\"hello\": [1, 2]}", message));
        try (Items items = bus.items(bus.server());
                Python python = new Python(script.toString())) {
            JsonObject item = items.next();
            assertEquals(new JsonObject(onTheBus).put("connection", "1"), item);
            Outcome.value(bus.server().send(item));
            assertEquals(List.of(message), python.rest());
        }
    }
}
