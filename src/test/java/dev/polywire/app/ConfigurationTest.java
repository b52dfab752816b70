package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

    private static final Map<String, String> NOTHING = Map.of();

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private Written written;

    @BeforeEach
    void write() {
        written = new Written(vertx, directory);
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.json  | {'connectors': [{'type': 'mongodb', 'host': 'db', 'port': 27017}]}",
                "a.yaml  | connectors:~  - type: mongodb~    host: db~    port: 27017~",
                "a.yml   | connectors: [{type: mongodb, host: db, port: 27017}]",
                "a.conf  | connectors = [{type = mongodb, host: db~ port = 27017}]",
                "a.hocon | scanMillis = 27017~connectors = [{type: mongodb, host: db, port: ${scanMillis}}]",
                "a.JSON  | {'connectors': [{'type': 'mongodb', 'host': 'db', 'port': '27017'}]}",
            })
    void formatsSayTheSame(String name, String text) {
        Configuration read =
                written.read(NOTHING, written.file(name, text.replace('\'', '"').replace('~', '\n')));
        assertEquals(List.of(), written.complaints(read));
        assertEquals(
                "db:27017",
                read.options().connectors().get(0).settings().endpoint().target());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.json | {'a': 1,~ 'a': 2}                  | a.json:2: a key that stands twice (expected: once)",
                "a.json | {'bridge': {'port': 1}~            | a.json:2: malformed (expected: JSON)",
                "a.json | []                                 | a.json: not an object (expected: an object)",
                "a.yaml | bridge:~  port: 1~bridge:~  port: 2 | a.yaml:3: a key that stands twice (expected: once)",
                "a.yaml | bridge: {port: 1                   | a.yaml:1: malformed (expected: YAML)",
                "a.yaml | bridge:~  token: *hunter2          | a.yaml:2: malformed (expected: YAML)",
                "a.yaml | just text                          | a.yaml: not an object (expected: an object)",
                "a.yaml | - 1                                | a.yaml: not an object (expected: an object)",
                "a.conf | bridge {~ port = hunter2           | a.conf:2: malformed (expected: HOCON)",
                "a.conf | a = 1~b = ${nobody.says}           | a.conf:2: a substitution that nothing defines (expected: a definition, or ${?NAME})",
                "a.toml | a = 1                              | a.toml: of unknown format (expected: .json, .yaml, .yml, .conf or .hocon)",
            })
    void whatCannotBeReadIsSaidWithItsLineAndNotQuoted(String name, String text, String complaint) {
        Path file = written.file(name, text.replace('\'', '"').replace('~', '\n'));
        assertEquals(List.of(complaint), written.complaints(written.read(NOTHING, file)));
    }

    /** It is our bound that answers: the YAML parser's is 50 unless it is told, the others have none so low. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.json | a.json:1: nested too deep (expected: at most 32 levels)",
                "a.yaml | a.yaml: malformed (expected: YAML, at most 32 levels)",
                "a.conf | a.conf:1: nested too deep (expected: at most 32 levels)",
            })
    void whatIsTooDeepIsOneComplaint(String name, String complaint) {
        List<String> deepest = written.complaints(written.read(NOTHING, written.file(name, nested(32, "1"))));
        assertEquals(1, deepest.size(), deepest::toString);
        assertTrue(deepest.get(0).startsWith(name + ":1: a: unknown field "), deepest::toString);
        assertEquals(
                List.of(complaint), written.complaints(written.read(NOTHING, written.file(name, nested(33, "1")))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.json", "a.yaml", "a.conf"})
    void whatIsTooDeepAndHasNoEndIsOneComplaint(String name) {
        String text = "{\"a\":".repeat(33);
        List<String> complaints = written.complaints(written.read(NOTHING, written.file(name, text)));
        assertEquals(1, complaints.size(), complaints::toString);
        assertTrue(complaints.get(0).contains("(expected: "), complaints::toString);
    }

    @Test
    void anAliasIsAsDeepAsWhatItNames() {
        String text = "a: &a " + nested(20, "1") + "\nb: " + nested(11, "*a");
        assertFalse(written.complaints(written.yaml(text)).toString().contains("deep"));
        assertEquals(
                List.of("test.yaml:1: nested too deep (expected: at most 32 levels)"),
                written.complaints(written.yaml(text.replace("b: ", "b: {c: ") + "}")));
    }

    /** In a comment, where no parser looks: brackets are counted before HOCON's is asked, 32 for a level. */
    @Test
    void bracketsOfHoconAreCountedBeforeItIsParsed() {
        String most = "embedded = [{type = mongodb, port = 1}] # " + "[".repeat(33 * 32 - 1);
        assertEquals(List.of(), written.complaints(written.read(NOTHING, written.file("a.conf", most))));
        assertEquals(
                List.of("a.conf:1: nested too deep (expected: at most 32 levels)"),
                written.complaints(written.read(NOTHING, written.file("a.conf", most + "["))));
    }

    private static String nested(int levels, String innermost) {
        return "{\"a\": ".repeat(levels) + innermost + "}".repeat(levels);
    }

    @Test
    void aFileThatIsNotThereIsOneComplaint() {
        assertEquals(
                List.of("none.json: cannot be read (expected: a file; NoSuchFileException)"),
                written.complaints(
                        written.read(NOTHING, directory.resolve("none.json"), written.file("a.yaml", "x: 1"))));
    }

    @Test
    void aLargeFileIsNotRead() {
        Path large = written.file("a.yaml", "#".repeat(ConfigurationFile.MAX_BYTES + 1));
        assertEquals(
                List.of("a.yaml: too large (expected: at most 1048576 bytes)"),
                written.complaints(written.read(NOTHING, large)));
    }

    @Test
    void aLaterFileIsOverAnEarlierOne() {
        Path first =
                written.file("first.yaml", "bridge: {port: 7000, maxJsonDepth: 8}\nconnectors: [{type: mongodb}]\n");
        Path second =
                written.file("second.json", "{\"bridge\": {\"port\": 7001},\n\"connectors\": [\n{\"type\": \"x\"}]}");
        Configuration read = written.read(NOTHING, first, second);
        assertEquals(
                new JsonObject("{\"port\":7001,\"maxJsonDepth\":8}"),
                read.options().bridge().config());
        assertEquals(
                List.of(
                        "second.json:3: connectors[0].type: \"x\" (expected: one of [mongodb, amqp, bolt, bolt-server, eventstore, framed-client, framed-server])"),
                written.complaints(read));
    }

    @Test
    void theEnvironmentIsOverTheFiles() {
        Path file = written.file(
                "a.yaml",
                "bridge: {port: 7000}\nconnectors:\n  - {type: mongodb, port: 1}\n  - {type: framed-client, port: 2}");
        Configuration read = written.read(
                Map.of(
                        "POLYWIRE__BRIDGE__PORT", "7001",
                        "POLYWIRE__CONNECTORS__1__MAX_FRAME_BYTES", "4096",
                        "POLYWIRE__CONNECTORS__0__FAIL_FAST", "true",
                        "POLYWIRE__SCAN_MILLIS", "0",
                        "POLYWIRE__MEMORY__MAX_BYTES", "2097152",
                        "POLYWIRE_HOME", "another program's"),
                file);
        assertEquals(List.of(), written.complaints(read));
        assertEquals(7001, read.options().bridge().endpoint().port());
        assertEquals(0, read.options().scanMillis());
        assertEquals(2_097_152, read.options().common().memory().maxBytes());
        assertTrue(read.options().connectors().get(0).settings().connector().failFast());
        assertEquals("4096", read.options().connectors().get(1).config().getValue("maxFrameBytes"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POLYWIRE__BRIDGE__PROT          | 1    | bridge.prot: unknown field (expected: one of",
                "POLYWIRE__BRIDGE__PORT          | x    | bridge.port: \"x\" (expected: 0 to 65535)",
                "POLYWIRE__BRIDGE                | x    | bridge: \"x\" (expected: an object)",
                "POLYWIRE__CONNECTORS__1__PORT   | 1    | connectors: has no element 1 (expected: 0 to 0, as in the file)",
                "POLYWIRE__CONNECTORS__X__PORT   | 1    | connectors: has no element X (expected: 0 to 0, as in the file)",
                "POLYWIRE__CONNECTORS__0__TYPE__A | 1   | connectors[0].type: has no parts (expected: an object or a list)",
                "POLYWIRE__                      | 1    | name: followed by what is no name (expected:",
                "POLYWIRE__BRIDGE__port          | 1    | bridge: followed by what is no name (expected:",
            })
    void aVariableThatLeadsNowhereIsNamed(String variable, String value, String complaint) {
        Path file = written.file("a.yaml", "bridge: {port: 7000}\nconnectors: [{type: mongodb, port: 1}]");
        List<String> complaints = written.complaints(written.read(Map.of(variable, value), file));
        assertEquals(1, complaints.size(), complaints::toString);
        assertTrue(complaints.get(0).startsWith("environment " + variable + ": " + complaint), complaints::toString);
    }

    @Test
    void whatIsBadIsNotLoaded() {
        Path file = written.file("a.yaml", "conectors: []\nbrigde: {}");
        ConfigurationException bad =
                assertInstanceOf(ConfigurationException.class, Outcome.failure(Configuration.load(vertx, file)));
        assertEquals(2, bad.complaints().size());
        assertEquals(bad.complaints(), Outcome.value(Configuration.check(vertx, file)));
        assertEquals(2, bad.getMessage().lines().count());
    }

    @Test
    void connectionsAreCountedPerInstance() {
        Configuration read =
                written.yaml("connectors: [{type: mongodb, port: 1, instances: 4}, {type: framed-server, port: 0}]");
        String report = read.report();
        assertTrue(
                report.contains("mongodb        mongodb        polywire.mongodb        127.0.0.1:1  4 x 14 = 56"),
                report);
        assertTrue(report.contains("1 x 10000 = 10000"), report);
        long heap = Runtime.getRuntime().maxMemory();
        assertTrue(
                report.endsWith("at most 10056 connections\nat most " + heap / 4
                        + " bytes held for peers, in a heap of " + heap + "\n"),
                report);
    }

    @Test
    void emptyIsAFileThatStartsNothing() {
        assertEquals(new JsonObject(), written.yaml("# nothing\n").shown());
        assertEquals(
                List.of("test.yaml: nothing to start (expected: connectors, embedded or bridge)"),
                written.complaints(written.yaml("")));
    }
}
