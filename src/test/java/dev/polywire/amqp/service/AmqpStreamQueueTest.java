package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.LongString;
import dev.polywire.amqp.wire.Property;
import dev.polywire.amqp.wire.ReplyCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F50: a stream of ten messages, which the broker gives from the offset that it is asked for, or from 3 if it is asked for none. */
@Timeout(60)
class AmqpStreamQueueTest {

    private final Scripted broker = new Scripted(this::asked);
    private final AmqpBus bus = new AmqpBus(broker);
    private volatile boolean isClassic;
    private int batches;
    private volatile int channel;

    @BeforeEach
    void deploy() {
        bus.deploy(new JsonObject().put("consumerTimeoutMillis", 2_000));
    }

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    private boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        if (!(asked.method() instanceof BasicMethod.Consume consume)) {
            return false;
        }
        Object said = consume.arguments().get("x-stream-offset");
        if (isClassic && said != null) {
            String text = "PRECONDITION_FAILED - invalid arg 'x-stream-offset' for queue 'q'";
            client.send(asked.channel(), new ChannelMethod.Close(406, text, 60, 20));
            return true;
        }
        client.answer(asked);
        channel = asked.channel();
        List<BasicMethod.Qos> qos = broker.asked(BasicMethod.Qos.class);
        int most =
                qos.isEmpty() || consume.noAck() ? 10 : qos.get(qos.size() - 1).prefetchCount();
        Object from = consume.arguments().getOrDefault("x-stream-offset", 3L);
        long first = from instanceof Long offset ? offset : 0;
        for (long offset = first; offset < Math.min(10, first + most); offset++) {
            Map<String, Object> headers = Map.of("x-stream-offset", offset);
            client.send(
                    asked.channel(),
                    new ContentMethod.Deliver(consume.consumerTag(), offset - first + 1, false, "", "q"),
                    new Content(BasicProperties.NONE.with(Property.HEADERS, headers), Buffer.buffer("m" + offset)));
        }
        return true;
    }

    /** Whoever publishes may say so in a message of any queue, and the broker refuses the offset. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aQueueThatIsNoStream(boolean connectionIsLost) {
        isClassic = true;
        JsonObject handle = bus.consume("q", new JsonObject("{\"prefetchCount\":2}"));
        assertEquals(List.of(3L, 4L), offsets(handle, 2, 10));
        for (int time = 1; time <= 2; time++) {
            int consumers = begins().size();
            if (connectionIsLost) {
                lose();
            } else {
                broker.consuming().closeChannel(channel, ReplyCode.PRECONDITION_FAILED, "too late");
            }
            assertEquals(List.of(3L, 4L), offsets(handle, 2, 10));
            // Once is enough.
            assertEquals(consumers + (time == 1 ? 2 : 1), begins().size());
        }
    }

    /** Of the next {@code count}, and of what has come with them, up to {@code max}: a batch has what is there. */
    private List<Long> offsets(JsonObject handle, int count, int max) {
        List<Long> offsets = new ArrayList<>();
        while (offsets.size() < count) {
            bus.items(handle, ++batches, max - offsets.size(), 10_000).stream()
                    .map(item -> ((JsonObject) item)
                            .getJsonObject("properties")
                            .getJsonObject("headers")
                            .getLong("x-stream-offset"))
                    .forEach(offsets::add);
        }
        return offsets;
    }

    /** What each consumer was asked to begin with. */
    private List<String> begins() {
        return broker.asked(BasicMethod.Consume.class).stream()
                .map(consume -> consume.arguments().get("x-stream-offset"))
                .map(from -> from instanceof LongString text ? text.text() : String.valueOf(from))
                .toList();
    }

    private void lose() {
        broker.consuming().closeConnection(ReplyCode.CONNECTION_FORCED, "restart");
    }

    @Test
    void fromTheLowestThatIsNotSettled() {
        JsonObject handle =
                bus.consume("q", new JsonObject("{\"arguments\":{\"x-stream-offset\":\"first\"},\"prefetchCount\":5}"));
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L), offsets(handle, 5, 10));
        assertEquals(3, bus.settle(handle, "{'ack':[1,2,4]}"));
        await().until(() -> broker.asked(BasicMethod.Ack.class).size() == 3);
        lose();
        await().until(() -> begins().equals(List.of("first", "2")));
        assertEquals(List.of(2L, 3L, 4L, 5L, 6L), offsets(handle, 5, 10));
    }

    @Test
    void fromWhatWasNotReadWithTheDefault() {
        JsonObject handle = bus.consume("q", new JsonObject("{\"prefetchCount\":5}"));
        assertEquals(List.of(3L, 4L), offsets(handle, 2, 2));
        assertEquals(2, bus.settle(handle, "{'ack':[1,2]}"));
        await().until(() -> broker.asked(BasicMethod.Ack.class).size() == 2);
        lose();
        await().until(() -> begins().equals(List.of("null", "5")));
        assertEquals(List.of(5L, 6L, 7L, 8L, 9L), offsets(handle, 5, 10));
    }

    /** What waits for the reader stays. */
    @Test
    void behindTheLastOneWithNoAck() {
        JsonObject handle = bus.consume("q", new JsonObject("{\"noAck\":true}"));
        assertEquals(List.of(3L, 4L), offsets(handle, 2, 2));
        lose();
        await().until(() -> begins().equals(List.of("null", "10")));
        assertEquals(List.of(5L, 6L, 7L, 8L, 9L), offsets(handle, 5, 10));
    }

    /** The broker never gives a message of a stream again by itself. */
    @Test
    void aBindingThatGivesBack() {
        bus.service.bind("q", "work", new JsonObject("{\"prefetch\":4}"));
        await().until(() -> begins().equals(List.of("null", "3", "3")));
        Queue<Object> seen = new ConcurrentLinkedQueue<>();
        bus.vertx.eventBus().<JsonObject>consumer("work", message -> {
            seen.add(message.body().getString("body"));
            message.reply(null);
        });
        await().until(() -> begins().size() > 3 && seen.size() == 5);
        assertEquals("4", begins().get(begins().size() - 1));
        assertEquals(5, seen.stream().distinct().count());
    }
}
