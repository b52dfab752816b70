package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.broker.Brokers;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A binding whose consumer goes and comes, and a real broker. */
@ExtendWith(Brokers.class)
@Timeout(120)
class AmqpBindingIT {

    private static final int MESSAGES = 200;

    private final Queue<String> done = new ConcurrentLinkedQueue<>();
    private AmqpBus bus;

    @BeforeEach
    void open(Broker broker) {
        bus = new AmqpBus(broker).deploy();
    }

    @AfterEach
    void close() {
        bus.close();
    }

    /** Does {@code share} messages and says no more; its undeployment is that of a busy consumer. */
    private final class Worker extends VerticleBase {

        private final int share;
        private int did;
        private MessageConsumer<JsonObject> door;

        Worker(int share) {
            this.share = share;
        }

        @Override
        public Future<?> start() {
            door = vertx.eventBus().consumer("work", this::work);
            return door.completion();
        }

        private void work(Message<JsonObject> message) {
            if (did++ < share) {
                done.add(message.body().getString("text"));
                message.reply(null);
            }
        }

        @Override
        public Future<?> stop() {
            return door.unregister();
        }
    }

    @Test
    void nothingIsLostWhileItsConsumerIsAway() {
        String queue = bus.queue();
        JsonObject handle = Outcome.value(bus.service.bind(
                queue, "work", new JsonObject("{\"prefetch\":8,\"timeoutMillis\":1500,\"onTimeout\":\"requeue\"}")));
        JsonArray messages = new JsonArray();
        List<JsonObject> all = IntStream.range(0, MESSAGES)
                .mapToObj(i -> AmqpBus.message(queue, String.format("%03d", i)))
                .toList();
        assertEquals(MESSAGES, Outcome.value(bus.service.publishAll(all)).getInteger("confirmed"));
        await().until(() -> binding().getBoolean("paused"));
        for (int i = 1; i <= 3; i++) {
            int before = done.size();
            String worker = Outcome.value(bus.vertx.deployVerticle(new Worker(40)));
            await().until(() -> done.size() == before + 40);
            Outcome.value(bus.vertx.undeploy(worker));
        }
        Outcome.value(bus.vertx.deployVerticle(new Worker(MESSAGES)));
        await().until(() -> done.size() >= MESSAGES);
        await().until(() -> bus.count(queue) == 0 && binding().getInteger("unanswered") == 0);
        assertEquals(MESSAGES, new TreeSet<>(done).size());
        assertEquals(MESSAGES, done.size());
        JsonObject counters = Outcome.value(bus.service.status()).getJsonObject("counters");
        assertEquals(MESSAGES, counters.getInteger("acknowledged"));
        assertEquals(0, counters.getInteger("rejected"));
        bus.close(handle);
        assertEquals(0, bus.count(queue));
    }

    private JsonObject binding() {
        return Outcome.value(bus.service.status()).getJsonArray("bindings").getJsonObject(0);
    }
}
