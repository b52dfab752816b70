package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.session.MemoryBroker;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Soak;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A broker that cancels, closes and refuses in turn, a consumer that answers, fails, says nothing and is not there, and a
 * binding that is made again whenever it has ended: twice {@code soak.seconds}. By hand, ten minutes: {@code mvn test
 * -Dsoak.seconds=300 -Dtest=AmqpBooksTest}.
 */
class AmqpBooksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long SEED = 20_261_130;
    private static final int MESSAGES_A_ROUND = 20;

    private final MemoryBroker broker = new MemoryBroker();
    private final AmqpBus bus = new AmqpBus(broker);
    private final Random random = new Random(SEED);
    private final Set<String> settled = ConcurrentHashMap.newKeySet();
    private volatile boolean isWell;
    private int published;

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    @Test
    void theyBalance() {
        bus.deploy(new JsonObject().put("consumerTimeoutMillis", 2_000));
        Outcome.value(bus.service.queueDeclare("q", null));
        bus.vertx.eventBus().<JsonObject>consumer("work", this::work);
        Soak.again(2, this::round);
        broker.softErrorAt = "";
        isWell = true;
        await().atMost(PATIENCE).until(() -> {
            bind();
            return settled.size() == published && broker.messages("q").isEmpty();
        });
        await().until(() -> counter("unsettledDeliveries") == 0);
        String books =
                Outcome.value(bus.service.status()).getJsonObject("counters").encode();
        assertEquals(
                counter("given"),
                counter("acknowledged")
                        + counter("rejected")
                        + counter("requeued")
                        + counter("returned")
                        + counter("stale"),
                books);
        assertEquals(
                counter("delivered"),
                counter("acknowledged")
                        + counter("rejected")
                        + counter("requeued")
                        + counter("staleAnswers")
                        + counter("noAnswers"),
                books);
        long out = broker.noted("acknowledged") + broker.noted("rejected");
        assertEquals(broker.noted("given"), out + broker.noted("returned") + broker.noted("taken back"), books);
        assertEquals(published, out, "each once");
        // What crosses a close is settled here, and taken back there.
        assertTrue(out <= counter("acknowledged") + counter("rejected"), books);
        assertEquals(
                new TreeSet<>(
                        IntStream.range(0, published).mapToObj(i -> "m" + i).toList()),
                new TreeSet<>(settled));
    }

    private void round() {
        for (int i = 0; i < MESSAGES_A_ROUND; i++) {
            publish("m" + published++);
        }
        bind();
        long given = broker.noted("given");
        switch (random.nextInt(5)) {
            case 0, 1 -> broker.timeOut("q", random.nextBoolean());
            case 2 -> broker.reset();
            case 3 -> broker.softErrorAt = "basic.consume";
            default -> broker.softErrorAt = "";
        }
        for (int turn = 0; turn < 100 && broker.noted("given") == given; turn++) {
            bind();
        }
    }

    /** After many lost connections the next attempt is 30 s away, and a publish is not sent by its deadline: that one is repeated. */
    private void publish(String text) {
        await().atMost(PATIENCE).until(() -> {
            Throwable failed = bus.service
                    .publish(AmqpBus.message("q", text))
                    .toCompletionStage()
                    .handle((done, cause) -> cause)
                    .toCompletableFuture()
                    .join();
            if (failed != null) {
                assertEquals(4503, ((ServiceException) failed).failureCode(), failed::getMessage);
            }
            return failed == null;
        });
    }

    /** Refused or ended, it is made again. */
    private void bind() {
        if (Outcome.value(bus.service.status()).getJsonArray("bindings").isEmpty()) {
            await().atMost(PATIENCE)
                    .until(() -> bus.service
                                    .bind(
                                            "q",
                                            "work",
                                            new JsonObject(
                                                    "{\"prefetch\":8,\"timeoutMillis\":50,\"onTimeout\":\"requeue\"}"))
                                    .toCompletionStage()
                                    .handle((bound, refused) -> refused == null)
                                    .toCompletableFuture()
                                    .join()
                            || !broker.softErrorAt.isEmpty());
        }
    }

    private void work(Message<JsonObject> message) {
        String text = message.body().getString("text");
        switch (isWell ? 9 : random.nextInt(10)) {
            case 0 -> message.fail(4503, "again");
            case 1 -> message.fail(4429, "not now");
            case 2 -> {}
            case 3 -> {
                settled.add(text);
                message.fail(4400, "never");
            }
            default -> {
                settled.add(text);
                message.reply(null);
            }
        }
    }

    private long counter(String name) {
        return Outcome.value(bus.service.status()).getJsonObject("counters").getLong(name);
    }
}
