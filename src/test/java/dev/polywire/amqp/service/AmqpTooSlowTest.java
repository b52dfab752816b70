package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code noAck}: no prefetch holds the broker back, the pause does, and a reader that is too slow is ended. */
@Timeout(60)
class AmqpTooSlowTest {

    private final Scripted broker = new Scripted(this::asked);
    private final AmqpBus bus = new AmqpBus(broker);
    private volatile int messages;
    private volatile Buffer body;

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    private boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        if (!(asked.method() instanceof BasicMethod.Consume consume)) {
            return false;
        }
        client.answer(asked);
        for (int tag = 1; tag <= messages; tag++) {
            client.send(
                    asked.channel(),
                    new ContentMethod.Deliver(consume.consumerTag(), tag, false, "", "q"),
                    new Content(body));
        }
        return true;
    }

    /** More values than may wait, or more bytes. What waits is given first. */
    @ParameterizedTest
    @CsvSource({"20000, 1, 17568", "17, 1048576, 12"})
    void isEnded(int messages, int bytes, int given) {
        this.messages = messages;
        body = Buffer.buffer(new byte[bytes]);
        bus.deploy();
        JsonObject handle = bus.consume("q", new JsonObject().put("noAck", true).put("slowConsumerMillis", 200));
        await().until(() -> counter("overrunStreams") == 1);
        assertEquals(0, counter("consumers"));
        await().until(() -> !broker.asked(BasicMethod.Cancel.class).isEmpty());
        int got = 0;
        for (int batch = 1; got < given; batch++) {
            int items = bus.items(handle, batch, 10_000, 10_000).size();
            got += items;
            if (got == given) {
                var next = bus.at(
                        handle, "next", new JsonObject().put("batch", batch + 1).put("max", 1));
                assertEquals("OVERLOADED", name(failure(next)));
            }
        }
        assertEquals(given, got);
        assertEquals(0, broker.asked(BasicMethod.Ack.class).size());
    }

    /** As many as may wait are no reason. */
    @ParameterizedTest
    @CsvSource({"17567, 1", "11, 1048576"})
    void isNot(int messages, int bytes) {
        this.messages = messages;
        body = Buffer.buffer(new byte[bytes]);
        bus.deploy();
        JsonObject handle = bus.consume("q", new JsonObject().put("noAck", true));
        int got = 0;
        for (int batch = 1; got < messages; batch++) {
            got += bus.items(handle, batch, 10_000, 10_000).size();
        }
        assertEquals(messages, got);
        assertEquals(0, counter("overrunStreams"));
        assertEquals(1, counter("consumers"));
    }

    private int counter(String name) {
        return Outcome.value(bus.service.status()).getJsonObject("counters").getInteger(name);
    }
}
