package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.broker.Brokers;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A consumer that is over its limit for longer than a broker, or we, wait for a heartbeat. */
@ExtendWith(Brokers.class)
@Timeout(120)
class AmqpHeldConsumerIT {

    private static final int MESSAGES = 60;
    private static final int HEARTBEATS = 3;

    private AmqpBus bus;
    private String text;

    @BeforeEach
    void open(Broker broker) {
        // Qpid closes a connection that it could not write to for two heartbeats, so there all fits into the system's
        // buffers.
        int bytes = broker.name().equals("Qpid") ? 1_000 : 100_000;
        text = "x".repeat(bytes);
        bus = new AmqpBus(broker);
        bus.deploy(new JsonObject().put("heartbeatSeconds", 1).put("maxConsumerBytes", 2 * bytes));
    }

    @AfterEach
    void close() {
        bus.close();
    }

    private JsonObject counters() {
        return Outcome.value(bus.service.status()).getJsonObject("counters");
    }

    private boolean isConnected() {
        return bus.events.stream().noneMatch(event -> "recovering".equals(event.getString("state")));
    }

    /** Nothing is read but a little in each heartbeat; then all comes, on the same connection. */
    @Test
    void keepsItsConnection() {
        String queue = bus.queue();
        for (int i = 0; i < MESSAGES; i++) {
            bus.publish(queue, text);
        }
        JsonObject handle = bus.consume(queue, null);
        await().until(() -> counters().getInteger("unsettledDeliveries") > 0);
        await().during(Duration.ofSeconds(2 * HEARTBEATS)).until(this::isConnected);
        bus.publish(queue, "last");
        for (int item = 1; item <= MESSAGES + 1; item++) {
            assertEquals(1, bus.items(handle, item, 1, 10_000).size(), "item " + item);
            assertEquals(1, bus.settle(handle, "{'ack':[" + item + "]}"));
        }
        assertTrue(isConnected(), () -> bus.events.toString());
        assertEquals(0, counters().getInteger("staleSettlements"));
    }
}
