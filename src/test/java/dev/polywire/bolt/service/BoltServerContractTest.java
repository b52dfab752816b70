package dev.polywire.bolt.service;

import dev.polywire.core.bus.ConnectorContract;
import dev.polywire.core.bus.Wing;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** The contract for the Bolt server, which is asked for its state only. */
class BoltServerContractTest extends ConnectorContract {

    @Override
    protected Wing wing() {
        return new Server();
    }

    private record Server() implements Wing {

        @Override
        public String address() {
            return "polywire.bolt-server";
        }

        @Override
        public String deploy(Vertx vertx, JsonObject settings) {
            JsonObject config =
                    new JsonObject().put("port", 0).put("handler", "graph").mergeIn(settings);
            return Outcome.value(
                    vertx.deployVerticle(new BoltServerVerticle(), new DeploymentOptions().setConfig(config)));
        }

        @Override
        public Call harmless() {
            return Call.of("ping");
        }

        @Override
        public void close() {}
    }
}
