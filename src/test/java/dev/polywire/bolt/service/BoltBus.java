package dev.polywire.bolt.service;

import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.core.bus.Polywire;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;

/** A connector on a bus, and a scripted server behind it. */
final class BoltBus implements AutoCloseable {

    static final String ADDRESS = "polywire.bolt";

    final Vertx vertx = Polywire.install(Vertx.vertx());
    private final Loop serving = new Loop();
    final ScriptedBolt server = new ScriptedBolt(serving);
    final BoltService service = BoltService.proxy(vertx, ADDRESS);
    String deployment = "";

    BoltBus deploy(JsonObject settings) {
        JsonObject config =
                new JsonObject().put("uri", "bolt://127.0.0.1:" + server.port).mergeIn(settings);
        deployment = Outcome.value(vertx.deployVerticle(new BoltVerticle(), new DeploymentOptions().setConfig(config)));
        return this;
    }

    BoltBus deploy() {
        return deploy(new JsonObject());
    }

    Future<Object> ask(String address, String action, JsonObject body, long deadlineMillis) {
        DeliveryOptions options = new DeliveryOptions()
                .addHeader("action", action)
                .addHeader("timeout", Long.toString(deadlineMillis))
                .setSendTimeout(deadlineMillis + 20_000);
        return vertx.eventBus().request(address, body, options).map(reply -> reply.body());
    }

    /** One batch of a stream. */
    JsonObject next(JsonObject handle, long batch, int max) {
        return (JsonObject) Outcome.value(next(handle, batch, max, 20_000));
    }

    Future<Object> next(JsonObject handle, long batch, int max, long deadlineMillis) {
        JsonObject body = new JsonObject()
                .put("id", handle.getString("id"))
                .put("batch", batch)
                .put("max", max)
                .put("waitMillis", 10_000);
        return ask(handle.getString("address"), "next", body, deadlineMillis);
    }

    void close(JsonObject stream) {
        Outcome.value(
                ask(stream.getString("address"), "close", new JsonObject().put("id", stream.getString("id")), 20_000));
    }

    /** On the server's side. */
    void serving(Runnable step) {
        serving.run(step);
    }

    long counter(String name) {
        return Outcome.value(service.status()).getJsonObject("counters").getLong(name);
    }

    /** What the server was asked by client {@code number}, but for the greeting. */
    List<String> asked() {
        return server.asked.stream()
                .map(each -> each.substring(each.indexOf(' ') + 1))
                .filter(each -> !List.of("HELLO", "LOGON").contains(each))
                .toList();
    }

    static ServiceException failure(Future<?> asked) {
        return (ServiceException) Outcome.failure(asked);
    }

    static String name(ServiceException failure) {
        return failure.getDebugInfo().getString("name");
    }

    static JsonArray rows(Object... values) {
        JsonArray rows = new JsonArray();
        for (Object value : values) {
            rows.add(new JsonArray().add(value));
        }
        return rows;
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
        serving.close();
    }
}
