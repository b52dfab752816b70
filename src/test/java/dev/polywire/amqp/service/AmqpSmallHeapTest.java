package dev.polywire.amqp.service;

import static dev.polywire.amqp.service.AmqpBus.failure;
import static dev.polywire.amqp.service.AmqpBus.name;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connectors in a small heap; their broker is in this JVM, and has more messages than fit there. */
@Timeout(180)
class AmqpSmallHeapTest {

    private static final int MANY = 300;
    private static final int LARGE_BYTES = 900_000;
    private static final int SOME = 100;
    private static final int SOME_BYTES = 64 * 1024;

    private final Scripted broker = new Scripted(this::asked);
    private final AtomicInteger sent = new AtomicInteger();
    private volatile boolean cancelled;

    /** A broker in another JVM. */
    private record Elsewhere(int port) implements Broker {

        @Override
        public String name() {
            return "elsewhere";
        }

        @Override
        public Set<Feature> lacks() {
            return Set.of();
        }

        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public void kill() {}
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        if (asked.method() instanceof BasicMethod.Cancel) {
            cancelled = true;
        } else if (asked.method() instanceof BasicMethod.Consume consume) {
            client.answer(asked);
            String tag = consume.consumerTag();
            switch (consume.queue()) {
                case "many" -> deliverMany(client, asked.channel(), tag, new Content(bytes(LARGE_BYTES)));
                case "few" -> deliver(client, asked, tag, 1, new Content(bytes(1)));
                default -> deliver(client, asked, tag, SOME, content(consume.queue()));
            }
            return true;
        } else if (asked.method() instanceof BasicMethod.Get get) {
            client.send(asked.channel(), new ContentMethod.GetOk(1, false, "", "", 1), content(get.queue()));
            return true;
        }
        return false;
    }

    private static void deliver(
            ScriptedClient client, AmqpServerEvent.Method asked, String consumer, int count, Content content) {
        for (int tag = 1; tag <= count; tag++) {
            client.send(asked.channel(), new ContentMethod.Deliver(consumer, tag, false, "", ""), content);
        }
    }

    /** As the client reads, until it cancels; this JVM has no room for all of them either. */
    private void deliverMany(ScriptedClient client, int channel, String consumer, Content content) {
        client.whenRoom(() -> {
            if (sent.get() < MANY && !cancelled) {
                int tag = sent.incrementAndGet();
                client.send(channel, new ContentMethod.Deliver(consumer, tag, false, "", ""), content);
                Vertx.currentContext().runOnContext(v -> deliverMany(client, channel, consumer, content));
            }
        });
    }

    private static Content content(String form) {
        return switch (form) {
            case "text" -> typed("text/plain", Buffer.buffer("x".repeat(SOME_BYTES)));
            case "wide" -> typed("text/plain", Buffer.buffer("x".repeat(SOME_BYTES / 2) + '\u20ac'));
            case "json" -> typed("application/json", json().toBuffer());
            default -> new Content(bytes(SOME_BYTES));
        };
    }

    private static JsonArray json() {
        JsonArray rows = new JsonArray();
        for (int row = 0; row < 300; row++) {
            rows.add(new JsonObject().put("number", row).put("text", "row " + row));
        }
        return rows;
    }

    private static Content typed(String type, Buffer body) {
        return new Content(BasicProperties.NONE.with(Property.CONTENT_TYPE, type), body);
    }

    private static Buffer bytes(int count) {
        return Buffer.buffer(new byte[count]);
    }

    /** Of 270 MB one message is read, and no more than fits is sent; publishers do not notice, the other consumer waits, and nothing is lost. */
    @Test
    void aReaderThatStopsReading() {
        SmallJvm.run(Stopping.class, Integer.toString(broker.port())).requireClean();
        assertEquals(1, broker.asked(BasicMethod.Cancel.class).size());
        assertEquals(List.of(new BasicMethod.Ack(1, false)), broker.asked(BasicMethod.Ack.class));
        assertEquals(sent.get() - 1, broker.asked(BasicMethod.Nack.class).size());
        assertTrue(sent.get() < MANY / 2, () -> "sent: " + sent);
        assertTrue(broker.asked(BasicMethod.Nack.class).stream().allMatch(BasicMethod.Nack::requeue));
    }

    static final class Stopping {

        private Stopping() {}

        public static void main(String[] arguments) {
            try (AmqpBus bus = new AmqpBus(new Elsewhere(Integer.parseInt(arguments[0])))) {
                // Half of the limit, as the heap is half of one that has room for the limit.
                bus.deploy(new JsonObject().put("slowConsumerMillis", 1_000).put("maxConsumerBytes", 8 << 20));
                JsonObject many = bus.consume("many", null);
                require(bus.items(many, 1, 1, 10_000).size() == 1, "it reads one");
                for (int i = 0; i < 100; i++) {
                    bus.publish("other", "goes on");
                }
                JsonObject few = bus.consume("few", null);
                require(bus.items(few, 1, 1, 10_000).size() == 1, "the other consumer has its message");
                var next = bus.at(many, "next", new JsonObject().put("batch", 2).put("max", 1));
                require("OVERLOADED".equals(name(failure(next))), "the stream has ended");
                require(bus.settle(many, "{'ack':[1]}") == 1, "what it has is settled");
                bus.close(many);
                MemoryBudget budget = MemoryBudget.of(bus.vertx);
                await().until(() -> budget.heldBytes() < 1024 * 1024);
            }
        }
    }

    /** The account of a consumer tells what its messages take, in each form that a message may have. */
    @Test
    void theAccountOfAConsumer() {
        SmallJvm.run(Accounts.class, Integer.toString(broker.port())).requireClean();
    }

    static final class Accounts {

        private static final int ATTEMPTS = 5;

        private Accounts() {}

        public static void main(String[] arguments) {
            int port = Integer.parseInt(arguments[0]);
            for (String queue : new String[] {"text", "wide", "bytes", "json"}) {
                check(port, queue + " json", bus -> consume(bus, queue, "json"));
            }
            check(port, "bytes raw", bus -> consume(bus, "bytes", "raw"));
            check(port, "fetched", Accounts::fetch);
        }

        /** More than once, since classes are loaded the first time, and garbage of earlier work may go in the middle. */
        private static void check(int port, String what, Consumer<AmqpBus> holding) {
            long percent = 0;
            for (int attempt = 0; attempt < ATTEMPTS && (percent < 80 || percent > 120); attempt++) {
                percent = ratio(port, what, holding);
            }
            require(percent >= 80 && percent <= 120, "the account has " + percent + " % of the heap");
        }

        private static long ratio(int port, String what, Consumer<AmqpBus> holding) {
            try (AmqpBus bus = new AmqpBus(new Elsewhere(port))) {
                bus.deploy(new JsonObject().put("maxConsumerBytes", 1L << 30));
                MemoryBudget budget = MemoryBudget.of(bus.vertx);
                budget.limit(1L << 30);
                long usedBefore = used();
                long heldBefore = budget.heldBytes();
                holding.accept(bus);
                long held = budget.heldBytes() - heldBefore;
                long used = used() - usedBefore;
                System.out.println(what + ": account " + held + ", heap " + used);
                return 100 * held / used;
            }
        }

        private static void consume(AmqpBus bus, String queue, String form) {
            bus.consume(queue, new JsonObject().put("form", form).put("prefetchCount", SOME));
            await().until(() -> Outcome.value(bus.service.status())
                            .getJsonObject("counters")
                            .getInteger("unsettledDeliveries")
                    == SOME);
        }

        private static void fetch(AmqpBus bus) {
            for (int i = 0; i < SOME; i++) {
                Outcome.value(bus.service.basicGet("bytes", null));
            }
        }

        private static long used() {
            System.gc();
            System.gc();
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException("not true: " + what);
        }
    }
}
