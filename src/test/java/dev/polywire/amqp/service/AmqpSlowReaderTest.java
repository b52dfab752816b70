package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader that takes and settles nothing, and what becomes of its messages. */
@Timeout(60)
class AmqpSlowReaderTest {

    private final Scripted broker = new Scripted(this::asked);
    private final AmqpBus bus = new AmqpBus(broker);
    private volatile int channel;

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    private boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        if (asked.method() instanceof BasicMethod.Consume) {
            channel = asked.channel();
        }
        return false;
    }

    /** All in one turn, so that nothing comes after the answer to a cancel. */
    private void deliver(int from, int to, int bytes) {
        ScriptedClient client = broker.consuming();
        client.whenRoom(() -> {
            for (int tag = from; tag <= to; tag++) {
                client.send(
                        channel,
                        new ContentMethod.Deliver("c", tag, false, "", "q"),
                        new Content(Buffer.buffer(new byte[bytes])));
            }
        });
    }

    private ServiceException next(JsonObject handle, int batch) {
        return failure(
                bus.at(handle, "next", new JsonObject().put("batch", batch).put("max", 1)));
    }

    /** What waits, and what comes after the cancel, goes back to the queue; what was taken is the reader's. */
    @Test
    void isCancelledAndSettlesWhatItHas() {
        bus.deploy(new JsonObject().put("maxConsumerBytes", 100_000).put("slowConsumerMillis", 200));
        JsonObject handle = bus.consume("q", new JsonObject().put("consumerTag", "c"));
        for (int tag = 1; tag <= 2; tag++) {
            deliver(tag, tag, 10);
            assertEquals(1, bus.items(handle, tag, 2, 10_000).size());
        }
        deliver(3, 20, 30_000);
        await().until(() -> broker.asked(BasicMethod.Nack.class).size() == 18);
        assertEquals(1, broker.asked(BasicMethod.Cancel.class).size());
        assertTrue(broker.asked(BasicMethod.Nack.class).stream().allMatch(BasicMethod.Nack::requeue));
        assertEquals(
                LongStream.rangeClosed(3, 20).boxed().toList(),
                broker.asked(BasicMethod.Nack.class).stream()
                        .map(BasicMethod.Nack::deliveryTag)
                        .toList());
        ServiceException why = next(handle, 3);
        assertEquals("OVERLOADED", name(why));
        assertTrue(why.getMessage().startsWith("consumer c of queue q: holds "), why::getMessage);
        assertEquals(1, bus.settle(handle, "{'ack':[2]}"));
        await().until(() -> broker.asked(BasicMethod.Ack.class).equals(List.of(new BasicMethod.Ack(2, false))));
        JsonObject counters = Outcome.value(bus.service.status()).getJsonObject("counters");
        assertEquals(1, counters.getInteger("overrunStreams"));
        assertEquals(0, counters.getInteger("consumers"));
        assertEquals(1, counters.getInteger("unsettledDeliveries"));
        bus.close(handle);
        assertEquals("NOT_FOUND", name(failure(bus.at(handle, "settle", new JsonObject("{\"ack\":[1]}")))));
    }

    /** With a limit of three messages all twenty arrive, one after the other is taken and settled. */
    @Test
    void readsAllWhenItReads() {
        bus.deploy(new JsonObject().put("maxConsumerBytes", 100_000));
        JsonObject handle = bus.consume("q", new JsonObject().put("consumerTag", "c"));
        deliver(1, 20, 30_000);
        for (int batch = 1; batch <= 20; batch++) {
            assertEquals(1, bus.items(handle, batch, 1, 10_000).size());
            assertEquals(1, bus.settle(handle, "{'ack':[" + batch + "]}"));
        }
        JsonObject counters = Outcome.value(bus.service.status()).getJsonObject("counters");
        assertEquals(0, counters.getInteger("overrunStreams"));
        assertEquals(0, counters.getInteger("unsettledDeliveries"));
    }

    /** It has the most when memory is short, so it is dropped, with what it has not taken; everybody else goes on. */
    @Test
    void isDroppedWhenMemoryIsShort() {
        bus.deploy();
        MemoryBudget budget = MemoryBudget.of(bus.vertx);
        budget.limit(1_000_000);
        JsonObject handle = bus.consume("q", new JsonObject().put("consumerTag", "c"));
        deliver(1, 1, 10);
        assertEquals(1, bus.items(handle, 1, 1, 10_000).size());
        deliver(2, 4, 450_000);
        await().until(() -> broker.asked(BasicMethod.Nack.class).size() == 3);
        assertTrue(broker.asked(BasicMethod.Nack.class).stream().allMatch(BasicMethod.Nack::requeue));
        ServiceException why = next(handle, 2);
        assertEquals("OVERLOADED", name(why));
        assertTrue(why.getMessage().contains(", consumer c of queue q holds "), why::getMessage);
        assertEquals(1, bus.settle(handle, "{'ack':[1]}"));
        assertEquals(1, budget.status().getInteger("dropped"));
        bus.publish("q", "goes on");
        await().until(() -> budget.heldBytes() < 100_000);
        JsonObject second = bus.consume("q", new JsonObject().put("consumerTag", "c"));
        deliver(1, 1, 10);
        assertEquals(1, bus.items(second, 1, 1, 10_000).size());
    }

    /** Its items are with it until they are settled, so that is what the budget knows. */
    @Test
    void aBindingHoldsWhatHasNoAnswer() {
        bus.deploy();
        bus.vertx.eventBus().consumer("work", message -> {});
        JsonObject handle = Outcome.value(bus.service.bind("q", "work", new JsonObject().put("consumerTag", "c")));
        MemoryBudget budget = MemoryBudget.of(bus.vertx);
        deliver(1, 10, 30_000);
        await().until(() -> budget.heldBytes() >= 400_000);
        assertTrue(budget.report().contains(" of queue q"), budget::report);
        Outcome.value(bus.vertx.undeploy(bus.deployment));
        await().until(() -> budget.heldBytes() == 0);
        assertTrue(handle.containsKey("id"));
    }
}
