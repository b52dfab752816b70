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
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handles and a real broker: of several instances, and of a reader that goes; and the raw door's request. */
@ExtendWith(Brokers.class)
@Timeout(120)
class AmqpHandlesIT {

    private AmqpBus bus;

    @BeforeEach
    void open(Broker broker) {
        bus = new AmqpBus(broker);
    }

    @AfterEach
    void close() {
        bus.close();
    }

    /** A handle is of one instance, and what is read there is settled there. */
    @Test
    void eachInstanceHasItsOwn() {
        bus.deploy(new JsonObject(), 3);
        String queue = bus.queue();
        List<JsonObject> handles = IntStream.range(0, 3)
                .mapToObj(i -> bus.consume(queue, new JsonObject().put("prefetchCount", 1)))
                .toList();
        assertEquals(
                3,
                handles.stream()
                        .map(each -> each.getString("address"))
                        .distinct()
                        .count());
        bus.publish(queue, "1", "2", "3");
        Set<String> texts = new HashSet<>();
        handles.forEach(each -> texts.addAll(bus.texts(each, 1, 1)));
        assertEquals(Set.of("1", "2", "3"), texts);
        JsonObject stranger =
                handles.get(0).copy().put("address", handles.get(1).getString("address"));
        assertEquals("NOT_FOUND", name(failure(bus.at(stranger, "settle", new JsonObject("{\"ack\":[1]}")))));
        handles.forEach(each -> assertEquals(1, bus.settle(each, "{'ack':[1]}")));
        handles.forEach(bus::close);
        assertEquals(0, bus.count(queue));
    }

    /** The other instances give what it held to somebody else. */
    @Test
    void aTransactionIsOfOneInstanceToo() {
        bus.deploy(new JsonObject(), 2);
        String queue = bus.queue();
        List<JsonObject> handles = IntStream.range(0, 4)
                .mapToObj(i -> Outcome.value(bus.service.begin()))
                .toList();
        assertEquals(
                2,
                handles.stream()
                        .map(each -> each.getString("address"))
                        .distinct()
                        .count());
        for (JsonObject each : handles) {
            AmqpTransactionService room = AmqpTransactionService.proxy(bus.vertx, each);
            Outcome.value(room.publish(each.getString("id"), message(queue, "in")));
            Outcome.value(room.commit(each.getString("id")));
        }
        assertEquals(4, bus.count(queue));
    }

    /** Nobody reads on, nobody settles: all that was read goes back. */
    @Test
    void aLeaseThatLapsesGivesBack() {
        bus.deploy(new JsonObject().put("leaseMillis", 1_000));
        String queue = bus.queue();
        bus.publish(queue, "1", "2", "3");
        JsonObject handle = bus.consume(queue, null);
        for (int batch = 1; batch <= 3; batch++) {
            assertEquals(List.of("" + batch), bus.texts(handle, batch, 1));
        }
        assertEquals(1, bus.settle(handle, "{'ack':[2]}"));
        await().until(() -> counter("lapsedStreams") == 1);
        assertEquals("NOT_FOUND", name(failure(bus.at(handle, "settle", new JsonObject("{\"ack\":[1]}")))));
        await().until(() -> bus.count(queue) == 2);
        for (String text : List.of("1", "3")) {
            JsonObject got = Outcome.value(bus.service.basicGet(queue, new JsonObject().put("noAck", true)))
                    .getJsonObject("message");
            assertEquals(text, got.getString("text"));
            assertTrue(got.getBoolean("redelivered"));
        }
        assertEquals(0, counter("consumers"));
    }

    /** A message that was fetched, too. */
    @Test
    void aMessageThatWasFetchedGoesBack() {
        bus.deploy(new JsonObject().put("leaseMillis", 1_000));
        String queue = bus.queue();
        bus.publish(queue, "1");
        Outcome.value(bus.service.basicGet(queue, null));
        assertNull(Outcome.value(bus.service.basicGet(queue, null)).getValue("message"));
        await().until(() -> bus.count(queue) == 1);
    }

    /** Body and properties as they are, and the reply's. */
    @Test
    void aRequestInBytes() {
        bus.deploy();
        String queue = bus.queue();
        JsonObject handle = bus.consume(queue, null);
        var asked = bus.vertx.eventBus().<Buffer>request(AmqpBus.ADDRESS + ".raw", Buffer.buffer("?"), raw(queue));
        JsonObject request = bus.items(handle, 1, 1, 10_000).getJsonObject(0);
        JsonObject properties = request.getJsonObject("properties");
        assertEquals("Pw==", request.getString("body"));
        assertEquals("question", properties.getString("type"));
        Outcome.value(bus.service.publish(new JsonObject()
                .put("routingKey", properties.getString("replyTo"))
                .put("body", "/wA=")
                .put(
                        "properties",
                        new JsonObject()
                                .put("correlationId", properties.getString("correlationId"))
                                .put("type", "answer"))));
        Message<Buffer> reply = Outcome.value(asked);
        assertEquals(Buffer.buffer(new byte[] {(byte) 0xff, 0}), reply.body());
        JsonObject answered = new JsonObject(reply.headers().get("properties"));
        assertEquals("answer", answered.getString("type"));
    }

    /** No queue, no reply in time, and headers that are none. */
    @Test
    void aRequestInBytesFails() {
        bus.deploy();
        String queue = bus.queue();
        assertEquals("REFUSED_BY_SERVER", refusal(raw(queue + "-nowhere")));
        assertEquals("TIMEOUT", refusal(raw(queue).addHeader("timeout", "300")));
        DeliveryOptions bad = raw(queue);
        bad.getHeaders().set("properties", "{\"deliveryMode\":3}");
        assertEquals("BAD_REQUEST", refusal(bad));
        bad.getHeaders().set("properties", "no JSON");
        assertEquals("BAD_REQUEST", refusal(bad));
        assertEquals("BAD_REQUEST", refusal(raw("r".repeat(256))));
    }

    private String refusal(DeliveryOptions options) {
        return name(failure(bus.vertx.eventBus().request(AmqpBus.ADDRESS + ".raw", Buffer.buffer("?"), options)));
    }

    private static DeliveryOptions raw(String queue) {
        return new DeliveryOptions()
                .addHeader("action", "request")
                .addHeader("routingKey", queue)
                .addHeader("properties", "{\"type\":\"question\"}");
    }

    private int counter(String name) {
        return Outcome.value(bus.service.status()).getJsonObject("counters").getInteger(name);
    }
}
