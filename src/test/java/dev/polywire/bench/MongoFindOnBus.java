package dev.polywire.bench;

import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.service.MongoVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Finds of one document by the connector's proxy, JSON to and from the bus. Every answer is looked at. */
abstract class MongoFindOnBus implements Load {

    private final JsonObject pool;
    private @Nullable MongoService service;

    /** @param pool options of the connector about its connections */
    private MongoFindOnBus(JsonObject pool) {
        this.pool = pool;
    }

    /** Up to eight commands in flight on a connection. */
    static final class Pipelined extends MongoFindOnBus {
        Pipelined() {
            super(new JsonObject().put("pipeline", 8));
        }
    }

    /** One command at a time on a connection, as drivers do it. */
    static final class OneEach extends MongoFindOnBus {
        OneEach() {
            super(new JsonObject().put("pipeline", 1));
        }
    }

    @Override
    public Future<?> start(Vertx vertx, int port) {
        MongoService proxy = MongoService.proxy(vertx, "polywire.mongodb");
        service = proxy;
        JsonObject config = pool.copy().put("port", port);
        return vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config))
                .compose(deployed -> find(proxy))
                .map(FindServer::checked);
    }

    @Override
    public void run(Window window) {
        MongoService proxy = service;
        window.open(() -> find(proxy).onComplete(answer -> {
            if (answer.succeeded() && FindServer.isFound(answer.result())) {
                window.ended();
            } else {
                window.failed(answer.succeeded() ? new IllegalStateException("not found") : answer.cause());
            }
        }));
    }

    /** A command of its own each time, as an application has it. */
    private static Future<JsonObject> find(MongoService service) {
        JsonObject find = new JsonObject()
                .put("find", "planets")
                .put("filter", new JsonObject().put("_id", 4711))
                .put("limit", 1)
                .put("singleBatch", true);
        return service.command("db", "find", find, null);
    }
}
