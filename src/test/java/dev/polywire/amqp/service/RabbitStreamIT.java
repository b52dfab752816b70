package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.amqp.broker.Brokers;
import dev.polywire.amqp.broker.RabbitBroker;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F50 on RabbitMQ: connections are closed, messages come meanwhile, and none of a stream is missing or given from the start. */
@ExtendWith(Brokers.class)
@Timeout(120)
class RabbitStreamIT {

    private RabbitBroker broker;
    private AmqpBus bus;
    private AmqpBus other;

    @BeforeEach
    void open(RabbitBroker broker) {
        this.broker = broker;
        bus = new AmqpBus(broker).deploy();
        other = new AmqpBus(broker).deploy();
    }

    @AfterEach
    void close() {
        bus.close();
        other.close();
    }

    /** @param arguments of {@code basic.consume} */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"x-stream-offset\":\"first\"}"})
    void overALostConnection(String arguments) {
        String stream = broker.unique("stream");
        Outcome.value(
                bus.service.queueDeclare(stream, new JsonObject("{\"arguments\":{\"x-queue-type\":\"stream\"}}")));
        JsonObject handle = bus.consume(
                stream, new JsonObject().put("prefetchCount", 10).put("arguments", new JsonObject(arguments)));
        publish(bus, stream, 0, 8);
        List<Long> offsets = new ArrayList<>();
        int batch = 0;
        while (offsets.size() < 8) {
            read(handle, ++batch, offsets);
        }
        assertEquals(6, bus.settle(handle, "{'ack':[1,2,3,4,5,7]}"));
        broker.closeAllConnections("maintenance");
        publish(other, stream, 8, 12);
        offsets.clear();
        while (offsets.size() < 7) {
            read(handle, ++batch, offsets);
        }
        assertEquals(LongStream.range(5, 12).boxed().toList(), offsets);
    }

    /** Whoever publishes may say so: the broker refuses the offset, and the consumer begins again without. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "quorum"})
    void aMessageThatOnlySaysSo(String type) {
        String queue = broker.unique("says");
        Outcome.value(bus.service.queueDeclare(
                queue, new JsonObject().put("arguments", new JsonObject().put("x-queue-type", type))));
        JsonObject said = new JsonObject("{\"headers\":{\"x-stream-offset\":{\"$type\":\"Long\",\"_value\":\"7\"}}}");
        for (int i = 0; i < 2; i++) {
            Outcome.value(bus.service.publish(AmqpBus.message(queue, "m" + i).put("properties", said)));
        }
        JsonObject handle = bus.consume(queue, new JsonObject().put("prefetchCount", 10));
        List<Long> offsets = new ArrayList<>();
        read(handle, 1, offsets);
        broker.closeAllConnections("maintenance");
        await().until(() -> bus.events.stream().anyMatch(event -> event.containsKey("recovered")));
        await().until(() -> {
            JsonObject status = Outcome.value(bus.service.status());
            return status.getString("state").equals("ready")
                    && status.getJsonObject("counters").getInteger("unsettledDeliveries") == 2;
        });
        bus.close(handle);
    }

    private static void publish(AmqpBus from, String queue, int begin, int end) {
        from.publish(queue, IntStream.range(begin, end).mapToObj(i -> "m" + i).toArray(String[]::new));
    }

    private void read(JsonObject handle, int batch, List<Long> offsets) {
        bus.items(handle, batch, 20, 10_000)
                .forEach(item -> offsets.add(((JsonObject) item)
                        .getJsonObject("properties")
                        .getJsonObject("headers")
                        .getLong("x-stream-offset")));
    }
}
