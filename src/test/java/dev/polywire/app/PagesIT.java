package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.polywire.examples.Block;
import dev.polywire.examples.Readme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pages tell a reader to run, run with the program's jar; each configuration is started once for all of them. */
@Timeout(300)
class PagesIT {

    private static final Path ROOT = Path.of(System.getProperty("polywire.basedir", "."))
            .toAbsolutePath()
            .normalize();
    private static final Pattern PORT = Pattern.compile("(?<=port\"?: |127\\.0\\.0\\.1:|0\\.0\\.0\\.0:)\\d{4,5}");

    /** What a shell finds in place of a reader's: the port of this test's program, and no long start of each JVM. */
    private static final String SHELL = """
            set -o pipefail
            java() {
              case $3 in
                call | stream | watch | status) set -- "$@" --port PORT ;;
              esac
              command java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$@"
            }
            python3() { command python3 "$@" PORT; }
            polywire() { java -jar target/polywire.jar "$@"; }
            checked() { [ "$1" = 0 ] || [ "$1" = 141 ] || { echo "exit code $1"; exit 1; }; }
            """;

    @TempDir
    static Path directory;

    private static final Map<String, Started> PROGRAMS = new TreeMap<>();

    /** @param ports by those of the configuration @param printed until it was up */
    private record Started(ProgramProcess process, Map<String, String> ports, List<String> printed) {

        int bridge() {
            return Integer.parseInt(ports.get("7000"));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (Started program : PROGRAMS.values()) {
            try (ProgramProcess process = program.process()) {
                process.terminate();
                process.await("stopped");
                assertEquals(128 + 15, process.exit());
            }
        }
        PROGRAMS.clear();
    }

    @TestFactory
    Stream<DynamicTest> commands() {
        return blocks("commands")
                .map(block -> DynamicTest.dynamicTest(block.where(), () -> {
                    String configuration = Commands.configuration(block);
                    run(
                            Commands.beside(block.commands()),
                            configuration.isEmpty() ? 0 : started(configuration).bridge());
                }));
    }

    @TestFactory
    Stream<DynamicTest> conversations() {
        return blocks("conversation")
                .map(block -> DynamicTest.dynamicTest(
                        block.where(),
                        () -> Conversation.with(
                                started(block.argument()).bridge(), Conversation.read(block.commands()))));
    }

    /** The first lines, and each request that they suggest. */
    @Test
    void theFirstLines() throws Exception {
        Started program = started("conf/embedded.json");
        List<String> shown = Readme.block("output: conf/embedded.json");
        assertEquals(shown.stream().map(PagesIT::words).toList(), firstLines(program));
        run(requests(shown), program.bridge());
        run(requests(program.printed()), program.bridge());
    }

    /** As the README starts it, and everything else by Maven; what was compiled is what is tested. */
    @Test
    void byMaven() throws Exception {
        Map<String, String> ports = new TreeMap<>();
        Path configuration = copy("conf/embedded.json", "maven.json", ports);
        List<String> command = List.of(
                Path.of(System.getProperty("polywire.maven"), "bin", "mvn").toString(),
                "-q",
                "-Dmaven.repo.local=" + System.getProperty("polywire.repository"),
                "exec:java",
                "-Dexec.args=run --conf " + configuration);
        try (ProgramProcess maven = ProgramProcess.of(ROOT, Map.of(), command)) {
            maven.await("Polywire is up.");
            run(List.of("polywire call polywire.mongodb ping"), Integer.parseInt(ports.get("7000")));
            maven.terminate();
            maven.exit();
        }
    }

    /** Both commands of its head, the jar's in fact; where it needs a server, that is an embedded one. */
    @ParameterizedTest
    @CsvSource({
        "mongodb.yaml, embedded.json, 27017, 27117",
        "bolt.yaml, embedded.json, 7687, 7787",
        "framed-client.yaml, embedded.json, 7117, 7117",
        "amqp.yaml, tutorial.json, 5672, 5682",
        "eventstore.yaml, embedded.json, 1113, 1113",
        "framed-server.yaml,,,",
        "bolt-server.yaml,,,",
        "bridge.yaml,,,",
        "cluster.yaml,,,",
    })
    void aConfigurationAsItsHeadSays(String name, String with, String port, String portThere) throws Exception {
        Map<String, String> ports = new TreeMap<>();
        if (with != null) {
            ports.put(port, started("conf/" + with).ports().get(portThere));
        }
        List<String> head = Readme.lines("conf/" + name).stream()
                .takeWhile(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^# *(Start it with: |or: )?", ""))
                .toList();
        List<String> arguments = Commands.fromJar(head);
        assertEquals(Commands.byMaven(head), arguments);
        assertEquals(1, arguments.size(), head::toString);
        String run = arguments
                .get(0)
                .replace("conf/" + name, copy("conf/" + name, name, ports).toString());
        try (ProgramProcess program = jar(List.of(run.split(" ")))) {
            List<String> printed = program.await("Polywire is up.");
            if (printed.stream().noneMatch(line -> line.contains("ready"))) {
                program.awaitLineWith("is ready");
            }
            program.terminate();
            program.await("stopped");
            assertEquals(128 + 15, program.exit());
        }
    }

    /** Frames of each connection; of the bridge's, whose bodies may hold anything, no byte. */
    @Test
    void theWireLog() throws Exception {
        Map<String, String> ports = new TreeMap<>();
        String command = Readme.lines("conf/wirelog.properties").stream()
                .filter(line -> line.startsWith("#   java "))
                .findFirst()
                .orElseThrow()
                .replaceFirst("#   java ", "")
                .replace(
                        "conf/embedded.json",
                        copy("conf/embedded.json", "logged.json", ports).toString());
        try (ProgramProcess program = java(List.of(command.split(" ")))) {
            program.await("Polywire is up.");
            run(
                    List.of("polywire call polywire.framed send '{\"message\": {\"text\": \"hello\"}}'"),
                    Integer.parseInt(ports.get("7000")));
            program.awaitLineWith(" <- send polywire.framed send, ");
            // | length | a message of its own | number: none | hello |
            program.awaitLineWith(" -> message, 18 bytes: 0000000e00000000000000000068656c6c6f");
            program.terminate();
            List<String> printed = program.await("stopped");
            assertTrue(
                    printed.stream()
                            .filter(line -> line.contains(" <- send polywire.framed send, "))
                            .allMatch(line -> line.endsWith("bytes: (may hold credentials)")),
                    printed::toString);
        }
    }

    @Test
    void everyConfigurationIsStarted() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("conf"))) {
            List<String> started = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
            for (String name : started) {
                started("conf/" + name);
            }
            assertEquals(List.of("embedded.json", "graph.json", "tutorial.json"), started);
        }
    }

    private static Stream<Block> blocks(String kind) {
        return Block.all().stream().filter(block -> block.kind().equals(kind));
    }

    private static List<String> requests(List<String> printed) {
        return printed.stream()
                .dropWhile(line -> !line.equals("Try:"))
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .map(String::strip)
                .map(line -> line.replaceAll(" --port \\d+", "").replaceAll("-jar \\S+", "-jar target/polywire.jar"))
                .toList();
    }

    /** As the README shows them, which is by Maven: without the log, with the usual ports. */
    private static List<String> firstLines(Started program) {
        String text = program.printed().stream()
                .filter(line -> !line.matches("\\d{4}-\\d\\d-\\d\\d .*"))
                .collect(Collectors.joining("\n"))
                .replaceAll("java -jar \\S+ call --port \\d+", "python3 examples/python/polywire.py");
        for (Map.Entry<String, String> port : program.ports().entrySet()) {
            text = text.replace(port.getValue(), port.getKey());
        }
        return text.lines().map(PagesIT::words).toList();
    }

    private static String words(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }

    /** Starts it, or gives the one that was started. */
    private static Started started(String configuration) throws IOException {
        Started there = PROGRAMS.get(configuration);
        if (there != null) {
            return there;
        }
        Map<String, String> ports = new TreeMap<>();
        String name = configuration.replaceFirst(".*/", "");
        ProgramProcess process =
                jar(List.of("run", "--conf", copy(configuration, name, ports).toString()));
        Started program = new Started(process, ports, new ArrayList<>());
        PROGRAMS.put(configuration, program);
        program.printed().addAll(process.await("Polywire is up."));
        return program;
    }

    /** The same with ports of this test. @param ports some of them, by the file's own; the others are added */
    private static Path copy(String configuration, String name, Map<String, String> ports) throws IOException {
        String text = PORT.matcher(Files.readString(ROOT.resolve(configuration)))
                .replaceAll(port ->
                        ports.computeIfAbsent(port.group(), one -> Integer.toString(ProgramProcess.freePorts(1)[0])));
        return Files.writeString(directory.resolve(name), text);
    }

    private static ProgramProcess jar(List<String> arguments) throws IOException {
        return java(Stream.concat(Stream.of("-jar", "target/polywire.jar"), arguments.stream())
                .toList());
    }

    private static ProgramProcess java(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        all.addAll(arguments);
        return ProgramProcess.of(ROOT, Map.of(), all);
    }

    /** Each command ends well; the reader of a pipe may be content before its writer is. @param port of the bridge; 0: none is needed */
    private static void run(List<String> commands, int port) throws Exception {
        boolean python = commands.stream().anyMatch(command -> command.startsWith("python3 "));
        assumeTrue(!python || Python.isInstalled(), "python3 is not installed");
        StringBuilder script = new StringBuilder(SHELL.replace("PORT", Integer.toString(port)));
        for (String command : commands) {
            script.append(command.replace("/opt/polywire/", "target/")).append("\nchecked $?\n");
        }
        try (ProgramProcess shell = ProgramProcess.of(ROOT, Map.of(), List.of("bash", "-c", script.toString()))) {
            List<String> printed = shell.rest();
            assertEquals(0, shell.exit(), () -> commands + "\n" + printed);
        }
    }
}
