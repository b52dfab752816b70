package dev.polywire.amqp.session;

import static dev.polywire.amqp.session.SessionFixture.durable;
import static dev.polywire.amqp.session.SessionFixture.persistent;
import static dev.polywire.amqp.session.SessionFixture.reason;
import static dev.polywire.amqp.session.SessionFixture.subscription;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.CallException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deliveries and their settlement, over connections: F13, F15, F16 and F18. */
@Timeout(60)
class AmqpConsumingTest {

    private final MemoryBroker broker = new MemoryBroker();
    private final SessionFixture fixture = new SessionFixture();
    private final Received received = new Received();
    private AmqpClient client;

    @AfterEach
    void close() {
        fixture.close();
        broker.close();
    }

    private AmqpConsumer consumer(int prefetchCount, boolean resubscribe, int messages) {
        client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        AmqpConsumer consumer =
                fixture.ask(d -> client.consume(subscription("q", "c", prefetchCount, resubscribe), received, d));
        publish(0, messages);
        return consumer;
    }

    private void publish(int from, int to) {
        for (int i = from; i < to; i++) {
            String id = "m" + i;
            fixture.ask(d -> client.publish(persistent("", "q", id), d));
        }
    }

    /** F13: no more than the prefetch is delivered; what is settled makes room. */
    @Test
    void oneOrMany() {
        AmqpConsumer consumer = consumer(3, false, 10);
        awaitDeliveries(3);
        assertTrue(fixture.loop.call(() -> consumer.ack(2, false)));
        awaitDeliveries(4);
        assertTrue(fixture.loop.call(() -> consumer.ack(3, true)));
        awaitDeliveries(6);
        assertTrue(fixture.loop.call(() -> consumer.nack(4, false, false)));
        assertTrue(fixture.loop.call(() -> consumer.nack(6, true, false)));
        awaitDeliveries(9);
        assertEquals(3, (int) fixture.loop.call(consumer::unsettled));
        assertEquals(9, received.ids.size());
        assertTrue(fixture.loop.call(() -> consumer.nack(9, true, true)));
        awaitDeliveries(12);
        assertEquals("delivery 10 again", received.events.get(9));
        assertEquals(9, received.ids.size());
    }

    /** The broker would end the channel, and with it what others hold. */
    @Test
    void whatIsNotUnsettled() {
        AmqpConsumer consumer = consumer(3, false, 3);
        awaitDeliveries(3);
        fixture.loop.run(() -> consumer.ack(2, false));
        for (long number : new long[] {0, -1, 2, 4, Long.MAX_VALUE}) {
            AssertionError bad =
                    assertThrows(AssertionError.class, () -> fixture.loop.call(() -> consumer.ack(number, false)));
            assertEquals(Reason.BAD_REQUEST, reason(bad.getCause()));
        }
        fixture.loop.run(() -> consumer.ack(3, true));
        assertEquals(0, (int) fixture.loop.call(consumer::unsettled));
        assertEquals(List.of("delivery 1", "delivery 2", "delivery 3"), received.events);
    }

    /** F15: settlements of a lost connection are dropped and counted, their messages come again, and are settled as such. */
    @Test
    void acknowledgedAfterALoss() {
        AmqpConsumer consumer = consumer(2, false, 2);
        awaitDeliveries(2);
        broker.reset();
        fixture.await("again", () -> received.events.contains("delivery 4 again"));
        assertEquals(
                List.of("delivery 1", "delivery 2", "interrupted", "recovered", "delivery 3 again", "delivery 4 again"),
                sorted(received.events));
        assertFalse(fixture.loop.call(() -> consumer.ack(1, false)));
        assertFalse(fixture.loop.call(() -> consumer.ack(2, true)));
        assertFalse(fixture.loop.call(() -> consumer.nack(1, false, true)));
        assertEquals(3, (long) fixture.loop.call(() -> client.status().staleSettlements()));
        assertEquals(2, (int) fixture.loop.call(consumer::unsettled));
        assertTrue(fixture.loop.call(() -> consumer.ack(4, true)));
        publish(2, 3);
        awaitDeliveries(5);
        assertEquals(2, broker.askedFor("basic.qos"));
    }

    /** Deliveries come as soon as the broker has the consumer, its answer may be behind. */
    private static List<String> sorted(List<String> events) {
        return events.stream()
                .sorted((a, b) -> Integer.compare(rank(a), rank(b)))
                .toList();
    }

    private static int rank(String event) {
        return event.equals("interrupted") ? 25 : event.equals("recovered") ? 26 : event.charAt(9) * 10 - 480;
    }

    /** F16: typed, and told. */
    @Test
    void cancelledByTheBroker() {
        consumer(2, false, 1);
        awaitDeliveries(1);
        broker.delete("q");
        fixture.await("end", () -> received.events.contains("ended"));
        assertEquals(List.of("delivery 1", "cancelled", "ended"), received.events);
        assertEquals(Reason.NOT_FOUND, reason(received.cause));
        assertTrue(fixture.story.told("cancelled c"));
        assertEquals(0, (int) fixture.loop.call(() -> client.status().consumers()));
        broker.reset();
        fixture.await("second start", () -> fixture.story.count("READY") >= 2);
        assertFalse(fixture.story.told("consumer c"));
    }

    /** F16: a queue of ours is made again, with the consumer. */
    @Test
    void subscribesAgain() {
        AmqpConsumer consumer = consumer(2, true, 1);
        awaitDeliveries(1);
        broker.delete("q");
        fixture.await("there", () -> received.events.contains("recovered"));
        publish(1, 2);
        awaitDeliveries(2);
        assertEquals(List.of("delivery 1", "cancelled", "recovered", "delivery 2"), received.events);
        assertTrue(fixture.loop.call(() -> consumer.ack(2, true)));
        assertFalse(fixture.loop.call(() -> consumer.ack(1, true)));
        broker.reset();
        fixture.await("recovered", () -> fixture.story.told("consumer c"));
    }

    /** F16: a queue of others is waited for, through the loss of a connection, too. */
    @Test
    void subscribesWhenThereIsAQueue() {
        broker.declare(durable("theirs"));
        client = fixture.client(broker.endpoint());
        fixture.ask(d -> client.consume(subscription("theirs", "c", 1, true), received, d));
        broker.delete("theirs");
        fixture.await("cancelled", () -> received.events.contains("cancelled"));
        long before = broker.askedFor("basic.consume");
        fixture.await("attempts", () -> broker.askedFor("basic.consume") > before + 2);
        broker.reset();
        broker.declare(durable("theirs"));
        fixture.await("there", () -> received.events.contains("recovered"));
        fixture.awaitReady(client);
        fixture.ask(d -> client.publish(persistent("", "theirs", "m"), d));
        awaitDeliveries(1);
    }

    /** Closed between two attempts, it makes no third. */
    @Test
    void closedWhileItWaitsForAQueue() {
        broker.declare(durable("theirs"));
        client = fixture.client(broker.endpoint());
        AmqpConsumer consumer = fixture.ask(d -> client.consume(subscription("theirs", "c", 1, true), received, d));
        broker.delete("theirs");
        long before = broker.askedFor("basic.consume");
        fixture.await("attempt", () -> broker.askedFor("basic.consume") > before);
        fixture.loop.join(consumer::close);
        long asked = broker.askedFor("basic.consume");
        broker.declare(durable("theirs"));
        await().during(Duration.ofMillis(500)).until(() -> broker.askedFor("basic.consume") <= asked + 1);
        assertEquals(0, (int) fixture.loop.call(() -> client.status().consumers()));
        assertFalse(received.events.contains("recovered"));
    }

    @Test
    void closed() {
        AmqpConsumer consumer = consumer(5, true, 5);
        awaitDeliveries(5);
        fixture.loop.join(consumer::close);
        assertEquals("ended", received.events.get(5));
        assertNull(received.cause);
        assertEquals(List.of("m0", "m1", "m2", "m3", "m4"), broker.messages("q"));
        assertFalse(fixture.loop.call(() -> consumer.ack(1, false)));
        broker.reset();
        fixture.await("second start", () -> fixture.story.count("READY") >= 2);
        assertEquals(5, broker.messages("q").size());
    }

    /** F18, F17: what is refused is refused to its caller alone. */
    @Test
    void refused() {
        AmqpConsumer consumer = consumer(1, false, 1);
        Throwable cause = fixture.failure(d -> client.consume(subscription("none", "x", 1), new Received(), d), 15_000);
        assertEquals(404, assertInstanceOf(AmqpException.class, cause).reason().code());
        cause = fixture.failure(
                d -> client.send(new QueueMethod.Declare("none", true, false, false, false, false, Map.of()), d),
                15_000);
        assertEquals(404, assertInstanceOf(AmqpException.class, cause).reason().code());
        fixture.send(client, durable("other"));
        awaitDeliveries(1);
        assertTrue(fixture.loop.call(() -> consumer.ack(1, false)));
        assertEquals(1, (int) fixture.loop.call(() -> client.status().consumers()));
    }

    @Test
    void exclusive() {
        consumer(1, false, 0);
        AmqpSubscription alone =
                new AmqpSubscription(new BasicMethod.Consume("q", "x", false, false, true, false, Map.of()), 1, false);
        Throwable cause = fixture.failure(d -> client.consume(alone, new Received(), d), 15_000);
        assertEquals(403, assertInstanceOf(AmqpException.class, cause).reason().code());
    }

    @Test
    void fetched() {
        client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        assertNull(fixture.ask(d -> client.get("q", false, d)));
        publish(0, 3);
        AmqpGot one = fixture.ask(d -> client.get("q", false, d));
        AmqpGot two = fixture.ask(d -> client.get("q", false, d));
        AmqpGot three = fixture.ask(d -> client.get("q", true, d));
        // A refusal closes its channel, and no other.
        fixture.failure(d -> client.get("none", false, d), 15_000);
        assertTrue(fixture.loop.call(one.receipt()::ack));
        assertFalse(fixture.loop.call(one.receipt()::ack));
        assertFalse(fixture.loop.call(three.receipt()::ack));
        assertTrue(fixture.loop.call(() -> two.receipt().reject(true)));
        fixture.await("back", () -> broker.messages("q").equals(List.of("m1")));
        AmqpGot again = fixture.ask(d -> client.get("q", false, d));
        assertTrue(again.method().redelivered());
        broker.reset();
        fixture.await("second start", () -> fixture.story.count("READY") >= 2);
        assertFalse(fixture.loop.call(again.receipt()::ack));
        assertEquals(List.of("m1"), broker.messages("q"));
    }

    private void awaitDeliveries(int count) {
        fixture.await(count + " deliveries", () -> received.numbers.size() >= count);
    }
}
