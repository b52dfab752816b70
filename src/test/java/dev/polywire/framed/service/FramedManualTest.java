package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.examples.Readme;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Python of docs/framed.md, with the line of each codec. */
class FramedManualTest {

    private static final String MANUAL = "docs/framed.md";
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

    /** The peer that asks and answers. */
    @Test
    void requestsAndReplies(@TempDir Path directory) throws Exception {
        String peer = program("program: a peer that asks");
        int port = bus.server(new JsonObject().put("correlation", true));
        Path script = directory.resolve("peer.py");
        Files.writeString(script, peer.replace("7117", Integer.toString(port)));
        try (Items items = bus.items(bus.server());
                Python python = new Python(script.toString())) {
            JsonObject item = items.next();
            assertEquals(new JsonObject("{\"connection\":\"1\",\"request\":\"1\",\"value\":\"how are you?\"}"), item);
            Outcome.value(bus.server().send(item.copy().put("value", "fine")));
            JsonObject back = new JsonObject().put("connection", "1").put("value", "and you?");
            assertEquals(
                    new JsonObject("{\"connection\":\"1\",\"value\":{\"asked\":\"and you?\"}}"),
                    Outcome.value(bus.server().request(back)));
            assertEquals(List.of("(2, 1, b'\"fine\"')"), python.rest());
        }
    }

    private static String program(String marker) {
        return String.join("\n", Readme.block(MANUAL, marker)) + "\n";
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
        Matcher line = Pattern.compile("^\\| `" + codec + "`.*`(dumps, loads = [^`]*)`", Pattern.MULTILINE)
                .matcher(String.join("\n", Readme.lines(MANUAL)));
        assertTrue(line.find(), "the manual has it");

        int port = bus.server(codec);
        Path script = directory.resolve("peer.py");
        Files.writeString(
                script,
                "import json\n"
                        + program("program: a peer")
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
