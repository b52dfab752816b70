package dev.polywire.amqp.service;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.core.bus.Polywire;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connector on a bus, and a broker behind it. */
final class AmqpBus implements AutoCloseable {

    static final String ADDRESS = "polywire.amqp";

    final Vertx vertx = Polywire.install(Vertx.vertx());
    final AmqpService service = AmqpService.proxy(vertx, ADDRESS);
    final List<JsonObject> events = new CopyOnWriteArrayList<>();
    private final Broker broker;
    String deployment = "";

    AmqpBus(Broker broker) {
        this.broker = broker;
        Outcome.value(vertx.eventBus()
                .<JsonObject>consumer(ADDRESS + ".events", event -> events.add(event.body()))
                .completion());
    }

    AmqpBus deploy(JsonObject settings) {
        return deploy(settings, 1);
    }

    AmqpBus deploy(JsonObject settings, int instances) {
        return deployAs(
                new JsonObject()
                        .put("uri", "amqp://" + broker.host() + ":" + broker.port())
                        .put("virtualHost", broker.virtualHost())
                        .put("user", broker.user())
                        .put("password", broker.password())
                        .mergeIn(settings),
                instances);
    }

    /** With nothing but this. */
    AmqpBus deployAs(JsonObject config, int instances) {
        deployment = Outcome.value(vertx.deployVerticle(
                AmqpVerticle.class, new DeploymentOptions().setConfig(config).setInstances(instances)));
        return this;
    }

    AmqpBus deploy() {
        return deploy(new JsonObject());
    }

    /** A queue for this test. */
    String queue() {
        String name = broker.unique("service");
        Outcome.value(service.queueDeclare(name, null));
        return name;
    }

    void publish(String queue, String... texts) {
        for (String text : texts) {
            Outcome.value(service.publish(message(queue, text)));
        }
    }

    static JsonObject message(String queue, String text) {
        return new JsonObject().put("routingKey", queue).put("text", text);
    }

    long count(String queue) {
        return Outcome.value(service.queueDeclare(queue, new JsonObject().put("passive", true)))
                .getLong("messageCount");
    }

    JsonObject consume(String queue, JsonObject options) {
        return Outcome.value(service.consume(queue, options));
    }

    /** The texts of one batch. */
    List<String> texts(JsonObject handle, int batch, int max) {
        return items(handle, batch, max, 10_000).stream()
                .map(item -> ((JsonObject) item).getString("text"))
                .toList();
    }

    JsonArray items(JsonObject handle, int batch, int max, long waitMillis) {
        JsonObject question =
                new JsonObject().put("batch", batch).put("max", max).put("waitMillis", waitMillis);
        return ((JsonObject) Outcome.value(at(handle, "next", question))).getJsonArray("items");
    }

    int settle(JsonObject handle, String settlement) {
        JsonObject said = new JsonObject(settlement.replace('\'', '"'));
        return ((JsonObject) Outcome.value(at(handle, "settle", said))).getInteger("settled");
    }

    void close(JsonObject handle) {
        Outcome.value(at(handle, "close", new JsonObject()));
    }

    /** An action at a handle. */
    Future<Object> at(JsonObject handle, String action, JsonObject body) {
        return vertx.eventBus()
                .request(
                        handle.getString("address"),
                        body.copy().put("id", handle.getString("id")),
                        new DeliveryOptions().addHeader("action", action).addHeader("timeout", "20000"))
                .map(reply -> reply.body());
    }

    static ServiceException failure(Future<?> asked) {
        return (ServiceException) Outcome.failure(asked);
    }

    static String name(ServiceException failure) {
        return failure.getDebugInfo().getString("name");
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
    }
}
