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

    /** A connector that is connected when it is deployed. @param settings whole, but for that */
    Future<String> deploying(JsonObject settings) {
        JsonObject config = settings.copy().put("failFast", true);
        return vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config));
    }

    /** @param settings beside those of {@link FerretDb#settings} */
    void deploy(JsonObject settings) {
        Outcome.value(deploying(server.settings().mergeIn(settings)));
    }

    /** The fields of a connector that logs in. */
    static JsonObject user() {
        return new JsonObject()
                .put("user", FerretDb.USER)
                .put("password", FerretDb.PASSWORD)
                .put("authSource", FerretDb.AUTH_SOURCE);
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
