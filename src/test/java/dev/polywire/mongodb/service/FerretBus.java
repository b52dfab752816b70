package dev.polywire.mongodb.service;

import dev.polywire.testing.FerretDb;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** A FerretDB, and connectors to it. */
final class FerretBus implements AutoCloseable {

    final FerretDb server;
    final Vertx vertx = Vertx.vertx();

    FerretBus(FerretDb server) {
        this.server = server;
    }

    /** A connector that is connected when it is deployed. @param settings beside the port, or instead of it */
    Future<String> deploying(JsonObject settings) {
        JsonObject config = server.settings().put("failFast", true).mergeIn(settings);
        return vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config));
    }

    void deploy(JsonObject settings) {
        Outcome.value(deploying(settings));
    }

    MongoService mongo() {
        return MongoService.proxy(vertx, "polywire.mongodb");
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
        server.close();
    }
}
