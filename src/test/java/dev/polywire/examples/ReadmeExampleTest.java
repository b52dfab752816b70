package dev.polywire.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.polywire.mongodb.service.MongoVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {

    private static final String FILE = "src/test/java/dev/polywire/examples/ReadmeExample.java";

    @Test
    void printsWhatTheReadmeSays() {
        MongoServer server = new MongoServer(new MemoryBackend());
        Vertx vertx = Vertx.vertx();
        try {
            JsonObject config = new JsonObject().put("port", server.bind().getPort());
            vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config))
                    .await();
            List<String> printed = new CopyOnWriteArrayList<>();
            vertx.deployVerticle(new ReadmeExample(printed::add)).await();
            assertEquals(Readme.block("output: " + FILE), printed);
        } finally {
            vertx.close().await();
            server.shutdownNow();
        }
    }

    @Test
    void isTheCodeInTheReadme() {
        assertEquals(Readme.block("source: " + FILE), ApplicationPageTest.classOf(FILE));
    }

    @Test
    void whoWatchesIsTheCodeInTheReadme() {
        String file = "src/test/java/dev/polywire/examples/FailedCalls.java";
        List<String> lines = Readme.lines(file);
        String marker = "// README";
        assertEquals(
                Readme.block("source: " + file), lines.subList(lines.indexOf(marker) + 1, lines.lastIndexOf(marker)));
    }
}
