package dev.polywire.bridge;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Supplier;

/** A bridge that runs, on a Vert.x of its own with one event loop: what runs there may look at everything. */
final class BridgeRig implements AutoCloseable {

    final Vertx vertx;
    private final TcpBridgeVerticle bridge = new TcpBridgeVerticle();
    private final String deployment;

    /** @param config all but port and {@code call} */
    BridgeRig(JsonObject config, JsonObject... call) {
        this(Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)), config, call);
    }

    /** @param vertx of which only the bus is looked at, unless it has one event loop */
    BridgeRig(Vertx vertx, JsonObject config, JsonObject... call) {
        this.vertx = vertx;
        JsonObject whole = config.copy().put("port", 0).put("call", new JsonArray(List.of(call)));
        deployment = deployed(whole);
    }

    private String deployed(JsonObject config) {
        try {
            return await(vertx.deployVerticle(bridge, new DeploymentOptions().setConfig(config)));
        } catch (AssertionError refused) {
            close();
            throw refused;
        }
    }

    /** One permission. @param actions none: all of them */
    static JsonObject call(String address, String... actions) {
        return new JsonObject()
                .put("address", address)
                .put("actions", actions.length == 0 ? "*" : new JsonArray(List.of(actions)));
    }

    BridgeClient client() {
        return new BridgeClient(bridge.actualPort());
    }

    int port() {
        return bridge.actualPort();
    }

    JsonObject counters() {
        return onLoop(bridge::counters);
    }

    JsonObject memory() {
        return onLoop(bridge::memory);
    }

    /** What all clients together make the bridge hold. */
    long heldBytes() {
        return memory().getLong("heldBytes");
    }

    int connected() {
        return onLoop(bridge::connected);
    }

    Future<Void> reload(JsonObject config) {
        return bridge.reload(config.copy().put("port", 0));
    }

    Future<Void> leave() {
        return vertx.undeploy(deployment);
    }

    <T> T onLoop(Supplier<T> question) {
        Promise<T> answer = Promise.promise();
        vertx.runOnContext(v -> answer.complete(question.get()));
        return await(answer.future());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
