package dev.polywire.eventstore.service;

import dev.polywire.core.bus.Polywire;
import dev.polywire.eventstore.server.EventStoreServerOptions;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.ListeningNode;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.server.NodeEndpoints;
import dev.polywire.eventstore.server.ServerVersion;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;

/** A connector on a bus, and a server of ours behind it. */
final class EventStoreBus implements AutoCloseable {

    static final String ADDRESS = "polywire.eventstore";
    static final JsonObject ADMIN = new JsonObject().put("user", "admin").put("password", "changeit");

    final LocalEventStore store;
    final ListeningNode node;
    final Vertx vertx = Polywire.install(Vertx.vertx());
    final EventStoreService service = EventStoreService.proxy(vertx, ADDRESS);

    EventStoreBus() {
        this(ServerVersion.V5_0_11);
    }

    EventStoreBus(ServerVersion version) {
        store = LocalEventStore.start(EventStoreServerOptions.DEFAULT.like(version), NodeEndpoints.loopback());
        node = store.server().nodes().get(0);
    }

    /** Of an administrator, unless the settings name somebody else. */
    EventStoreBus deploy(JsonObject settings) {
        return deployAs(ADMIN.copy().mergeIn(settings));
    }

    EventStoreBus deploy() {
        return deploy(new JsonObject());
    }

    /** With nothing but this, and where the server is. */
    EventStoreBus deployAs(JsonObject settings) {
        JsonObject config = new JsonObject().put("port", store.port()).mergeIn(settings);
        Outcome.value(vertx.deployVerticle(EventStoreVerticle.class, new DeploymentOptions().setConfig(config)));
        return this;
    }

    /** The service for callers who wait no longer. */
    EventStoreService within(long millis) {
        return EventStoreService.proxy(vertx, ADDRESS, millis);
    }

    /** Faults from now on, of a connector that is connected. */
    void fail(FaultPlan plan) {
        Outcome.value(service.ping());
        Outcome.value(node.fail(plan));
    }

    JsonObject append(String stream, long expectedVersion, JsonObject... events) {
        return Outcome.value(service.append(stream, expectedVersion, List.of(events), null));
    }

    JsonArray events(String stream) {
        return Outcome.value(service.readStream(stream, null)).getJsonArray("events");
    }

    long counter(String name) {
        return Outcome.value(service.status()).getJsonObject("counters").getLong(name);
    }

    /** A small event. */
    static JsonObject event() {
        return event(new JsonObject().put("a", 1));
    }

    static JsonObject event(Object json) {
        return new JsonObject().put("eventType", "t").put("json", json);
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
        store.close();
    }
}
