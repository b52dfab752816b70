package dev.polywire.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.mongo.MongoClient;

/** Finds of one document by Vert.x's MongoDB client, run by the benchmark's {@code Contender} with the jars of this folder. */
final class VertxMongoLoad implements Load {

    private static final String FOUND =
            "{\"_id\":4711,\"name\":\"Jupiter\",\"rings\":true,\"temperatures\":[-145.5,-108.2]}";

    private MongoClient client;

    @Override
    public Future<?> start(Vertx vertx, int port) {
        client = MongoClient.create(
                vertx,
                new JsonObject()
                        .put("connection_string", "mongodb://127.0.0.1:" + port + "/?maxPoolSize=64")
                        .put("db_name", "db"));
        return find().map(document -> {
            if (!document.equals(new JsonObject(FOUND))) {
                throw new IllegalStateException("found " + document.encode());
            }
            return document;
        });
    }

    @Override
    public void run(Window window) {
        window.open(() -> find().onComplete(found -> {
            if (found.succeeded() && found.result() != null) {
                window.ended();
            } else {
                window.failed(found.succeeded() ? new IllegalStateException("not found") : found.cause());
            }
        }));
    }

    /** A query of its own each time, as an application has it; all fields. */
    private Future<JsonObject> find() {
        return client.findOne("planets", new JsonObject().put("_id", 4711), null);
    }
}
