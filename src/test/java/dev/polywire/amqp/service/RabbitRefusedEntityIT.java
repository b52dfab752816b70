package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.broker.Brokers;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** F48: RabbitMQ refuses an unknown type of exchange, 3.10 with the connection (503) and 4.0 with the channel (406). */
@ExtendWith(Brokers.class)
@Timeout(60)
class RabbitRefusedEntityIT {

    @Test
    void theOthersGoOn(Broker broker) {
        try (AmqpBus bus = new AmqpBus(broker)) {
            String queue = broker.unique("good");
            bus.vertx.eventBus().consumer("somebody", message -> message.reply(null));
            bus.deploy(new JsonObject("""
                    {"topology": {"exchanges": [{"exchange": "bad", "type": "nobody's"}], "queues": [{"queue": "Q"}]},
                     "bindings": [{"queue": "Q", "address": "somebody"}]}""".replace("Q\"", queue + "\"")));
            await().until(() -> status(bus).getJsonArray("bindings").size() == 1);
            bus.publish(queue, "text");
            await().until(() -> status(bus).getJsonObject("counters").getInteger("acknowledged") == 1);
            boolean hard =
                    Outcome.value(bus.service.ping()).getString("version").startsWith("3.");
            assertEquals(hard ? 1 : 0, status(bus).getJsonArray("leftOut").size());
            assertEquals(
                    1,
                    bus.events.stream()
                            .filter(event -> event.containsKey("configured"))
                            .count());
            Outcome.value(bus.service.queueDelete(queue, null));
        }
    }

    private static JsonObject status(AmqpBus bus) {
        return Outcome.value(bus.service.status());
    }
}
