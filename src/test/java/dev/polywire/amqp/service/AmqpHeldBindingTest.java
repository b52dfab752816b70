package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.session.MemoryBroker;
import dev.polywire.testing.Consumers;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** F47: bindings with nobody at their address, and a broker that waits only so long for a settlement. */
@Timeout(60)
class AmqpHeldBindingTest {

    private final MemoryBroker broker = new MemoryBroker();
    private final AmqpBus bus = new AmqpBus(broker);
    private final Consumers consumers = new Consumers(bus.vertx, "work");

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    private void deploy(int messages, String settings) {
        bus.deploy(new JsonObject(settings.replace('\'', '"')));
        Outcome.value(bus.service.queueDeclare("q", null));
        bus.publish("q", IntStream.range(0, messages).mapToObj(i -> "m" + i).toArray(String[]::new));
    }

    private JsonObject bind(String options) {
        return Outcome.value(bus.service.bind("q", "work", new JsonObject(options.replace('\'', '"'))));
    }

    private JsonObject status() {
        return Outcome.value(bus.service.status());
    }

    private int counter(String name) {
        return status().getJsonObject("counters").getInteger(name);
    }

    private JsonArray bindings() {
        return status().getJsonArray("bindings");
    }

    /**
     * It gives back four and holds one, then that one again. A return comes at 5/6 of the timeout, so after a second at
     * least, and each brings one delivery.
     */
    @Test
    void itHoldsOneAtATime() {
        deploy(6, "{'consumerTimeoutMillis':2000}");
        bind("{'prefetch':4,'consumerTag':'c'}");
        await().until(() -> broker.noted("returned") == 4);
        await().until(() -> broker.messages("q").size() == 5);
        await().until(() -> broker.noted("returned") == 6);
        assertTrue(broker.noted("given") <= 4 + 1 + 2);
        assertEquals(1, counter("consumers"));
        Consumers.One consumer = consumers.join();
        await().until(() -> counter("acknowledged") == 6);
        assertEquals(6, new HashSet<>(consumer.items()).size());
        assertEquals(6, consumer.seen.size());
        assertEquals(0, counter("staleSettlements"));
        bus.publish("q", "m6", "m7", "m8");
        await().until(() -> broker.noted("acknowledged") == 9);
        assertEquals(counter("given"), counter("acknowledged") + counter("returned"));
    }

    /** Its answer comes later than the others were returned. */
    @Test
    void whatIsOutIsNotReturned() {
        deploy(4, "{'consumerTimeoutMillis':2000}");
        Consumers.One consumer = consumers.join(delivery -> {
            if (((JsonObject) delivery.body()).getString("text").compareTo("m2") >= 0) {
                delivery.fail(4429, "not now");
            }
        });
        bind("{'prefetch':4}");
        await().until(() -> broker.noted("returned") >= 2);
        assertFalse(consumer.seen.isEmpty());
        consumer.seen.get(0).reply(null);
        consumer.seen.get(1).reply(null);
        await().until(() -> broker.noted("acknowledged") == 2);
        assertEquals(0, counter("stale"));
        assertEquals(0, counter("staleSettlements"));
    }

    /** The broker took back what was kept: it is not sent twice. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takenBackByTheBroker(boolean cancels) {
        deploy(4, "{}");
        bind("{'consumerTag':'c'}");
        await().until(() -> counter("pauses") > 0);
        broker.timeOut("q", cancels);
        await().until(() -> broker.noted("given") == 8);
        assertEquals(4, broker.noted("taken back"));
        Consumers.One consumer = consumers.join();
        await().until(() -> broker.noted("acknowledged") == 4);
        assertEquals(4, consumer.seen.size());
        // One has shown that nobody is there; the others were not given yet.
        assertEquals(1, counter("stale"));
        assertEquals(5, counter("given"));
        assertEquals(
                1,
                bus.events.stream()
                        .filter(event -> event.containsKey("interrupted"))
                        .count());
        assertFalse(bus.events.stream().anyMatch(event -> event.containsKey("cancelled")));
    }

    /** It is out, so its answer comes, too late. */
    @Test
    void aLateAnswerIsCounted() {
        deploy(1, "{}");
        Consumers.One consumer = consumers.join(delivery -> {});
        bind("{}");
        await().until(() -> consumer.seen.size() == 1);
        broker.timeOut("q", true);
        await().until(() -> consumer.seen.size() == 2);
        consumer.seen.get(0).reply(null);
        await().until(() -> counter("staleAnswers") == 1);
        consumer.seen.get(1).reply(null);
        await().until(() -> counter("acknowledged") == 1);
        assertEquals(1, counter("stale"));
        assertEquals(2, counter("given"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theThirdTimeInAMinuteItEnds(boolean cancels) {
        deploy(1, "{}");
        bind("{}");
        for (int i = 1; i <= 3; i++) {
            int given = i;
            await().until(() -> broker.noted("given") == given);
            broker.timeOut("q", cancels);
        }
        await().until(() -> bindings().isEmpty());
        assertEquals(List.of(), broker.messages("q").stream().skip(1).toList());
    }

    /** @param method how a consumer's failure gives a message back: RabbitMQ counts that from 4.3 on only so */
    @ParameterizedTest
    @CsvSource({"RabbitMQ, 4503, basic.reject", "RabbitMQ, 4400, basic.nack", "Memory, 4503, basic.nack"})
    void aFailure(String product, int code, String method) {
        broker.product = product;
        deploy(1, "{}");
        int[] times = new int[1];
        consumers.join(delivery -> {
            if (times[0]++ == 0) {
                delivery.fail(code, "no");
            } else {
                delivery.reply(null);
            }
        });
        bind("{}");
        await().until(() -> broker.noted("acknowledged") + broker.noted("rejected") == 1);
        assertEquals(1, broker.askedFor(method));
        assertEquals(1, broker.askedFor("basic.nack") + broker.askedFor("basic.reject"));
    }

    @ParameterizedTest
    @CsvSource({"RabbitMQ, 2", "Memory, 0"})
    void aReadersFailure(String product, int rejects) {
        broker.product = product;
        deploy(4, "{}");
        JsonObject handle = bus.consume("q", new JsonObject().put("prefetchCount", 4));
        await().until(() -> broker.noted("given") == 4);
        assertEquals(1, bus.items(handle, 1, 1, 10_000).size());
        assertEquals(1, bus.settle(handle, "{'nack':[1]}"));
        assertEquals(1, bus.items(handle, 2, 1, 10_000).size());
        assertEquals(1, bus.settle(handle, "{'nack':[2],'options':{'upTo':true}}"));
        await().until(() -> broker.noted("returned") == 2);
        assertEquals(rejects, broker.askedFor("basic.reject"));
        bus.close(handle);
    }

    /** Nobody has processed them. */
    @ParameterizedTest
    @ValueSource(strings = {"RabbitMQ", "Memory"})
    void aReturn(String product) {
        broker.product = product;
        deploy(3, "{}");
        JsonObject got = Outcome.value(bus.service.basicGet("q", null));
        bus.close(got);
        await().until(() -> broker.noted("returned") == 1);
        JsonObject handle = bind("{'prefetch':3}");
        await().until(() -> counter("pauses") > 0);
        bus.close(handle);
        await().until(() -> broker.messages("q").size() == 3);
        assertEquals(4, broker.noted("returned") + broker.noted("taken back"), "each once");
        assertEquals(0, broker.askedFor("basic.reject"));
        assertEquals(broker.noted("returned"), broker.askedFor("basic.nack"));
    }
}
