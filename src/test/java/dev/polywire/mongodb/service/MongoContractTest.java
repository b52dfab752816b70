package dev.polywire.mongodb.service;

import dev.polywire.core.bus.AskingWing;
import dev.polywire.core.bus.DiallingConnectorContract;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.mongodb.server.ScriptedMongo;
import dev.polywire.testing.Gate;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The contract for MongoDB: a scripted server that keeps one shelf of documents. */
class MongoContractTest extends DiallingConnectorContract {

    @Override
    protected AskingWing wing() {
        return new Mongo();
    }

    private static final class Mongo implements AskingWing {

        private final Vertx serving = Vertx.vertx();
        private final Gate gate = new Gate(
                Outcome.value(new ScriptedMongo(serving, EndpointOptions.of("127.0.0.1", 0), new Shelf()).listen()));
        private Vertx vertx;

        @Override
        public String address() {
            return "polywire.mongodb";
        }

        @Override
        public String deploy(Vertx vertx, JsonObject settings) {
            this.vertx = vertx;
            JsonObject config = new JsonObject().put("port", gate.port()).mergeIn(settings);
            return Outcome.value(vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config)));
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public Call harmless() {
            return command("command", "count", new JsonObject());
        }

        /** Every other one changes something. */
        @Override
        public List<Call> load(int count) {
            return IntStream.range(0, count)
                    .mapToObj(i -> command("command", i % 2 == 0 ? "find" : "insert", new JsonObject()))
                    .toList();
        }

        private static Call command(String action, String name, JsonObject arguments) {
            return new Call(
                    action,
                    new JsonObject()
                            .put("database", "db")
                            .put("name", name)
                            .put(
                                    "arguments",
                                    new JsonObject().put(name, "things").mergeIn(arguments)));
        }

        @Override
        public Set<String> lost() {
            return Set.of("CONNECTION_LOST", "UNKNOWN_OUTCOME");
        }

        @Override
        public Set<String> late() {
            return Set.of("TIMEOUT", "UNAVAILABLE");
        }

        @Override
        public void produce(int count) {
            JsonArray documents = new JsonArray();
            IntStream.range(0, count).forEach(i -> documents.add(new JsonObject().put("_id", i)));
            Outcome.value(MongoService.proxy(vertx, address())
                    .command(
                            "db",
                            "insert",
                            new JsonObject().put("insert", "things").put("documents", documents),
                            null));
        }

        @Override
        public Call open() {
            return command("open", "find", new JsonObject());
        }

        @Override
        public void close() {
            gate.close();
            Outcome.value(serving.close());
        }
    }
}
