package dev.polywire.core.bus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.Link;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The state of a connector has one shape, whether asked for or published. */
class StatusTest {

    private static final Set<String> SHAPE = Set.of(
            "name",
            "protocol",
            "address",
            "instance",
            "target",
            "state",
            "since",
            "inFlight",
            "streams",
            "bindings",
            "counters");

    private final Vertx vertx = Vertx.vertx();
    private final List<JsonObject> events = new CopyOnWriteArrayList<>();
    private final ProbeVerticle probe = new ProbeVerticle(new JsonObject().put("name", "mine"));

    @BeforeEach
    void listen() {
        Outcome.value(vertx.eventBus()
                .<JsonObject>consumer("polywire.mine.events", event -> events.add(event.body()))
                .completion());
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    @Test
    void anEventIsAStatusWithoutTheMemoryOfAll() {
        String id = Outcome.value(vertx.deployVerticle(probe));
        JsonObject status =
                Outcome.value(ProbeService.proxy(vertx, "polywire.mine").status());
        assertEquals(
                Set.of("maxBytes", "heldBytes", "largest", "stopped", "refused", "dropped"),
                ((JsonObject) status.remove("memory")).fieldNames());
        assertEquals(SHAPE, status.fieldNames());
        assertEquals("mine", status.getString("name"));
        assertEquals("probe", status.getString("protocol"));
        assertEquals("polywire.mine", status.getString("address"));
        assertEquals("nobody:0", status.getString("target"));
        assertEquals("ready", status.getString("state"));
        assertEquals(1, status.getInteger("inFlight"), "its own");
        assertTrue(!Instant.parse(status.getString("since")).isAfter(Instant.now()));
        assertEquals(
                new JsonObject()
                        .put("abandoned", 0)
                        .put("acknowledged", 0)
                        .put("delivered", 0)
                        .put("deliveryTimeouts", 0)
                        .put("given", 0)
                        .put("lapsedStreams", 0)
                        .put("lateSettlements", 0)
                        .put("lateAnswers", 0)
                        .put("noAnswers", 0)
                        .put("pauses", 0)
                        .put("refusedRequests", 0)
                        .put("rejected", 0)
                        .put("requests", 1)
                        .put("requeued", 0)
                        .put("returned", 0)
                        .put("stale", 0)
                        .put("staleAnswers", 0)
                        .put("unwatched", 0),
                status.getJsonObject("counters"));

        Outcome.value(vertx.undeploy(id));
        await().until(() -> events.size() == 2);
        assertEquals("ready", events.get(0).getString("state"));
        assertEquals("closed", events.get(1).getString("state"));
        for (JsonObject event : events) {
            assertEquals(SHAPE, event.fieldNames());
            assertEquals(status.getString("instance"), event.getString("instance"));
        }
    }

    @Test
    void everyChangeIsPublishedOnce() {
        Outcome.value(vertx.deployVerticle(probe));
        become(ConnectorState.READY, null);
        become(ConnectorState.RECOVERING, "reset by peer");
        become(ConnectorState.RECOVERING, "refused");
        become(ConnectorState.RECOVERING, null);
        become(ConnectorState.READY, null);
        await().until(() -> events.size() == 4);
        assertEquals(
                List.of("ready null", "recovering reset by peer", "recovering refused", "ready null"),
                events.stream()
                        .map(each -> each.getString("state") + " " + each.getString("reason"))
                        .toList());
        assertEquals(events.get(1).getString("since"), events.get(2).getString("since"), "the state did not change");
    }

    @Test
    void instancesDiffer() {
        ProbeVerticle other = new ProbeVerticle(new JsonObject().put("name", "mine"));
        Outcome.value(vertx.deployVerticle(probe));
        Outcome.value(vertx.deployVerticle(other));
        assertNotEquals(probe.seen().getString("instance"), other.seen().getString("instance"));
    }

    @ParameterizedTest
    @EnumSource
    void everyStateOfALinkIsOneOfAConnector(Link.State state) {
        Outcome.value(vertx.deployVerticle(probe));
        Outcome.on(probe.home(), () -> {
            probe.connector().state(state, null);
            return Future.succeededFuture();
        });
        assertEquals(state.name(), probe.connector().state().name());
    }

    private void become(ConnectorState state, String reason) {
        Outcome.on(probe.home(), () -> {
            probe.connector().become(state, reason);
            return Future.succeededFuture();
        });
    }
}
