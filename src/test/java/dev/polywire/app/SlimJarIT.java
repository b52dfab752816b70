package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.embedded.EmbeddedOptions;
import dev.polywire.embedded.EmbeddedServer;
import dev.polywire.embedded.EmbeddedServers;
import dev.polywire.examples.Readme;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program's smaller jar: without servers of others, and without Hazelcast. */
@Timeout(180)
class SlimJarIT {

    private static final long MAX_BYTES = 15_500_000;

    /** The two first parts of the names of all packages in it. */
    private static final Set<String> PACKAGES = Set.of(
            "com/fasterxml",
            "com/google",
            "com/typesafe",
            "dev/polywire",
            "io/airlift",
            "io/netty",
            "io/vertx",
            "org/bson",
            "org/jspecify",
            "org/slf4j",
            "org/yaml",
            "picocli");

    @TempDir
    Path directory;

    @Test
    void servesConnectorsAndTheBridgeLikeTheWholeOne() throws Exception {
        int[] ports = ProgramProcess.freePorts(4);
        JsonObject json = new JsonObject(Files.readString(ProgramProcess.embedded(directory, ports)));
        JsonArray embedded = json.getJsonArray("embedded");
        assertEquals("mongodb", ((JsonObject) embedded.remove(0)).getString("type"));
        Path configuration = Files.writeString(directory.resolve("slim.json"), json.encode());
        Vertx vertx = Vertx.vertx();
        EmbeddedServer mongodb = Outcome.value(
                EmbeddedServers.start(vertx, new EmbeddedOptions(EmbeddedOptions.Type.MONGODB, ports[0])));
        try (ProgramProcess program = BuiltJar.SLIM.start("run", "--conf", configuration.toString())) {
            program.await("Polywire is up.");
            String port = Integer.toString(ports[2]);
            assertEquals(Readme.block("output: examples/python/quickstart.py"), Python.run("quickstart.py", port));
            assertEquals(
                    List.of("{\"ok\":1.0}"),
                    BuiltJar.SLIM.answer(0, "call", "--json", "--port", port, "polywire.mongodb", "ping"));
            program.terminate();
            program.await("stopped");
            assertEquals(128 + 15, program.exit());
        } finally {
            Outcome.value(mongodb.close());
            Outcome.value(vertx.close());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mongodb | de.bwaldvogel:mongo-java-server",
                "amqp    | org.apache.qpid:qpid-broker-core with -plugins-amqp-0-8-protocol and -plugins-memory-store",
            })
    void aServerThatIsNotInItIsOneLine(String type, String library) throws Exception {
        String file = write("{\"embedded\": [\n  {\"type\": \"" + type + "\", \"port\": 1}]}");
        List<String> line = List.of(file + ":2: embedded[0].type: " + type
                + " is not in this program (expected: polywire.jar, or " + library + " on the class path)");
        assertEquals(line, BuiltJar.SLIM.answer(2, "check", file));
        assertEquals(line, BuiltJar.SLIM.answer(2, "run", "--conf", file));
        assertTrue(BuiltJar.PROGRAM.answer(0, "check", file).toString().contains("at most 0 connections"));
    }

    @Test
    void joinsAClusterWithHazelcastBesideIt() throws Exception {
        String file = write("{\"cluster\": {\"insecure\": true, \"port\": " + ProgramProcess.freePorts(1)[0] + "}}");
        assertEquals(
                List.of(
                        file
                                + ":1: cluster: Hazelcast is not in this program (expected: polywire.jar, or io.vertx:vertx-hazelcast on the class path)"),
                BuiltJar.SLIM.answer(2, "run", "--cluster", "--conf", file));

        String classPath = Stream.concat(
                        Stream.of(BuiltJar.SLIM.file().toString()),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(jar ->
                                        Path.of(jar).getFileName().toString().contains("hazelcast")))
                .collect(Collectors.joining(File.pathSeparator));
        try (ProgramProcess node = ProgramProcess.java(
                Map.of(), "-cp", classPath, Main.class.getName(), "run", "--cluster", "--conf", file)) {
            node.await("Polywire is up.");
            node.terminate();
            node.await("stopped");
            assertEquals(128 + 15, node.exit());
        }
    }

    @Test
    void holdsWhatAProgramInProductionNeeds() throws IOException {
        try (JarFile jar = BuiltJar.SLIM.open()) {
            Set<String> packages = BuiltJar.names(jar).stream()
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.replaceFirst("^META-INF/versions/\\d+/", ""))
                    .map(name -> name.split("/"))
                    .map(parts -> parts.length < 3 ? parts[0] : parts[0] + "/" + parts[1])
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(new TreeSet<>(PACKAGES), packages);
            assertTrue(BuiltJar.text(jar, "META-INF/THIRD-PARTY.md").contains("polywire-slim.jar"));
        }
        long bytes = Files.size(BuiltJar.SLIM.file());
        assertTrue(bytes <= MAX_BYTES, () -> bytes + " bytes");
    }

    private String write(String json) throws IOException {
        return Files.writeString(directory.resolve("a.json"), json).toString();
    }
}
