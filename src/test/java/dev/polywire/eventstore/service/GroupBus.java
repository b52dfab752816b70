package dev.polywire.eventstore.service;

import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A connector on a bus, whose user is an administrator, and a server behind it with a stream that groups are of. */
final class GroupBus implements AutoCloseable {

    static final String STREAM = "ponies";
    static final String GROUP = "g";

    final LocalEventStore store = LocalEventStore.start();
    final Vertx vertx = Polywire.install(Vertx.vertx());
    final EventStoreService service = EventStoreService.proxy(vertx, "polywire.eventstore");

    GroupBus() {
        JsonObject config = new JsonObject()
                .put("host", "127.0.0.1")
                .put("port", store.port())
                .put("user", "admin")
                .put("password", "changeit");
        Outcome.value(vertx.deployVerticle(new EventStoreVerticle(), new DeploymentOptions().setConfig(config)));
    }

    static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }

    /** A group from the stream's first event. @param settings besides */
    GroupBus create(String settings) {
        Outcome.value(service.createPersistentSubscription(
                STREAM, GROUP, new JsonObject().put("startFrom", 0).mergeIn(json(settings))));
        return this;
    }

    /** Events whose JSON is {@code {"n": 0}} and so on. */
    void append(int events) {
        List<JsonObject> all = IntStream.range(0, events)
                .mapToObj(n -> new JsonObject().put("eventType", "t").put("json", new JsonObject().put("n", n)))
                .toList();
        Outcome.value(service.append(STREAM, -2, all, null));
    }

    JsonObject consume(String options) {
        return Outcome.value(service.consume(STREAM, GROUP, json(options)));
    }

    /** The next batch, of up to so many items, that has any. */
    JsonArray next(JsonObject handle, long batch, int max) {
        return Outcome.value(room(handle).next(handle.getString("id"), batch, max, 10_000L))
                .getJsonArray("items");
    }

    StreamService room(JsonObject handle) {
        return StreamService.proxy(vertx, handle.getString("address"));
    }

    /** What has become of events. */
    long count(String name) {
        return Outcome.value(service.status())
                .getJsonObject("persistentSubscriptions")
                .getLong(name);
    }

    /** Links to the events that are parked, as their text and the reason. */
    List<String> parked() {
        JsonObject options = json("{'resolveLinkTos':false,'text':true}");
        return Outcome.value(service.readStream("$persistentsubscription-ponies::g-parked", options)
                        .map(read -> read.getJsonArray("events"))
                        .otherwise(new JsonArray()))
                .stream()
                .map(JsonObject.class::cast)
                .map(each -> each.getString("text") + " "
                        + each.getJsonObject("metadataJson").getString("reason"))
                .toList();
    }

    void fail(FaultPlan plan) {
        Outcome.value(store.server().nodes().get(0).fail(plan));
    }

    static String failure(Supplier<Future<?>> work) {
        ServiceException why = (ServiceException) Outcome.failure(work.get());
        return why.getDebugInfo().getString("name");
    }

    @Override
    public void close() {
        Outcome.value(vertx.close());
        store.close();
    }
}
