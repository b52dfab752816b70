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
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the page for applications says beside the application that {@code .ci/suites/java-app} runs. */
@Timeout(120)
class ApplicationPageTest {

    private static final String PAGE = "docs/application.md";
    private static final Pattern CLASS = Pattern.compile("`(dev\\.polywire\\.[a-z.]+\\.[A-Z]\\w+)`");

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
}
