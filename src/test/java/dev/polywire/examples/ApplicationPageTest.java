package dev.polywire.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.MissingLibraryException;
import dev.polywire.testing.LoopbackNode;
import dev.polywire.testing.Outcome;
import io.vertx.core.Vertx;
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
        assertEquals(Readme.block(PAGE, "source: " + file), Readme.classOf(file));
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
        assertTrue(Readme.lines(PAGE).contains(missing.getMessage()), missing::getMessage);
    }

    @Test
    void theNodeJoins() {
        Vertx node = Outcome.value(
                ClusterNode.join(LoopbackNode.options(), LoopbackNode.manager("page-" + UUID.randomUUID(), List.of())));
        assertTrue(node.isClustered());
        Outcome.value(node.close());
    }

    private static int next(List<String> lines, int before, String line) {
        int next = lines.subList(before + 1, lines.size()).indexOf(line);
        return next < 0 ? next : before + 1 + next;
    }
}
