package dev.polywire.bolt.service;

import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.core.bus.Polywire;
import dev.polywire.testing.EveryCut;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.StreamPeek;
import dev.polywire.testing.TrueOutcomes;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A conversation with a server that is cut behind every byte. */
class BoltCutTest {

    private final Vertx vertx = Polywire.install(Vertx.vertx());
    private final Loop serving = new Loop();
    private final Set<String> executed = ConcurrentHashMap.newKeySet();
    private final TrueOutcomes outcomes = new TrueOutcomes();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        serving.close();
    }

    @Test
    void everyCut() {
        ScriptedBolt server = new ScriptedBolt(serving).noting(executed);
        EveryCut.of(server.port, 17, this::converse);
        outcomes.verify(executed);
    }

    private Future<?> converse(int port, int number) {
        JsonObject settings = new JsonObject()
                .put("name", "b" + number)
                .put("uri", "bolt://127.0.0.1:" + port)
                .put("maxConnections", 1);
        return vertx.deployVerticle(new BoltVerticle(), new DeploymentOptions().setConfig(settings))
                .compose(id -> {
                    BoltService bolt = BoltService.proxy(vertx, "polywire.b" + number);
                    JsonObject reads = new JsonObject().put("mode", "read");
                    JsonObject repeated = new JsonObject().put("retry", true);
                    Future<Void> first = outcomes.write("one " + number, bolt.run("one " + number, null, null));
                    Future<Void> second = outcomes.read(bolt.run("rows 3", null, reads));
                    Future<Void> third = outcomes.write("two " + number, bolt.run("two " + number, null, repeated));
                    Future<JsonObject> opened = bolt.open("rows 3", null, reads);
                    Future<Void> next = opened.transform(stream ->
                            outcomes.read(stream.failed() ? opened : StreamPeek.next(vertx, stream.result())));
                    return Future.join(first, second, third, next).eventually(() -> vertx.undeploy(id));
                });
    }
}
