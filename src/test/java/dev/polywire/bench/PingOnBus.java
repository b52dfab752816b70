package dev.polywire.bench;

import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.service.MongoVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** {@code ping} by the connector's proxy. */
final class PingOnBus implements Load {

    private @Nullable MongoService service;

    @Override
    public Future<?> start(Vertx vertx, int port) {
        service = MongoService.proxy(vertx, "polywire.mongodb");
        return vertx.deployVerticle(
                new MongoVerticle(), new DeploymentOptions().setConfig(new JsonObject().put("port", port)));
    }

    @Override
    public void run(Window window) {
        window.open(() -> service.ping().onComplete(answer -> {
            if (answer.succeeded()) {
                window.ended();
            } else {
                window.failed(answer.cause());
            }
        }));
    }
}
