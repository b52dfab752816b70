package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.amqp.broker.Brokers;
import dev.polywire.amqp.broker.RabbitBroker;
import dev.polywire.testing.Consumers;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Soak;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** F47 on RabbitMQ, with a {@code consumer_timeout} of 8 s that is looked at each second: nobody is there for {@code soak.seconds}. */
@ExtendWith(Brokers.class)
@Timeout(300)
class RabbitTimeoutIT {

    private static final int TIMEOUT_MILLIS = 8_000;
    private static final List<String> TEXTS =
            IntStream.range(0, 10).mapToObj(i -> "m" + i).toList();

    private RabbitBroker broker;
    private AmqpBus bus;
    private String name;

    @BeforeEach
    void set(RabbitBroker broker) {
        this.broker = broker;
        timeout(TIMEOUT_MILLIS, 1_000);
        bus = new AmqpBus(broker);
        name = broker.unique("timeout");
    }

    @AfterEach
    void close() {
        timeout(1_800_000, 60_000);
        bus.close();
    }

    /** The interval is of channels that are opened from now on. */
    private void timeout(int millis, int tickMillis) {
        broker.ctl(
                "eval",
                "application:set_env(rabbit, consumer_timeout, " + millis
                        + "), application:set_env(rabbit, channel_tick_interval, " + tickMillis + ").");
    }

    /** One queue and one binding for each type. */
    private void deploy(int consumerTimeoutMillis, String... types) {
        JsonArray queues = new JsonArray();
        JsonArray bindings = new JsonArray();
        for (String type : types) {
            JsonObject arguments = new JsonObject().put("x-queue-type", type);
            queues.add(new JsonObject().put("queue", name + type).put("arguments", arguments));
            bindings.add(new JsonObject()
                    .put("queue", name + type)
                    .put("address", type)
                    .put("prefetch", 4));
        }
        bus.deploy(new JsonObject()
                .put("topology", new JsonObject().put("queues", queues))
                .put("bindings", bindings)
                .put("consumerTimeoutMillis", consumerTimeoutMillis));
        await().until(() -> bindings().size() == types.length);
        for (String type : types) {
            bus.publish(name + type, TEXTS.toArray(String[]::new));
        }
    }

    private JsonArray bindings() {
        return Outcome.value(bus.service.status()).getJsonArray("bindings");
    }

    private long told(String what) {
        return bus.events.stream().filter(event -> event.containsKey(what)).count();
    }

    /** All are processed, each once. */
    private void somebodyComes(String type) {
        Consumers.One consumer = new Consumers(bus.vertx, type).join();
        await().atMost(Duration.ofSeconds(90)).until(() -> consumer.seen.size() >= TEXTS.size());
        assertEquals(
                TEXTS,
                consumer.items().stream()
                        .map(item -> ((JsonObject) item).getString("text"))
                        .sorted()
                        .toList());
    }

    /** A quorum queue counts returns, a stream gives nothing again by itself. */
    @Test
    void bindingsWithNobodyAtTheirAddresses() {
        deploy(TIMEOUT_MILLIS, "classic", "quorum", "stream");
        // A second each.
        Soak.again(() ->
                await().during(Duration.ofSeconds(1)).until(() -> bindings().size() == 3));
        assertEquals(0, told("interrupted"));
        assertEquals(0, told("configured"));
        for (String type : List.of("classic", "quorum", "stream")) {
            somebodyComes(type);
        }
    }

    /** It does not know the broker's timeout. */
    @Test
    void theBrokerClosesItsChannel() {
        deploy(30 * 60_000, "classic");
        await().atMost(Duration.ofSeconds(60)).until(() -> told("interrupted") > 0);
        assertEquals(1, bindings().size());
        somebodyComes("classic");
    }
}
