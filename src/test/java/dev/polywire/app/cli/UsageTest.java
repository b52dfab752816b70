package dev.polywire.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | missing command",
                "start | start",
                "run | --conf",
                "check | FILE",
                "call | ADDRESS",
                "call a | ACTION",
                "call a b [] | json: not an object",
                "call a b {\"c\":1,\"c\":2} | json: malformed",
                "call a b {} more | more",
                "call a b --port 0 | --port: 0 (expected: 1 to 65535)",
                "call a b --port x | --port",
                "call a b --timeout 0 | --timeout: 0.0 (expected: 0.001 to 86400 seconds)",
                "call a b --timeout NaN | --timeout: NaN",
                "call a b --token-file f --token-env E | mutually exclusive",
                "call a b --token-env POLYWIRE_NOT_SET | --token-env: POLYWIRE_NOT_SET is not set",
                "call a b --token-file /nowhere/token | --token-file: cannot be read",
                "call a b --verbose | --verbose",
                "rum --conf a | unknown command: rum (expected: run)",
                "run --config a | unknown option: --config (expected: --conf)",
                "check --jsn a | unknown option: --jsn (expected: --json)",
                "call a b --verbatim | unknown option: --verbatim",
                "watch | ADDRESS",
                "stream a | ACTION",
            })
    void aMistakeIsNamed(String line, String complaint) {
        Ran ran = Ran.command(line.isEmpty() ? new String[0] : line.split(" ")).require(ExitCode.USAGE);
        assertEquals("", ran.out());
        assertTrue(ran.err().contains(complaint), ran::err);
        assertTrue(ran.err().lines().toList().get(1).matches("See: polywire( [a-z]+)? --help"), ran::err);
    }

    /** Whoever reads JSON gets it for each failure. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "call --json a b [] | Invalid value for positional parameter at index 2 (JSON): json: not an object (expected: one field for each argument) | polywire call --help",
                "call --json | Missing required parameters: 'ADDRESS', 'ACTION' | polywire call --help",
                "stream --json a b --prot 1 | unknown option: --prot (expected: --port) | polywire stream --help",
                "check --json | Missing required parameter: 'FILE' | polywire check --help",
            })
    void aMistakeAsJson(String line, String message, String help) {
        Ran ran = Ran.command(line.split(" ")).require(ExitCode.USAGE);
        assertEquals("", ran.out());
        assertEquals(
                new JsonObject().put("name", "USAGE").put("message", message).put("see", help),
                new JsonObject(ran.err()));
    }

    @Test
    void runAndCheckAreHandedOn() {
        Ran.Asked asked = new Ran.Asked();
        Ran.command(asked, "run", "--conf", "a.json").require(0);
        Ran.command(asked, "run", "--cluster", "--conf", "a.json", "--conf=b.yaml")
                .require(0);
        Ran.command(asked, "check", "a.json", "b.yaml").require(2);
        Ran.command(asked, "check", "--json", "a.json").require(2);
        assertEquals(
                List.of(
                        "run [a.json] false",
                        "run [a.json, b.yaml] true",
                        "check [a.json, b.yaml]",
                        "check [a.json] json"),
                asked.calls);
    }

    @Test
    void helpAndVersionAreForPeople() {
        for (String command : List.of("run", "check", "call", "stream", "watch", "completion")) {
            assertTrue(Ran.command("--help").require(0).out().contains("  " + command + " "), command);
            assertTrue(Ran.command(command, "--help").require(0).out().startsWith("Usage: polywire " + command));
        }
        assertTrue(Ran.command("--version").require(0).out().startsWith("polywire "));
    }

    @Test
    void aTlsFileThatIsNoneIsAMistake(@TempDir Path directory) throws Exception {
        Path file = java.nio.file.Files.writeString(directory.resolve("x.pem"), "nothing");
        try (ScriptedBridge bridge = new ScriptedBridge((frame, client) -> {})) {
            Ran ran = Ran.command(
                            "call",
                            "a",
                            "b",
                            "--port",
                            bridge.port(),
                            "--tls-certificate",
                            file.toString(),
                            "--tls-key",
                            file.toString())
                    .require(ExitCode.USAGE);
            assertTrue(ran.err().startsWith("--tls-key: "), ran::err);
        }
    }
}
