package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F48: a broker that ends the connection over one entity of the configuration is not asked for it again, and serves the rest. */
@Timeout(60)
class AmqpRefusedEntityTest {

    private static final String TEXT = "INTERNAL_ERROR - Feature `transient_nonexcl_queues` is deprecated.";
    private static final JsonObject SETTINGS = new JsonObject("""
            {"topology": {"queues": [{"queue": "bad"}, {"queue": "later"}, {"queue": "good"}]},
             "bindings": [{"queue": "none", "address": "nobody"}, {"queue": "good", "address": "somebody"}]}""");

    private final Set<String> hard = ConcurrentHashMap.newKeySet();
    private final Set<String> soft = ConcurrentHashMap.newKeySet();
    private volatile boolean isNamed = true;
    private final Scripted broker = new Scripted(this::asked);
    private final AmqpBus bus = new AmqpBus(broker);

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    private boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        if (!(asked.method() instanceof QueueMethod.Declare declare)) {
            return false;
        } else if (hard.contains(declare.queue())) {
            client.send(0, new ConnectionMethod.Close(541, TEXT, isNamed ? 50 : 0, isNamed ? 10 : 0));
            return true;
        } else if (soft.contains(declare.queue())) {
            client.send(asked.channel(), new ChannelMethod.Close(406, "PRECONDITION_FAILED", 50, 10));
            return true;
        }
        return false;
    }

    @Test
    void itIsLeftOutAndTheOthersGoOn() {
        hard.add("bad");
        soft.add("later");
        bus.deploy(SETTINGS);
        await().until(() -> status().getJsonArray("bindings").size() == 2);
        // Tried again every two seconds, without what is left out.
        await().until(() -> declared("later") >= 3);
        assertEquals(1, declared("bad"));
        assertEquals(1, declared("good"));
        assertEquals(List.of("bad true", "later false"), configured());
        assertEquals(1, status().getJsonArray("leftOut").size());
        JsonObject bad = status().getJsonArray("leftOut").getJsonObject(0);
        assertEquals("topology.queues[0]", bad.getString("what"));
        assertEquals(541, bad.getInteger("replyCode"));
        assertEquals(TEXT, bad.getString("replyText"));
        soft.clear();
        await().until(() -> status().getJsonArray("topology").size() == 2);
        assertEquals(List.of("bad true", "later false"), configured());
    }

    /** The broker may refuse at a recovery what it took before; it need not say what its error is about. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itIsLeftOutOfRecovery(boolean named) {
        isNamed = named;
        bus.deploy(SETTINGS);
        await().until(() -> status().getJsonArray("bindings").size() == 2);
        hard.add("bad");
        broker.consuming().abort();
        await().until(() -> status().getJsonArray("leftOut").size() == 1);
        await().until(() -> "ready".equals(status().getString("state")));
        assertEquals(named ? 2 : 3, declared("bad"));
        assertEquals(2, declared("good"));
        await().until(() -> bus.events.stream()
                        .filter(event -> event.getJsonObject("recovered", new JsonObject())
                                .containsKey("failure"))
                        .count()
                == 1);
        assertEquals(2, status().getJsonArray("topology").size());
        assertTrue(configured().isEmpty());
    }

    private JsonObject status() {
        return Outcome.value(bus.service.status());
    }

    private long declared(String queue) {
        return broker.asked(QueueMethod.Declare.class).stream()
                .filter(each -> each.queue().equals(queue))
                .count();
    }

    private List<String> configured() {
        return bus.events.stream()
                .filter(event -> event.containsKey("configured"))
                .map(event -> event.getJsonObject("configured"))
                .map(each -> SETTINGS.getJsonObject("topology")
                                .getJsonArray("queues")
                                .getJsonObject(
                                        Integer.parseInt(each.getString("what").replaceAll("\\D+", "")))
                                .getString("queue")
                        + " " + each.getBoolean("leftOut"))
                .toList();
    }
}
