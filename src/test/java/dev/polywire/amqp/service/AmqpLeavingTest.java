package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.message;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An undeployment under load: each publish has one outcome, and the true one. */
@Timeout(60)
class AmqpLeavingTest {

    private static final int PUBLISHES = 300;

    private final Scripted broker = new Scripted(this::asked);
    private final AmqpBus bus = new AmqpBus(broker);
    private final Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();
    private volatile int confirmed;
    private volatile int channel;

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    /** Confirms the first ones. */
    private boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        if (!(asked.method() instanceof ContentMethod.Publish)) {
            return false;
        }
        channel = asked.channel();
        if (client.published(channel) <= confirmed) {
            client.answer(asked);
        }
        return true;
    }

    /** Of those that have no confirm 200 are sent at a time. */
    @ParameterizedTest
    @CsvSource({"0, 200, 100", "100, 200, 0", "300, 0, 0"})
    void eachHasOneOutcome(int confirmed, int unknown, int unsent) {
        this.confirmed = confirmed;
        publish(1);
        await().until(() -> broker.asked(ContentMethod.Publish.class).size() == confirmed + unknown);
        Outcome.value(bus.vertx.undeploy(bus.deployment));
        Map<String, Integer> expected =
                new TreeMap<>(Map.of("DONE", confirmed, "UNKNOWN_OUTCOME", unknown, "SHUTTING_DOWN", unsent));
        expected.values().removeIf(count -> count == 0);
        assertEquals(expected, outcomes());
    }

    /** It waits for those that it has taken, and sends what was not sent. */
    @Test
    void confirmsThatComeWhileItLeavesCount() {
        publish(20_000);
        await().until(() -> broker.asked(ContentMethod.Publish.class).size() == 200);
        bus.vertx.eventBus().consumer(NodeWatch.LEAVING, leaving -> {
            confirmed = PUBLISHES;
            broker.publishing().send(channel, new BasicMethod.Ack(200, true));
        });
        Outcome.value(bus.vertx.undeploy(bus.deployment));
        assertEquals(Map.of("DONE", PUBLISHES), outcomes());
    }

    private void publish(long drainMillis) {
        bus.deploy(new JsonObject().put("maxUnconfirmed", 200).put("drainMillis", drainMillis));
        Outcome.value(bus.service.ping());
        for (int i = 0; i < PUBLISHES; i++) {
            bus.service.publish(message("q", "message " + i)).onComplete((published, cause) -> {
                String outcome = cause == null ? "DONE" : AmqpBus.name((ServiceException) cause);
                outcomes.merge(outcome, 1, Integer::sum);
            });
        }
    }

    private Map<String, Integer> outcomes() {
        await().until(() -> outcomes.values().stream().mapToInt(count -> count).sum() >= PUBLISHES);
        return outcomes;
    }
}
