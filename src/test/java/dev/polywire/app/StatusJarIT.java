package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code polywire status} and {@code polywire schema} by the program's jar. */
@Timeout(120)
class StatusJarIT {

    private static final Path BASE = Path.of(System.getProperty("polywire.basedir", "."));

    @TempDir
    Path directory;

    @Test
    void eachInstanceHasARow() throws Exception {
        int[] ports = ProgramProcess.freePorts(2);
        String port = Integer.toString(ports[1]);
        Path file = Files.writeString(directory.resolve("conf.yaml"), """
                embedded: [{type: framed-echo, port: %1$d}]
                connectors:
                  - {type: framed-client, name: seen, port: %1$d, instances: 2}
                  - {type: framed-client, name: hidden, port: %1$d}
                bridge: {port: %2$d, call: [{address: polywire.seen, actions: [status, ping]}]}
                """.formatted(ports[0], ports[1]));
        try (ProgramProcess program = ran("run", "--conf", file.toString())) {
            program.await("Polywire is up.");
            List<String> table = answer("status", "--port", port);
            assertEquals(
                    List.of("NAME", "seen", "seen", "seen", "all"),
                    table.stream().map(line -> line.split(" ", 2)[0]).toList(),
                    table::toString);
            assertTrue(table.get(3).endsWith("2 of 2 ready"), table::toString);
            JsonObject json =
                    new JsonObject(answer("status", "--json", "--port", port).get(0));
            assertEquals(2, json.getJsonArray("instances").size());
            assertEquals(2, json.getJsonArray("connectors").getJsonObject(0).getInteger("ready"));
        }
    }

    @Test
    void theSchemaIsPrinted() throws Exception {
        assertEquals(Files.readAllLines(BASE.resolve("docs/configuration.schema.json")), answer("schema"));
    }

    private static List<String> answer(String... arguments) throws Exception {
        try (ProgramProcess command = ran(arguments)) {
            List<String> printed = command.rest();
            assertEquals(0, command.exit(), printed::toString);
            return printed;
        }
    }

    private static ProgramProcess ran(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 2];
        all[0] = "-jar";
        all[1] = BASE.resolve("target/polywire.jar").toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return ProgramProcess.java(Map.of(), all);
    }
}
