package dev.polywire.amqp.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpLimits;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.AmqpServerMachine;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a reader ends, no delivery stays unsettled with us: neither one that waits, nor one that has only begun to arrive. */
@Timeout(60)
class AmqpGivenBackTest {

    private static final int LARGE_BYTES = 450_000;
    private final Scripted broker = new Scripted(this::asked);
    private final AmqpBus bus = new AmqpBus(broker);
    /** Deliveries that the broker has given and not got back. */
    private final Set<Long> out = new ConcurrentSkipListSet<>();

    private final Set<Long> closed = new ConcurrentSkipListSet<>();
    private volatile ScriptedClient client;
    private volatile int channel;
    /** Of the message that has begun to arrive: it goes out when something is asked. */
    private volatile Buffer rest = Buffer.buffer();

    @AfterEach
    void close() {
        bus.close();
        broker.close();
    }

    private boolean asked(ScriptedClient from, AmqpServerEvent.Method asked) {
        if (asked.method() instanceof BasicMethod.Consume || asked.method() instanceof BasicMethod.Get) {
            client = from;
            channel = asked.channel();
        }
        boolean own = from == client && asked.channel() == channel;
        if (own && asked.method() instanceof BasicMethod.Ack ack) {
            settled(ack.deliveryTag(), ack.multiple());
        } else if (own && asked.method() instanceof BasicMethod.Nack nack) {
            settled(nack.deliveryTag(), nack.multiple());
        } else if (own && asked.method() instanceof BasicMethod.Reject reject) {
            settled(reject.deliveryTag(), false);
        } else if (own && asked.method() instanceof ChannelMethod.Close
                || from == client && asked.method() instanceof ConnectionMethod.Close) {
            closed.addAll(out);
            out.clear();
        }
        if (from == client && !(asked.method() instanceof ChannelMethod.Open)) {
            // An answer follows after what was on its way.
            from.raw(rest);
            rest = Buffer.buffer();
        }
        boolean looks = asked.method() instanceof QueueMethod.Declare;
        if (looks) {
            from.closeChannel(asked.channel(), ReplyCode.NOT_FOUND, "no queue 'q'");
        }
        return looks || asked.method() instanceof BasicMethod.Get;
    }

    private void settled(long tag, boolean multiple) {
        assertTrue(multiple ? out.removeIf(each -> each <= tag) : out.remove(tag), () -> "settled: " + tag);
    }

    /** A message as its bytes. */
    private Buffer bytes(ContentMethod method, int bodyBytes) {
        AmqpServerMachine machine = new AmqpServerMachine(AmqpLimits.DEFAULT, FrameTap.NONE);
        machine.send(channel, method, new Content(Buffer.buffer(new byte[bodyBytes])));
        Buffer all = Buffer.buffer();
        for (Buffer next = machine.takeOutput(); next != null; next = machine.takeOutput()) {
            all.appendBuffer(next);
        }
        return all;
    }

    private void deliver(long tag, int bodyBytes) {
        out.add(tag);
        client.raw(bytes(new ContentMethod.Deliver("c", tag, false, "", "q"), bodyBytes));
    }

    /** The first half of a message. */
    private void begin(long tag, ContentMethod method, int bodyBytes) {
        out.add(tag);
        Buffer all = bytes(method, bodyBytes);
        rest = all.slice(all.length() / 2, all.length());
        client.raw(all.slice(0, all.length() / 2));
    }

    private void begin(long tag, int bodyBytes) {
        begin(tag, new ContentMethod.Deliver("c", tag, false, "", "q"), bodyBytes);
    }

    /** @param taken how many of the first messages the reader takes. @return its stream */
    private JsonObject consume(JsonObject options, int taken) {
        JsonObject handle = bus.consume("q", options.put("consumerTag", "c"));
        for (int tag = 1; tag <= taken; tag++) {
            deliver(tag, 10);
            assertEquals(1, bus.items(handle, tag, 1, 10_000).size());
        }
        return handle;
    }

    private String next(JsonObject handle, int batch) {
        return AmqpBus.name(AmqpBus.failure(
                bus.at(handle, "next", new JsonObject().put("batch", batch).put("max", 1))));
    }

    /** What comes after the cancel is requeued one by one, for the reader may still settle what it has. */
    @Test
    void ofAReaderThatIsTooSlow() {
        bus.deploy(new JsonObject().put("maxConsumerBytes", 100_000).put("slowConsumerMillis", 200));
        JsonObject handle = consume(new JsonObject(), 1);
        deliver(2, 120_000);
        begin(3, 120_000);
        await().until(() -> out.equals(Set.of(1L)));
        assertEquals("OVERLOADED", next(handle, 2));
        assertEquals(1, bus.settle(handle, "{'ack':[1]}"));
        await().until(out::isEmpty);
        assertEquals(Set.of(), closed);
    }

    @Test
    void ofAReaderThatIsDroppedForMemory() {
        bus.deploy();
        MemoryBudget.of(bus.vertx).limit(1_000_000);
        JsonObject handle = consume(new JsonObject(), 1);
        deliver(2, LARGE_BYTES);
        deliver(3, LARGE_BYTES);
        begin(4, LARGE_BYTES);
        await().until(() -> out.equals(Set.of(1L)));
        assertEquals("OVERLOADED", next(handle, 2));
        bus.close(handle);
        assertEquals(Set.of(1L), closed);
    }

    /** Nothing is to be settled, so the stream ends with its channel, whose end requeues what has not arrived. */
    @ParameterizedTest
    @ValueSource(ints = {500_000, 100_000_000})
    void ofAReaderThatHasTakenNothing(int maxConsumerBytes) {
        bus.deploy(new JsonObject().put("maxConsumerBytes", maxConsumerBytes).put("slowConsumerMillis", 1));
        MemoryBudget.of(bus.vertx).limit(1_000_000);
        JsonObject handle = consume(new JsonObject(), 0);
        deliver(1, LARGE_BYTES);
        deliver(2, LARGE_BYTES);
        begin(3, LARGE_BYTES);
        await().until(out::isEmpty);
        assertTrue(closed.contains(3L), closed::toString);
        assertEquals("OVERLOADED", next(handle, 1));
        await().until(() -> MemoryBudget.of(bus.vertx).heldBytes() == 0);
    }

    @Test
    void ofAReaderThatCloses() {
        bus.deploy();
        JsonObject handle = consume(new JsonObject(), 1);
        deliver(2, 10);
        begin(3, LARGE_BYTES);
        bus.close(handle);
        await().until(out::isEmpty);
        assertEquals(Set.of(1L, 2L, 3L), new TreeSet<>(closed));
        await().until(() -> MemoryBudget.of(bus.vertx).heldBytes() == 0);
    }

    @Test
    void ofAReaderThatIsGone() {
        bus.deploy(new JsonObject().put("leaseMillis", 100));
        consume(new JsonObject(), 1);
        begin(2, LARGE_BYTES);
        await().until(out::isEmpty);
        await().until(() -> MemoryBudget.of(bus.vertx).heldBytes() == 0);
    }

    @Test
    void ofAConsumerThatTheBrokerCancels() {
        bus.deploy();
        JsonObject handle = consume(new JsonObject(), 1);
        deliver(2, LARGE_BYTES);
        client.send(channel, new BasicMethod.Cancel("c", true));
        await().until(out::isEmpty);
        assertEquals("NOT_FOUND", next(handle, 2));
    }

    /** The two that are at its address end with their timeout; what follows is not sent any more. */
    @Test
    void ofABindingThatIsDroppedForMemory() {
        bus.deploy();
        AtomicInteger sent = new AtomicInteger();
        bus.vertx.eventBus().consumer("work", message -> sent.incrementAndGet());
        JsonObject options = new JsonObject().put("consumerTag", "c").put("timeoutMillis", 1_000);
        Outcome.value(bus.service.bind("q", "work", options));
        deliver(1, LARGE_BYTES);
        deliver(2, LARGE_BYTES);
        await().until(() -> sent.get() == 2);
        // Far below what it has, so that it is dropped at once; its connection has less.
        MemoryBudget.of(bus.vertx).limit(400_000);
        begin(3, LARGE_BYTES);
        await().until(() -> broker.asked(BasicMethod.Cancel.class).size() == 1);
        await().until(out::isEmpty);
        await().until(() -> MemoryBudget.of(bus.vertx).heldBytes() == 0);
        assertEquals(2, sent.get());
    }

    @Test
    void ofAConnectorThatLeaves() {
        bus.deploy();
        consume(new JsonObject(), 1);
        begin(2, LARGE_BYTES);
        Outcome.value(bus.vertx.undeploy(bus.deployment));
        await().until(out::isEmpty);
    }

    @Test
    void ofAFetchThatComesTooLate() {
        bus.deploy();
        Future<JsonObject> got =
                AmqpService.proxy(bus.vertx, AmqpBus.ADDRESS, 300).basicGet("q", null);
        await().until(() -> channel > 0);
        begin(1, new ContentMethod.GetOk(1, false, "", "q", 0), LARGE_BYTES);
        assertEquals("TIMEOUT", AmqpBus.name(AmqpBus.failure(got)));
        await().until(out::isEmpty);
        await().until(() -> MemoryBudget.of(bus.vertx).heldBytes() == 0);
    }
}
