package dev.polywire.bolt.service;

import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.core.bus.AskingWing;
import dev.polywire.core.bus.DiallingConnectorContract;
import dev.polywire.testing.Gate;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The contract for Bolt: a scripted server. */
class BoltContractTest extends DiallingConnectorContract {

    @Override
    protected AskingWing wing() {
        return new Bolt();
    }

    private static final class Bolt implements AskingWing {

        private final Loop serving = new Loop();
        private final Gate gate = new Gate(new ScriptedBolt(serving).port);

        @Override
        public String address() {
            return "polywire.bolt";
        }

        @Override
        public String deploy(Vertx vertx, JsonObject settings) {
            JsonObject config = new JsonObject()
                    .put("uri", "bolt://127.0.0.1:" + gate.port())
                    .put("maxConnections", 4)
                    .mergeIn(settings);
            return Outcome.value(vertx.deployVerticle(new BoltVerticle(), new DeploymentOptions().setConfig(config)));
        }

        @Override
        public JsonObject at(String host) {
            return new JsonObject().put("uri", "bolt://" + host + ":" + gate.port());
        }

        @Override
        public Gate gate() {
            return gate;
        }

        @Override
        public Call harmless() {
            return query("run", "one row", "read");
        }

        /** Every other one changes something. */
        @Override
        public List<Call> load(int count) {
            return IntStream.range(0, count)
                    .mapToObj(i -> query("run", "rows 3", i % 2 == 0 ? "read" : "write"))
                    .toList();
        }

        private static Call query(String action, String query, String mode) {
            return new Call(
                    action, new JsonObject().put("query", query).put("options", new JsonObject().put("mode", mode)));
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
        public void produce(int count) {}

        @Override
        public Call open() {
            return query("open", "rows 1000", "read");
        }

        @Override
        public void close() {
            gate.close();
            serving.close();
        }
    }
}
