package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.message;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.broker.Brokers;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The service and a real broker. */
@ExtendWith(Brokers.class)
@Timeout(120)
class AmqpServiceIT {

    private Broker broker;
    private AmqpBus bus;

    @BeforeEach
    void open(Broker broker) {
        this.broker = broker;
        bus = new AmqpBus(broker);
    }

    @AfterEach
    void close() {
        bus.close();
    }

    @Test
    void declaresPublishesAndFetches() {
        bus.deploy();
        String queue = bus.queue();
        String exchange = broker.unique("exchange");
        Outcome.value(bus.service.exchangeDeclare(exchange, "topic", null));
        Outcome.value(bus.service.queueBind(queue, exchange, "a.#", null));
        Outcome.value(bus.service.publish(new JsonObject()
                .put("exchange", exchange)
                .put("routingKey", "a.b")
                .put("json", new JsonObject().put("n", 1))));
        JsonObject got = Outcome.value(bus.service.basicGet(queue, new JsonObject().put("noAck", true)));
        assertEquals(
                new JsonObject("{\"deliveryTag\":1,\"redelivered\":false,\"exchange\":\"" + exchange
                        + "\",\"routingKey\":\"a.b\",\"properties\":{\"contentType\":\"application/json\"},"
                        + "\"json\":{\"n\":1}}"),
                got.getJsonObject("message"));
        assertNull(Outcome.value(bus.service.basicGet(queue, null)).getValue("message"));
        bus.publish(queue, "one", "two");
        Outcome.value(bus.service.queueUnbind(queue, exchange, "a.#", null));
        assertEquals(2, Outcome.value(bus.service.queuePurge(queue)).getInteger("messageCount"));
        Outcome.value(bus.service.exchangeDelete(exchange, null));
        assertEquals(0, Outcome.value(bus.service.queueDelete(queue, null)).getInteger("messageCount"));
    }

    @Test
    void whatIsFetchedIsSettledOrGoesBack() {
        bus.deploy();
        String queue = bus.queue();
        bus.publish(queue, "one");
        JsonObject got = Outcome.value(bus.service.basicGet(queue, null));
        assertEquals("one", got.getJsonObject("message").getString("text"));
        bus.close(got);
        JsonObject again = Outcome.value(bus.service.basicGet(queue, null));
        assertTrue(again.getJsonObject("message").getBoolean("redelivered"));
        assertEquals(1, bus.settle(again, "{'ack':[1]}"));
        assertNull(Outcome.value(bus.service.basicGet(queue, null)).getValue("message"));
    }

    @Test
    void aStreamGivesNoMoreThanItsPrefetchUnsettled() {
        bus.deploy();
        String queue = bus.queue();
        bus.publish(queue, "1", "2", "3", "4", "5");
        JsonObject handle = bus.consume(queue, new JsonObject().put("prefetchCount", 2));
        assertEquals(2, handle.getInteger("prefetchCount"));
        assertEquals(List.of("1"), bus.texts(handle, 1, 1));
        assertEquals(List.of("2"), bus.texts(handle, 2, 10));
        assertEquals(new JsonArray(), bus.items(handle, 3, 10, 200));
        assertEquals(2, bus.settle(handle, "{'ack':[2],'options':{'upTo':true}}"));
        assertEquals(List.of("3"), bus.texts(handle, 3, 1));
        bus.settle(handle, "{'reject':[3]}");
        bus.close(handle);
        List<String> rest = rest(queue);
        // Qpid keeps what is rejected, where it has no queue for dead letters.
        assertEquals(broker.name().equals("Qpid") ? List.of("3", "4", "5") : List.of("4", "5"), rest);
    }

    @Test
    void whatIsNotTakenComesAgain() {
        bus.deploy();
        String queue = bus.queue();
        bus.publish(queue, "1");
        JsonObject handle = bus.consume(queue, null);
        JsonObject first = bus.items(handle, 1, 1, 10_000).getJsonObject(0);
        bus.settle(handle, "{'nack':[1]}");
        JsonObject second = bus.items(handle, 2, 1, 10_000).getJsonObject(0);
        assertEquals(first.put("deliveryTag", 2).put("redelivered", true).encode(), second.encode());
        ServiceException unknown = failure(bus.at(handle, "settle", new JsonObject("{\"ack\":[3]}")));
        assertEquals("BAD_REQUEST", name(unknown));
        bus.settle(handle, "{'ack':[2]}");
    }

    @Test
    void publishesHaveOutcomesOfTheirOwn() {
        bus.deploy();
        String queue = bus.queue();
        JsonObject answer = Outcome.value(bus.service.publishAll(List.of(
                message(queue, "1"),
                message(broker.unique("nowhere"), "2").put("mandatory", true),
                message(queue, "3"))));
        assertEquals(2, answer.getInteger("confirmed"));
        JsonObject failure = answer.getJsonArray("failures").getJsonObject(0);
        assertEquals(1, failure.getInteger("message"));
        assertEquals("REFUSED_BY_SERVER", failure.getString("name"));
        // Qpid says basic.nack, and the reason behind it.
        assertTrue(Set.of(312, 0).contains(failure.getJsonObject("server").getInteger("replyCode")), failure::encode);
        Outcome.value(bus.service.basicPublish(message(queue, "4")));
        await().until(() -> bus.count(queue) == 3);
        assertEquals(List.of("1", "3", "4"), rest(queue));
    }

    @Test
    void theBrokersNoHasItsNumber() {
        bus.deploy();
        String queue = bus.queue();
        ServiceException missing = failure(bus.service.queuePurge(broker.unique("nowhere")));
        assertEquals("NOT_FOUND", name(missing));
        assertEquals(404, missing.getDebugInfo().getJsonObject("server").getInteger("replyCode"));
        assertEquals(
                "CONFLICT", name(failure(bus.service.queueDeclare(queue, new JsonObject().put("autoDelete", true)))));
        assertEquals("NOT_FOUND", name(failure(bus.service.consume(broker.unique("nowhere"), null))));
        bus.consume(queue, new JsonObject().put("exclusive", true));
        String refused = name(failure(bus.service.consume(queue, null)));
        assertTrue(List.of("FORBIDDEN", "CONFLICT").contains(refused), refused);
        assertEquals(0, bus.count(queue), "nothing else was hurt");
    }

    @Test
    void aBindingIsAnsweredWithAReply() {
        bus.deploy();
        String queue = bus.queue();
        List<String> seen = new CopyOnWriteArrayList<>();
        bus.vertx.eventBus().<JsonObject>consumer("work", message -> {
            String text = message.body().getString("text");
            seen.add(text);
            if (text.equals("bad")) {
                message.reply(Failure.BAD_REQUEST.because("no"));
            } else {
                message.reply(null);
            }
        });
        JsonObject handle = Outcome.value(bus.service.bind(queue, "work", new JsonObject().put("prefetch", 1)));
        bus.publish(queue, "good", "bad", "last");
        await().until(() -> seen.contains("last"));
        assertEquals(List.of("good", "bad", "last"), seen);
        bus.close(handle);
        JsonObject counters = Outcome.value(bus.service.status()).getJsonObject("counters");
        assertEquals(2, counters.getInteger("acknowledged"));
        assertEquals(1, counters.getInteger("rejected"));
    }

    @Test
    void aRequestHasItsReply() {
        bus.deploy();
        String queue = bus.queue();
        JsonObject handle = bus.consume(queue, null);
        var reply = bus.service.request(message(queue, "6 * 7"));
        JsonObject request = bus.items(handle, 1, 1, 10_000).getJsonObject(0);
        JsonObject properties = request.getJsonObject("properties");
        Outcome.value(bus.service.publish(message(properties.getString("replyTo"), "42")
                .put("properties", new JsonObject().put("correlationId", properties.getString("correlationId")))));
        assertEquals("42", Outcome.value(reply).getString("text"));
        String nobody = name(failure(bus.service.request(message(broker.unique("nowhere"), "?"))));
        assertEquals("REFUSED_BY_SERVER", nobody);
    }

    @Test
    void aTransactionIsAllOrNothing() {
        bus.deploy();
        String queue = bus.queue();
        bus.publish(queue, "in");
        JsonObject handle = Outcome.value(bus.service.begin());
        AmqpTransactionService room = AmqpTransactionService.proxy(bus.vertx, handle);
        String id = handle.getString("id");
        JsonObject got = Outcome.value(room.basicGet(id, queue));
        assertEquals("in", got.getJsonObject("message").getString("text"));
        Outcome.value(room.basicAck(id, 1));
        assertEquals("BAD_REQUEST", name(failure(room.basicAck(id, 1))));
        Outcome.value(room.publish(id, message(queue, "out")));
        assertEquals(List.of(), rest(queue));
        Outcome.value(room.commit(id));
        assertEquals("NOT_FOUND", name(failure(room.commit(id))));
        assertEquals(List.of("out"), rest(queue));
        JsonObject second = Outcome.value(bus.service.begin());
        Outcome.value(room.publish(second.getString("id"), message(queue, "never")));
        Outcome.value(room.rollback(second.getString("id")));
        assertEquals(List.of(), rest(queue));
    }

    /** The texts that are left. */
    private List<String> rest(String queue) {
        List<String> texts = new ArrayList<>();
        JsonObject noAck = new JsonObject().put("noAck", true);
        for (JsonObject got = get(queue, noAck); got != null; got = get(queue, noAck)) {
            texts.add(got.getString("text"));
        }
        return texts;
    }

    private JsonObject get(String queue, JsonObject options) {
        return Outcome.value(bus.service.basicGet(queue, options)).getJsonObject("message");
    }

    @Test
    void bytesAsTheyAre() {
        bus.deploy();
        String queue = bus.queue();
        DeliveryOptions publish = new DeliveryOptions()
                .addHeader("action", "publish")
                .addHeader("routingKey", queue)
                .addHeader("properties", "{\"contentType\":\"text/plain\"}");
        Outcome.value(bus.vertx.eventBus().request(AmqpBus.ADDRESS + ".raw", Buffer.buffer("hi"), publish));
        JsonObject handle = bus.consume(queue, new JsonObject().put("form", "raw"));
        Buffer record = (Buffer) Outcome.value(
                bus.at(handle, "next", new JsonObject().put("batch", 1).put("max", 1)));
        assertEquals(record.length() - 4, record.getInt(0));
        assertEquals(1, record.getLong(5));
        assertEquals("hi", record.getString(record.length() - 2, record.length()));
        assertEquals(1, bus.settle(handle, "{'ack':[1]}"));
    }

    @Test
    void whatIsConfiguredIsThere() {
        String queue = broker.unique("configured");
        String exchange = broker.unique("configured");
        bus.vertx.eventBus().consumer("configured", message -> message.reply(null));
        bus.deploy(new JsonObject("""
                {"topology": {"exchanges": [{"exchange": "E", "type": "fanout"}], "queues": [{"queue": "Q"}],
                              "bindings": [{"queue": "Q", "exchange": "E"}]},
                 "bindings": [{"queue": "Q", "address": "configured"}]}""".replace("E\"", exchange + "\"").replace("Q\"", queue + "\"")));
        await().until(() ->
                Outcome.value(bus.service.status()).getJsonArray("bindings").size() == 1);
        Outcome.value(
                bus.service.publish(new JsonObject().put("exchange", exchange).put("mandatory", true)));
        await().until(() ->
                Outcome.value(bus.service.status()).getJsonObject("counters").getInteger("acknowledged") == 1);
        assertEquals(
                3, Outcome.value(bus.service.status()).getJsonArray("topology").size());
    }

    @Test
    void whatTheBrokerRefusesOfAConfigurationIsToldAndTriedAgain() {
        String queue = broker.unique("later");
        bus.deploy(new JsonObject()
                .put(
                        "bindings",
                        new JsonArray().add(new JsonObject().put("queue", queue).put("address", "later"))));
        await().until(() -> bus.events.stream().anyMatch(event -> event.containsKey("configured")));
        Outcome.value(bus.service.queueDeclare(queue, null));
        await().until(() ->
                Outcome.value(bus.service.status()).getJsonArray("bindings").size() == 1);
    }

    /** Qpid forgets everything, RabbitMQ the connection: in both cases the stream goes on, and its numbers with it. */
    @Test
    void aBrokerThatComesBackFindsItAllAgain() {
        bus.deploy();
        String queue = bus.queue();
        JsonObject handle = bus.consume(queue, null);
        bus.publish(queue, "before");
        assertEquals(List.of("before"), bus.texts(handle, 1, 1));
        broker.stop();
        await().until(() -> bus.events.stream().anyMatch(event -> "recovering".equals(event.getString("state"))));
        broker.start();
        assertEquals(1, bus.settle(handle, "{'ack':[1]}"), "said in time, as far as the stream knows");
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            Outcome.value(bus.service.publish(message(queue, "after").put("mandatory", true)));
            return true;
        });
        // Consumer and publisher have a connection each, and each waits for its own next attempt: batches may be empty.
        List<JsonObject> items = new ArrayList<>();
        AtomicInteger batch = new AtomicInteger(2);
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            JsonArray got = bus.items(handle, batch.get(), 1, 1000);
            batch.addAndGet(got.size());
            got.forEach(item -> items.add((JsonObject) item));
            return items.stream().anyMatch(item -> item.getString("text").equals("after"));
        });
        assertEquals(items.size() + 1, items.get(items.size() - 1).getInteger("deliveryTag"));
        await().until(() -> bus.events.stream().anyMatch(event -> event.containsKey("recovered")));
        JsonObject counters = Outcome.value(bus.service.status()).getJsonObject("counters");
        assertEquals(1, counters.getInteger("staleSettlements"));
    }
}
