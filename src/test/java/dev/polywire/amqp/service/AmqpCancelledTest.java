package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code basic.cancel} from the broker: each consumer has two messages, its queue is away for one attempt. */
@Timeout(60)
class AmqpCancelledTest {

    private static final ChannelMethod.Close NO_QUEUE = new ChannelMethod.Close(
            404, "no queue 'q'", BasicMethod.Consume.ID >>> 16, BasicMethod.Consume.ID & 0xffff);

    private final Scripted broker = new Scripted(this::asked);
    private final AmqpBus bus = new AmqpBus(broker);
    private final CompletableFuture<Runnable> kept = new CompletableFuture<>();
    private volatile boolean keepsBack;
    private volatile int consumed;
    private volatile int channel;

    @BeforeEach
    void deploy() {
        bus.deploy();
    }

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    private boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        if (asked.method() instanceof QueueMethod.Declare declare && declare.passive()) {
            client.send(asked.channel(), NO_QUEUE);
            return true;
        } else if (!(asked.method() instanceof BasicMethod.Consume)) {
            return false;
        }
        BasicMethod.Consume consume = (BasicMethod.Consume) asked.method();
        consumed++;
        channel = asked.channel();
        if (consumed == 2 && keepsBack) {
            kept.complete(() -> oblige(client, asked, consume));
        } else if (consumed == 2) {
            client.send(asked.channel(), NO_QUEUE);
        } else {
            oblige(client, asked, consume);
        }
        return true;
    }

    private void oblige(ScriptedClient client, AmqpServerEvent.Method asked, BasicMethod.Consume consume) {
        client.answer(asked);
        for (int tag = 1; tag <= 2; tag++) {
            client.send(
                    asked.channel(),
                    new ContentMethod.Deliver(consume.consumerTag(), tag, consumed > 1, "", "q"),
                    new Content(Buffer.buffer(consumed + "-" + tag)));
        }
    }

    /** The item that was read is settled in vain, the one that was not read is none; both come again. */
    @Test
    void itBeginsAnewWithResubscribe() {
        JsonObject handle = bus.consume("q", new JsonObject("{\"resubscribe\":true,\"consumerTag\":\"c\"}"));
        bus.items(handle, 1, 1, 10_000);
        broker.consuming().send(channel, new BasicMethod.Cancel("c", true));
        await().until(() -> consumed == 3);
        JsonObject first = bus.items(handle, 2, 1, 10_000).getJsonObject(0);
        JsonObject second = bus.items(handle, 3, 1, 10_000).getJsonObject(0);
        assertEquals(
                new JsonObject("{\"deliveryTag\":2,\"redelivered\":true,\"exchange\":\"\",\"routingKey\":\"q\","
                        + "\"properties\":{},\"body\":\"My0x\"}"),
                first);
        assertEquals(3, second.getInteger("deliveryTag"));
        assertEquals(3, bus.settle(handle, "{'ack':[1,2,3]}"));
        await().until(() -> broker.asked(BasicMethod.Ack.class).size() == 2);
        assertEquals(
                List.of(1L, 2L),
                broker.asked(BasicMethod.Ack.class).stream()
                        .map(BasicMethod.Ack::deliveryTag)
                        .toList());
        told();
    }

    @Test
    void elseItEnds() {
        JsonObject handle = bus.consume("q", new JsonObject("{\"consumerTag\":\"c\"}"));
        for (int batch = 1; batch <= 2; batch++) {
            bus.items(handle, batch, 1, 10_000);
        }
        broker.consuming().send(channel, new BasicMethod.Cancel("c", true));
        var next = bus.at(handle, "next", new JsonObject().put("batch", 3).put("max", 1));
        assertEquals("NOT_FOUND", name(failure(next)));
        assertEquals(1, consumed);
        told();
    }

    /** A stream that is closed meanwhile does not come back. */
    @Test
    void closedMeanwhile() throws Exception {
        keepsBack = true;
        JsonObject handle = bus.consume("q", new JsonObject("{\"resubscribe\":true,\"consumerTag\":\"c\"}"));
        broker.consuming().send(channel, new BasicMethod.Cancel("c", true));
        Runnable again = kept.get(20, TimeUnit.SECONDS);
        int closed = broker.asked(ChannelMethod.Close.class).size();
        bus.close(handle);
        again.run();
        await().until(() -> broker.asked(ChannelMethod.Close.class).size() == closed + 1);
        JsonObject counters = Outcome.value(bus.service.status()).getJsonObject("counters");
        assertEquals(0, counters.getInteger("consumers"));
        assertEquals(0, counters.getInteger("unsettledDeliveries"));
    }

    private void told() {
        JsonObject cancelled = new JsonObject("{\"consumerTag\":\"c\",\"queue\":\"q\"}");
        await().until(() -> bus.events.stream().anyMatch(event -> cancelled.equals(event.getValue("cancelled"))));
    }
}
