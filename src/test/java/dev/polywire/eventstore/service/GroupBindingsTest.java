package dev.polywire.eventstore.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.json.Fields;
import dev.polywire.testing.Outcome;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Groups that the configuration binds to addresses. */
class GroupBindingsTest {

    private static final String CONFIGURED = "configured";

    private final EventStoreBus bus = new EventStoreBus().deploy();

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void sendsTheEventsOfTheGroup() {
        create();
        bus.append("ponies", -1, EventStoreBus.event(), EventStoreBus.event());
        List<Long> taken = take();
        deploy(false);
        await().until(() -> taken.equals(List.of(0L, 1L)));
        bus.append("ponies", 1, EventStoreBus.event());
        await().until(() -> taken.equals(List.of(0L, 1L, 2L)));
    }

    @Test
    void waitsForAGroupThatIsNotThereYet() {
        List<JsonObject> said = new CopyOnWriteArrayList<>();
        Outcome.value(bus.vertx
                .eventBus()
                .<JsonObject>consumer("polywire.bound.events", event -> {
                    if (event.body().containsKey(CONFIGURED)) {
                        said.add(event.body().getJsonObject(CONFIGURED));
                    }
                })
                .completion());
        List<Long> taken = take();
        deploy(false);
        await().until(() -> !said.isEmpty());
        assertEquals("bindings: work", said.get(0).getString("what"));
        assertEquals("NOT_FOUND", said.get(0).getString("name"));
        create();
        bus.append("ponies", -1, EventStoreBus.event());
        await().until(() -> taken.equals(List.of(0L)));
        assertEquals(1, said.size(), "it is said once");
    }

    @Test
    void failsTheDeploymentIfThatIsWanted() {
        assertEquals("NOT_FOUND", EventStoreBus.name((ServiceException) Outcome.failure(deployed(true))));
    }

    /** The server would give a slow event to somebody else, too. */
    @ParameterizedTest
    @CsvSource({
        ",, 25000, 9223372036854775807",
        "60000,, 55000, 55000",
        "4000,, 2000, 2000",
        "0,, 30000, 9223372036854775807",
        "60000, 1000, 1000, 55000",
    })
    void aConsumerHasLessTimeThanTheGroup(
            Integer messageTimeoutMillis, Long said, long timeoutMillis, long mayKeepMillis) {
        JsonObject json = new JsonObject();
        if (messageTimeoutMillis != null) {
            json.put("messageTimeoutMillis", messageTimeoutMillis);
        }
        if (said != null) {
            json.put("timeoutMillis", said);
        }
        GroupBinding binding = GroupBinding.of("ponies", "g", "work", Fields.of(json), null);
        assertEquals(timeoutMillis, binding.options().timeoutMillis());
        assertEquals(mayKeepMillis, binding.mayKeepMillis());
    }

    private void create() {
        Outcome.value(bus.service.createPersistentSubscription("ponies", "g", new JsonObject().put("startFrom", 0)));
    }

    private List<Long> take() {
        List<Long> taken = new CopyOnWriteArrayList<>();
        Outcome.value(bus.vertx
                .eventBus()
                .<JsonObject>consumer("work", event -> {
                    taken.add(event.body().getLong("eventNumber"));
                    event.reply(null);
                })
                .completion());
        return taken;
    }

    private void deploy(boolean failFast) {
        Outcome.value(deployed(failFast));
    }

    private Future<String> deployed(boolean failFast) {
        JsonObject binding =
                new JsonObject().put("streamId", "ponies").put("group", "g").put("address", "work");
        JsonObject config = EventStoreBus.ADMIN
                .copy()
                .put("name", "bound")
                .put("port", bus.store.port())
                .put("failFast", failFast)
                .put("bindings", new JsonArray().add(binding));
        return bus.vertx.deployVerticle(EventStoreVerticle.class, new DeploymentOptions().setConfig(config));
    }
}
