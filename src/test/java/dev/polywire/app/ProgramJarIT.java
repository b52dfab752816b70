package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.examples.Readme;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is handed out: one jar. */
@Timeout(180)
class ProgramJarIT {

    @TempDir
    Path directory;

    @Test
    void startsServesPythonAndTheCommandLineAndStopsInOrder() throws Exception {
        int[] ports = ProgramProcess.freePorts(4);
        String configuration = ProgramProcess.embedded(directory, ports).toString();
        try (ProgramProcess program = jar("run", "--conf", configuration)) {
            program.await("Polywire is up.");
            String port = Integer.toString(ports[2]);
            assertEquals(Readme.block("output: examples/python/quickstart.py"), Python.run("quickstart.py", port));

            assertEquals(
                    List.of("{\"ok\":1.0}"), answer(0, "call", "--json", "--port", port, "polywire.mongodb", "ping"));
            String find =
                    "{\"database\":\"test\",\"name\":\"find\",\"arguments\":{\"find\":\"planets\",\"sort\":{\"_id\":1}}}";
            List<String> planets = answer(0, "stream", "--json", "--port", port, "polywire.mongodb", "open", find);
            assertEquals(8, planets.size(), planets::toString);
            assertEquals("Mercury", new JsonObject(planets.get(0)).getString("name"));
            String hello = "{\"message\":{\"text\":\"hello\"}}";
            List<String> echo = answer(0, "call", "--json", "--port", port, "polywire.framed", "request", hello);
            assertEquals("server replied: hello", new JsonObject(echo.get(0)).getString("text"));
            List<String> refused = answer(12, "call", "--json", "--port", port, "polywire.mongodb", "drop");
            assertEquals("FORBIDDEN", new JsonObject(refused.get(0)).getString("name"));

            program.terminate();
            program.await("stopped");
            assertEquals(128 + 15, program.exit());
        }
    }

    @Test
    void aStreamThatIsStoppedIsClosed() throws Exception {
        int[] ports = ProgramProcess.freePorts(4);
        String configuration = ProgramProcess.embedded(directory, ports).toString();
        String port = Integer.toString(ports[2]);
        try (ProgramProcess program = jar("run", "--conf", configuration)) {
            program.await("Polywire is up.");
            try (ProgramProcess stream = jar("stream", "--port", port, "polywire.framed", "open")) {
                answer(0, "call", "--port", port, "polywire.framed", "send", "{\"message\":{\"text\":\"hello\"}}");
                stream.await("{\"text\":\"server replied: hello\"");
                assertEquals(1, streams(port));
                stream.terminate();
                assertEquals(128 + 15, stream.exit());
            }
            assertEquals(0, streams(port));
        }
    }

    @Test
    void joinsAClusterOnlyAsItIsTold() throws Exception {
        JsonObject cluster = new JsonObject().put("port", ProgramProcess.freePorts(1)[0]);
        Path file = directory.resolve("node.json");
        Files.writeString(file, new JsonObject().put("cluster", cluster).encode());
        List<String> refused = answer(2, "run", "--cluster", "--conf", file.toString());
        assertTrue(refused.get(0).startsWith(file + ":1: cluster.tls: missing"), refused::toString);

        Files.writeString(
                file,
                new JsonObject().put("cluster", cluster.put("insecure", true)).encode());
        try (ProgramProcess node = jar("run", "--cluster", "--conf", file.toString())) {
            node.await("Polywire is up.");
            node.terminate();
            List<String> printed = node.await("stopped");
            assertTrue(printed.stream().anyMatch(line -> line.contains("cluster.insecure")), printed::toString);
            assertEquals(128 + 15, node.exit());
        }
        Files.writeString(file, "{\"bridge\": {\"port\": 0}}");
        List<String> absent = answer(2, "run", "--cluster", "--conf", file.toString());
        assertTrue(absent.get(0).startsWith(file + ": cluster: missing"), absent::toString);
    }

    @Test
    void whatIsWrongWithAConfigurationEndsItWithTwo() throws Exception {
        Path nowhere = directory.resolve("nowhere.json");
        for (List<String> command :
                List.of(List.of("run", "--conf", nowhere.toString()), List.of("check", nowhere.toString()))) {
            List<String> said = answer(2, command.toArray(String[]::new));
            assertTrue(said.get(0).startsWith(nowhere + ": "), said::toString);
        }
        assertEquals(
                "polywire " + System.getProperty("polywire.version"),
                answer(0, "--version").get(0));
    }

    @Test
    void isSaidToBeWhatItIs() throws IOException {
        try (JarFile jar = BuiltJar.PROGRAM.open()) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertEquals(Main.class.getName(), manifest.getValue(Attributes.Name.MAIN_CLASS));
            assertEquals("true", manifest.getValue(Attributes.Name.MULTI_RELEASE));
            assertFalse(
                    BuiltJar.names(jar).stream().anyMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA|EC)")));
            assertFalse(BuiltJar.names(jar).stream().anyMatch(name -> name.endsWith("module-info.class")));
            assertTrue(BuiltJar.names(jar).stream().anyMatch(name -> name.startsWith("META-INF/versions/")));
        }
    }

    @Test
    void servicesOfAllLibrariesAreKept() throws IOException {
        try (JarFile jar = BuiltJar.PROGRAM.open()) {
            assertTrue(BuiltJar.text(jar, "META-INF/services/io.vertx.core.spi.VertxServiceProvider")
                    .contains("Hazelcast"));
            assertTrue(BuiltJar.text(jar, "META-INF/services/org.slf4j.spi.SLF4JServiceProvider")
                    .contains("jul"));
            // Two libraries have this file; one is lost when they are not merged.
            String generators = BuiltJar.text(jar, "META-INF/services/io.vertx.codegen.processor.GeneratorLoader");
            assertTrue(generators.lines().filter(line -> !line.isBlank()).count() >= 2, generators);
        }
    }

    @Test
    void everyLibraryIsNamedWithItsLicense() throws IOException {
        try (JarFile jar = BuiltJar.PROGRAM.open()) {
            String thirdParty = BuiltJar.text(jar, "META-INF/THIRD-PARTY.md");
            Set<String> named = Pattern.compile("^\\| [^|]+ \\| `([a-z0-9.]+)` \\|", Pattern.MULTILINE)
                    .matcher(thirdParty)
                    .results()
                    .map(row -> row.group(1).replace('.', '/') + "/")
                    .collect(Collectors.toSet());
            Set<String> unnamed = BuiltJar.names(jar).stream()
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.replaceFirst("^META-INF/versions/\\d+/", ""))
                    .filter(name -> !name.startsWith("dev/polywire/"))
                    .filter(name -> named.stream().noneMatch(name::startsWith))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(Set.of(), unnamed);
            assertTrue(named.size() >= 8, named::toString);

            assertTrue(BuiltJar.text(jar, "META-INF/LICENSE").startsWith(String.join("\n", Readme.lines("LICENSE"))));
            assertTrue(BuiltJar.text(jar, "META-INF/LICENSE.txt").contains("QOS.ch"));
            assertTrue(BuiltJar.text(jar, "META-INF/NOTICE").contains("Jackson JSON processor"));
            assertTrue(BuiltJar.text(jar, "META-INF/NOTICE").contains("Objenesis"));
        }
    }

    private static int streams(String port) throws Exception {
        return new JsonObject(answer(0, "call", "--json", "--port", port, "polywire.framed", "status")
                        .get(0))
                .getInteger("streams");
    }

    private static List<String> answer(int exitCode, String... arguments) throws Exception {
        return BuiltJar.PROGRAM.answer(exitCode, arguments);
    }

    private static ProgramProcess jar(String... arguments) throws IOException {
        return BuiltJar.PROGRAM.start(arguments);
    }
}
