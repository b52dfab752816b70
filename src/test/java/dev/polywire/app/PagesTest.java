package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.examples.Block;
import dev.polywire.examples.Readme;
import dev.polywire.testing.Canary;
import dev.polywire.testing.Certificates;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every code block of every page is of a kind that is checked, here or where its marker says; {@link PagesIT} runs what runs. */
class PagesTest {

    private static final Path ROOT = Path.of(System.getProperty("polywire.basedir", "."));

    private static final String HELP = """
            : this block is not checked. Put a comment into the line before it:
              <!-- source: FILE -->          lines of a compiled or run file, between two lines // README (or # README); FILE, NAME: // README NAME;
                                             without such lines all of it, but for `package`
              <!-- part of: FILE -->         lines of a file of the project, as they stand there
              <!-- configuration -->         a whole configuration, json or yaml, that has no errors
              <!-- commands -->              a shell's, run from the jar; beside its own `run` lines, or <!-- commands: conf/FILE --> beside that one
              <!-- conversation: conf/FILE -->  lines ADDRESS ACTION JSON, and -> JSON below, asked of a program with that configuration
              <!-- output: NAME -->          or any other words: a test that has them as a string compares, by Readme.block
              <!-- unchecked: REASON -->     nothing can check it
            """;

    /** Every test, for their strings. */
    private static final String TESTS = sources("Test.java", "IT.java");

    /** The suites that the build server runs in other languages. */
    private static final String CI = sources(".ci");

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void everyBlockIsWhatItIsSaidToBe() {
        List<Block> blocks = Block.all();
        assertTrue(blocks.size() > 40, blocks::toString);
        assertEquals(
                "", blocks.stream().map(this::problem).filter(Objects::nonNull).collect(Collectors.joining("\n")));
    }

    @Test
    void examplesStartFromTheJarToo() throws IOException {
        try (Stream<Path> examples = Files.list(ROOT.resolve("examples/python"))) {
            for (Path example : examples.filter(Files::isRegularFile).toList()) {
                List<String> said = Readme.lines("examples/python/" + example.getFileName()).stream()
                        .map(line -> line.replaceFirst("^.*?(?=mvn -q |java -jar )", ""))
                        .toList();
                assertEquals(Commands.byMaven(said), Commands.fromJar(said), example::toString);
            }
        }
    }

    /** A page of each protocol that has one names every action. */
    @Test
    void everyActionIsInItsPage() {
        Map<Protocol, String> pages = Map.of(
                Protocol.AMQP, "docs/amqp.md",
                Protocol.BOLT, "docs/bolt.md",
                Protocol.BOLT_SERVER, "docs/bolt.md",
                Protocol.FRAMED_CLIENT, "docs/framed.md",
                Protocol.FRAMED_SERVER, "docs/framed.md");
        pages.forEach((protocol, page) -> {
            String rows = Readme.lines(page).stream()
                    .filter(line -> line.startsWith("|"))
                    .map(line -> line.split("\\|")[1])
                    .collect(Collectors.joining("\n"));
            for (String action : protocol.actions()) {
                assertTrue(rows.matches("(?s).*\\b" + action + "\\b.*"), page + ": " + action);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            nullValues = "none",
            value = {
                "none                             | text",
                "output: what no test knows       | text",
                "source: src/Nowhere.java         | text",
                "source: .gitignore               | text",
                "source: src/test/java/dev/polywire/examples/FailedCalls.java            | text",
                "source: src/test/java/dev/polywire/examples/FailedCalls.java, elsewhere | text",
                "source: src/test/java/dev/polywire/house/broken/core/net/MachineSocket.java | text",
                "part of: pom.xml                 | text",
                "part of: nowhere.xml             | text",
                "configuration                    | {\"bridge\": {\"prot\": 1}}",
                "commands                         | java -jar target/polywire.jar run --conf conf/graph.json",
                "commands                         | mvn -q compile exec:java",
                "commands: conf/nowhere.yaml      | polywire call polywire.mongodb ping",
                "conversation: conf/tutorial.json | text",
                "conversation: conf/nowhere.json  | polywire.amqp ping {}",
                "unchecked: no                    | text",
            })
    void aBlockThatIsNot(String marker, String text) {
        assertNotNull(problem(new Block("docs/bad.md", 7, marker == null ? "" : marker, "json", List.of(text))));
    }

    /** @return null: there is none */
    private String problem(Block block) {
        String wrong = switch (block.kind()) {
            case "" -> HELP.stripTrailing();
            case "source" -> source(block);
            case "part of" ->
                isThere(block.argument())
                                && Collections.indexOfSubList(Readme.lines(block.argument()), block.lines()) >= 0
                        ? null
                        : ": these lines are not in " + block.argument();
            case "configuration" -> configuration(block);
            case "commands" -> commands(block);
            case "conversation" ->
                Conversation.read(block.commands()).isEmpty() || !isThere(block.argument())
                        ? ": no question, or no such configuration"
                        : null;
            case "unchecked" -> block.argument().length() < 15 ? ": say why it cannot be checked" : null;
            default ->
                TESTS.contains('"' + block.marker() + '"') || CI.contains(block.marker())
                        ? null
                        : ": no test has the string \"" + block.marker() + '"';
        };
        return wrong == null ? null : block.where() + wrong;
    }

    private static String source(Block block) {
        String[] argument = block.argument().split(", ");
        String file = argument[0];
        if (!isThere(file)) {
            return ": there is no " + file;
        }
        String name = file.substring(file.lastIndexOf('/') + 1);
        String word = name.endsWith(".java") && file.startsWith("src/") ? name.replace(".java", "") : name;
        if (!Pattern.compile("\\b" + Pattern.quote(word) + "\\b")
                .matcher(TESTS + CI)
                .find()) {
            return ": no test and nothing of .ci runs " + file;
        }
        List<String> shown = region(Readme.lines(file), argument.length == 1 ? "" : " " + argument[1]);
        if (!shown.equals(block.lines())) {
            return ": is not what " + block.argument() + " has between two lines README:\n" + String.join("\n", shown);
        }
        return null;
    }

    /** Without its indentation; a file without these lines is shown as a whole, but for its package, unless a name is asked for. */
    private static List<String> region(List<String> lines, String name) {
        List<String> marks = List.of("// README" + name, "# README" + name, "<!-- README" + name + " -->");
        List<Integer> at = Stream.iterate(0, line -> line + 1)
                .limit(lines.size())
                .filter(line -> marks.contains(lines.get(line).strip()))
                .toList();
        if (at.size() != 2) {
            return at.isEmpty() && name.isEmpty()
                    ? lines.subList(lines.get(0).startsWith("package ") ? 2 : 0, lines.size())
                    : List.of("(" + at.size() + " lines README" + name + ")");
        }
        List<String> region = lines.subList(at.get(0) + 1, at.get(1));
        int indentation = region.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return region.stream()
                .map(line -> line.substring(Math.min(indentation, line.length())))
                .toList();
    }

    /** Files of certificates and variables of tokens are there; everything else is as it stands. */
    private String configuration(Block block) {
        Certificates pem = Certificates.make(directory, "me", "ip:127.0.0.1");
        String text = block.text()
                .replaceAll("(\"?(?:trust|certificate)\"?: \"?)[\\w.-]+\\.(?:pem|crt)", "$1" + pem.certificate())
                .replaceAll("(\"?key\"?: \"?)[\\w.-]+\\.(?:pem|key)", "$1" + pem.key());
        Map<String, String> environment = Pattern.compile("\\{\"?env\"?: \"?(\\w+)\"?}")
                .matcher(text)
                .results()
                .collect(Collectors.toMap(name -> name.group(1), name -> Canary.of(name.group(1)), (one, same) -> one));
        try {
            Path file = Files.writeString(directory.resolve("block." + block.language()), text);
            Configuration read = Outcome.value(Configuration.read(vertx, environment, file));
            return read.complaints().isEmpty() ? null : ": " + read.complaints();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** What is started by Maven is started from the jar, too, with the same arguments, and the reverse. */
    private static String commands(Block block) {
        List<String> byMaven = Commands.byMaven(block.commands());
        List<String> fromJar = Commands.fromJar(block.commands());
        String configuration = Commands.configuration(block);
        if (!byMaven.equals(fromJar)) {
            return ": by Maven " + byMaven + ", from the jar " + fromJar;
        }
        return configuration.isEmpty() || isThere(configuration) ? null : ": there is no " + configuration;
    }

    private static boolean isThere(String file) {
        return Files.isRegularFile(ROOT.resolve(file));
    }

    private static String sources(String... ends) {
        Path from = ends[0].startsWith(".") ? ROOT.resolve(ends[0]) : ROOT.resolve("src/test/java");
        try (Stream<Path> files = Files.walk(from)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> ends[0].startsWith(".") || Stream.of(ends).anyMatch(file.toString()::endsWith))
                    // Its own bad examples are no tests of anything.
                    .filter(file -> !file.endsWith("PagesTest.java"))
                    .map(PagesTest::text)
                    .collect(Collectors.joining("\n"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
