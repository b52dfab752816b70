package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.polywire.bridge.BridgeOptions;
import dev.polywire.core.json.Fields;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed when the program is up. */
class StartupSummaryTest {

    private static final String CALL = "\"call\": [{\"address\": \"polywire.framed\", \"actions\": [\"%s\"]}]";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private String framed = "codec: utf8, correlation: true";

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void bridgeAndReason() {
        assertEquals(
                List.of(
                        "",
                        "NAME    PROTOCOL  ADDRESS          TARGET          STATE",
                        "framed  framed    polywire.framed  127.0.0.1:7117  recovering: connection refused",
                        "bridge  bridge                     127.0.0.1:7000  ready",
                        "",
                        "Try:",
                        "  python3 examples/python/polywire.py polywire.framed request '{\"message\":{\"text\":\"hello\"}}'"),
                printed("{\"port\": 7000, " + CALL.formatted("request") + "}", 7_000, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost   | java -jar a.jar call polywire",
                "::1         | java -jar a.jar call --host ::1 polywire",
                "[::1]       | java -jar a.jar call --host ::1 polywire",
            })
    void whereTheBridgeListens(String host, String command) {
        String bridge = "{\"host\": \"" + host + "\", \"port\": 7000, " + CALL.formatted("request") + "}";
        assertEquals(
                "  " + command + ".framed request '{\"message\":{\"text\":\"hello\"}}'",
                last(printed(bridge, 7_000, "a.jar")));
    }

    @Test
    void fromItsJar() {
        assertEquals(
                "  java -jar a/polywire.jar call polywire.framed request '{\"message\":{\"text\":\"hello\"}}'",
                last(printed("{\"port\": 7000, " + CALL.formatted("request") + "}", 7_000, "a/polywire.jar")));
        assertEquals(
                "  java -jar a/polywire.jar call --port 7001 polywire.framed request '{\"message\":{\"text\":\"hello\"}}'",
                last(printed("{\"port\": 0, " + CALL.formatted("request") + "}", 7_001, "a/polywire.jar")));
    }

    @Test
    void onlyWhatIsPermitted() {
        assertEquals(
                "  python3 examples/python/polywire.py polywire.framed status '{}'",
                last(printed("{\"port\": 7000, " + CALL.formatted("status") + "}", 7_000, null)));
        String login = "{\"port\": 7000, \"clients\": [{\"name\": \"a\", \"token\": \"%s\", %s}]}"
                .formatted("0123456789abcdef0123456789abcdef", CALL.formatted("request"));
        assertEquals(
                "Without a login nobody may send a request to a connector: docs/bridge.md.",
                last(printed(login, 7_000, null)));
    }

    /** The answer to a message that is only sent would come by a stream. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "codec: utf8, correlation: true | request | request '{\"message\":{\"text\":\"hello\"}}'",
                "correlation: true              | request | request '{\"message\":{\"value\":\"hello\"}}'",
                "codec: raw, correlation: true  | request | request '{\"message\":{\"bytes\":\"aGVsbG8=\"}}'",
                "codec: utf8                    | connections | connections '{}'",
            })
    void aFramedConnectorIsTriedSoThatThereIsSomethingToSee(String options, String permitted, String tried) {
        framed = options;
        assertEquals(
                "  python3 examples/python/polywire.py polywire.framed " + tried,
                last(printed("{\"port\": 7000, " + CALL.formatted(permitted) + "}", 7_000, null)));
    }

    @Test
    void whichJar() {
        assertEquals("target/polywire.jar", StartupSummary.jar("target/polywire.jar", "/x/target/polywire.jar"));
        // Maven runs the program in its own JVM.
        assertNull(StartupSummary.jar("/usr/share/maven/boot/plexus-classworlds-2.x.jar", "/x/target/classes/"));
        assertNull(StartupSummary.jar("a.jar" + File.pathSeparator + "b.jar", "/x/a.jar"));
    }

    @Test
    void noBridge() {
        List<String> printed = printed(null, 0, null);
        assertEquals(
                "There is no bridge: only verticles in this program can send requests. To add one:",
                printed.get(printed.size() - 2));
    }

    private static String last(List<String> printed) {
        return printed.get(printed.size() - 1);
    }

    private List<String> printed(@Nullable String bridge, int port, @Nullable String jar) {
        Written written = new Written(vertx, directory);
        Configuration configuration =
                written.yaml("connectors: [{type: framed-client, name: framed, port: 7117, " + framed + "}]");
        StartupSummary summary = new StartupSummary(
                bridge == null ? null : BridgeOptions.fromJson(Fields.of(new JsonObject(bridge))), port, jar);
        summary.connector(
                configuration.options().connectors().get(0),
                new JsonObject()
                        .put("protocol", "framed")
                        .put("state", "recovering")
                        .put("reason", "connection refused"));
        return summary.text().lines().toList();
    }
}
