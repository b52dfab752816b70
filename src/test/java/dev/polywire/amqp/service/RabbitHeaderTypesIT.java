package dev.polywire.amqp.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.broker.Brokers;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RabbitMQ never looks at the width of an integer: so ours are longs, which every client reads as they are meant. */
@ExtendWith(Brokers.class)
@Timeout(120)
class RabbitHeaderTypesIT {

    private static final List<String> WIDTHS = List.of("Byte", "Short", "Integer", "Long");

    private Broker broker;
    private AmqpBus bus;

    @BeforeEach
    void deploy(Broker broker) {
        this.broker = broker;
        bus = new AmqpBus(broker).deploy();
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void aHeadersExchangeComparesNumbers() {
        String exchange = broker.unique("headers");
        Outcome.value(bus.service.exchangeDeclare(exchange, "headers", new JsonObject().put("autoDelete", true)));
        Map<String, String> queues = new LinkedHashMap<>();
        for (String width : WIDTHS) {
            String queue = bus.queue();
            queues.put(width, queue);
            JsonObject match = new JsonObject().put("x-match", "all").put("n", typed(width, 5));
            Outcome.value(bus.service.queueBind(queue, exchange, "", new JsonObject().put("arguments", match)));
        }
        for (String width : WIDTHS) {
            publish(exchange, typed(width, 5));
        }
        publish(exchange, 5);
        publish(exchange, 6);
        queues.forEach((width, queue) -> assertEquals(WIDTHS.size() + 1, bus.count(queue), width));
    }

    /** Whoever declared a queue with another width before us meets no 406. */
    @ParameterizedTest
    @CsvSource({
        "classic, x-max-length",
        "classic, x-max-length-bytes",
        "classic, x-message-ttl",
        "classic, x-expires",
        "classic, x-max-priority",
        "quorum, x-delivery-limit",
        "stream, x-stream-max-segment-size-bytes"
    })
    void argumentsOfAQueueAreNumbers(String type, String argument) {
        String queue = broker.unique("arguments");
        for (String width : WIDTHS) {
            declare(queue, type, argument, typed(width, 100));
        }
        declare(queue, type, argument, 100);
        Outcome.value(bus.service.queueDelete(queue, null));
    }

    @ParameterizedTest
    @CsvSource({"classic, x-priority", "stream, x-stream-offset"})
    void argumentsOfAConsumerAreNumbers(String type, String argument) {
        String queue = broker.unique("consumed");
        declare(queue, type, "x-queue-type", type);
        bus.consume(queue, new JsonObject().put("arguments", new JsonObject().put(argument, 5)));
        Outcome.value(bus.service.queueDelete(queue, null));
    }

    private void declare(String queue, String type, String argument, Object value) {
        JsonObject arguments = new JsonObject().put("x-queue-type", type).put(argument, value);
        Outcome.value(bus.service.queueDeclare(queue, new JsonObject().put("arguments", arguments)));
    }

    private void publish(String exchange, Object n) {
        JsonObject properties = new JsonObject().put("headers", new JsonObject().put("n", n));
        Outcome.value(bus.service.publish(new JsonObject()
                .put("exchange", exchange)
                .put("properties", properties)
                .put("text", "")));
    }

    private static JsonObject typed(String type, Object value) {
        return new JsonObject().put("$type", type).put("_value", value);
    }
}
