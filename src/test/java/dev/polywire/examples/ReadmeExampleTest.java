package dev.polywire.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.service.MongoVerticle;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {

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
            assertEquals(Readme.block("output: src/test/java/dev/polywire/examples/ReadmeExample.java"), printed);
        } finally {
            vertx.close().await();
            server.shutdownNow();
        }
    }

    /** Of a server that closes in place of an answer. */
    @Test
    void countsWhatTheReadmeCounts() {
        Vertx vertx = Vertx.vertx();
        try {
            ScriptedMongo server =
                    new ScriptedMongo(vertx, EndpointOptions.of("127.0.0.1", 0), (peer, request) -> peer.close());
            JsonObject config =
                    new JsonObject().put("port", Outcome.value(server.listen())).put("heartbeatMillis", 0);
            FailedCalls failed = new FailedCalls();
            Outcome.value(vertx.deployVerticle(new MongoVerticle(failed), new DeploymentOptions().setConfig(config)));
            Outcome.failure(MongoService.proxy(vertx, "polywire.mongodb")
                    .command("test", "insert", new JsonObject().put("insert", "planets"), null));
            assertEquals(1, failed.byOperation.get("mongodb insert").sum());
        } finally {
            Outcome.value(vertx.close());
        }
    }
}
