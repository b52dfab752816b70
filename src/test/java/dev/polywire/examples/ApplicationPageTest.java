package dev.polywire.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.MissingLibraryException;
import dev.polywire.mongodb.service.MongoVerticle;
import dev.polywire.testing.LoopbackNode;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page for applications shows what is compiled and run: {@code .ci/suites/java-app} runs the application on it. */
@Timeout(120)
class ApplicationPageTest {

    private static final String PAGE = "docs/application.md";
    private static final Pattern CLASS = Pattern.compile("`(dev\\.polywire\\.[a-z.]+\\.[A-Z]\\w+)`");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "examples/java-app/src/main/java/com/example/JavaApp.java",
                "src/test/java/dev/polywire/examples/ClusterNode.java"
            })
    void showsTheClass(String file) {
        assertEquals(Readme.block(PAGE, "source: " + file), classOf(file));
    }

    @Test
    void showsPartsOfItsPom() {
        String marker = "<!-- part of: examples/java-app/pom.xml -->";
        List<String> pom = Readme.lines("examples/java-app/pom.xml");
        List<String> page = Readme.lines(PAGE);
        List<List<String>> parts = new ArrayList<>();
        for (int at = page.indexOf(marker); at >= 0; at = next(page, at, marker)) {
            List<String> behind = page.subList(at + 2, page.size());
            parts.add(behind.subList(0, behind.indexOf("```")));
        }
        assertEquals(2, parts.size());
        parts.forEach(part -> assertTrue(Collections.indexOfSubList(pom, part) > 0, part::toString));
    }

    @Test
    void namesClassesThatAreThere() throws Exception {
        List<String> named = CLASS.matcher(String.join("\n", Readme.lines(PAGE)))
                .results()
                .map(each -> each.group(1))
                .toList();
        assertFalse(named.isEmpty());
        for (String each : named) {
            Class.forName(each);
        }
    }

    @Test
    void showsWhatAMissingLibrarySays() {
        Throwable missing = MissingLibraryException.or(new NoClassDefFoundError("org/bson/io/BsonOutput"));
        assertEquals(Readme.block(PAGE, "output: a missing library"), List.of(missing.getMessage()));
    }

    @Test
    void showsWhatMistakesSay() {
        Vertx vertx = Vertx.vertx();
        JsonObject entry =
                new JsonObject().put("type", "mongodb").put("port", 70_000).put("pasword", "x");
        Throwable wrong =
                Outcome.failure(vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(entry)));
        assertEquals(
                Readme.block(PAGE, "output: mistakes"),
                wrong.getMessage()
                        .replaceFirst("\\[address, [^\\]]+", "[address, ...")
                        .lines()
                        .toList());
        Outcome.value(vertx.close());
    }

    /** Of one version, which has no parts of its own for some of Vert.x. */
    @Test
    void showsWhatAVersionNeeds() {
        List<String> managed = Readme.block(PAGE, "managed with 5.2.0");
        assertEquals(
                4,
                managed.stream()
                        .filter(line -> line.contains("<version>5.1.6<"))
                        .count(),
                managed::toString);
        assertEquals(20, managed.size());
    }

    @Test
    void theNodeJoins() {
        Vertx node = Outcome.value(
                ClusterNode.join(LoopbackNode.options(), LoopbackNode.manager("page-" + UUID.randomUUID(), List.of())));
        assertTrue(node.isClustered());
        Outcome.value(node.close());
    }

    /** The lines of a Java file, without its package. */
    static List<String> classOf(String file) {
        List<String> lines = Readme.lines(file);
        return lines.subList(2, lines.size());
    }

    private static int next(List<String> lines, int before, String line) {
        int next = lines.subList(before + 1, lines.size()).indexOf(line);
        return next < 0 ? next : before + 1 + next;
    }
}
