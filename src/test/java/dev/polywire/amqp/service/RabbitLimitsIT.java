package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.message;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.broker.Brokers;
import dev.polywire.amqp.broker.RabbitBroker;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** RabbitMQ with a {@code max_message_size} of its own: F49's messages that are too large for it. */
@ExtendWith(Brokers.class)
@Timeout(180)
class RabbitLimitsIT {

    private static final int MAX_BYTES = 1_000;
    private static final String LARGE = "x".repeat(MAX_BYTES + 1);

    private RabbitBroker broker;
    private AmqpBus bus;
    private String queue;

    @BeforeEach
    void set(RabbitBroker broker) {
        this.broker = broker;
        limit(MAX_BYTES);
        bus = new AmqpBus(broker).deploy(new JsonObject().put("republish", true));
        queue = bus.queue();
    }

    @AfterEach
    void close() {
        limit(128 * 1024 * 1024);
        bus.close();
    }

    /** For channels that are opened from now on; 4.0 reads the second place. */
    private void limit(int bytes) {
        String limit = "max_message_size, " + bytes;
        broker.ctl("eval", "application:set_env(rabbit, " + limit + "), persistent_term:put(" + limit + ").");
    }

    @Test
    void eachMessageHasItsOwnOutcome() {
        List<JsonObject> messages = IntStream.range(0, 200)
                .mapToObj(i -> message(queue, i == 50 || i == 120 ? LARGE : "m" + i))
                .toList();
        JsonObject answer = Outcome.value(bus.service.publishAll(messages));
        assertEquals(198, answer.getInteger("confirmed"), answer.encode());
        JsonArray failures = answer.getJsonArray("failures");
        assertEquals(
                List.of(50, 120),
                IntStream.range(0, 2)
                        .mapToObj(i -> failures.getJsonObject(i).getInteger("message"))
                        .toList());
        for (int i = 0; i < 2; i++) {
            JsonObject failure = failures.getJsonObject(i);
            assertEquals("LIMIT_EXCEEDED", failure.getString("name"));
            assertTrue(failure.getString("text").contains("message size 1001 is larger than"), failure.encode());
            assertEquals(406, failure.getJsonObject("server").getInteger("replyCode"));
        }
        // Some of those before the first may be there twice.
        assertTrue(bus.count(queue) >= 198);
    }

    @Test
    void aTransactionThatHasFailed() {
        JsonObject handle = Outcome.value(bus.service.begin());
        String id = handle.getString("id");
        AmqpTransactionService room = AmqpTransactionService.proxy(bus.vertx, handle);
        Outcome.value(room.publish(id, message(queue, "small")));
        Outcome.value(room.publish(id, message(queue, LARGE)));
        ServiceException first = failure(room.commit(id));
        assertEquals("LIMIT_EXCEEDED", name(first));
        ServiceException next = failure(room.rollback(id));
        assertEquals("NOT_FOUND", name(next));
        assertEquals(
                first.getDebugInfo().getJsonObject("server"),
                next.getDebugInfo().getJsonObject("server"));
        assertEquals(0, bus.count(queue));
    }
}
