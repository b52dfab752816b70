package dev.polywire.amqp.session;

import static dev.polywire.amqp.session.SessionFixture.durable;
import static dev.polywire.amqp.session.SessionFixture.persistent;
import static dev.polywire.amqp.session.SessionFixture.reason;
import static dev.polywire.amqp.session.SessionFixture.subscription;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.core.net.CallException.Reason;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F47: a consumer that the broker ends since it settles too late, and one that gives back before. */
@Timeout(60)
class AmqpTimedOutTest {

    private final MemoryBroker broker = new MemoryBroker();
    private final SessionFixture fixture = new SessionFixture();
    private final Received received = new Received();
    private AmqpClient client;

    @AfterEach
    void close() {
        fixture.close();
        broker.close();
    }

    private AmqpConsumer consumer(int prefetchCount, int messages) {
        client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        for (int i = 0; i < messages; i++) {
            String id = "m" + i;
            fixture.ask(d -> client.publish(persistent("", "q", id), d));
        }
        AmqpConsumer consumer = fixture.ask(d -> client.consume(subscription("q", "c", prefetchCount), received, d));
        awaitDeliveries(Math.min(prefetchCount, messages));
        return consumer;
    }

    private void awaitDeliveries(int count) {
        fixture.await(count + " deliveries", () -> received.numbers.size() >= count);
    }

    /** It is told once, and a late answer is counted. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void beginsAgain(boolean cancels) {
        AmqpConsumer consumer = consumer(2, 3);
        broker.timeOut("q", cancels);
        awaitDeliveries(4);
        assertEquals(
                List.of("delivery 1", "delivery 2", cancels ? "cancelled" : "interrupted"),
                received.events.subList(0, 3));
        assertTrue(received.events.containsAll(List.of("recovered", "delivery 3 again", "delivery 4 again")));
        assertEquals(1, fixture.story.count("interrupted c"));
        assertFalse(fixture.story.told("cancelled c"));
        assertFalse(fixture.loop.call(() -> consumer.ack(2, true)));
        assertEquals(1, (long) fixture.loop.call(() -> client.status().staleSettlements()));
        assertTrue(fixture.loop.call(() -> consumer.ack(4, true)));
        awaitDeliveries(5);
        broker.reset();
        fixture.await("recovered", () -> fixture.story.told("consumer c"));
    }

    /** 406 is also what a wrong tag of ours gets: it is not done for ever. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theThirdTimeInAMinuteItEnds(boolean cancels) {
        consumer(1, 1);
        for (int deliveries = 2; deliveries <= 3; deliveries++) {
            broker.timeOut("q", cancels);
            awaitDeliveries(deliveries);
        }
        broker.timeOut("q", cancels);
        fixture.await("end", () -> received.events.contains("ended"));
        assertEquals(2, fixture.story.count("interrupted c"));
        if (cancels) {
            assertEquals(Reason.UNAVAILABLE, reason(received.cause));
        } else {
            assertEquals(
                    406,
                    assertInstanceOf(AmqpException.class, received.cause)
                            .reason()
                            .code());
        }
        assertEquals(List.of("m0"), broker.messages("q"));
        assertEquals(0, (int) fixture.loop.call(() -> client.status().consumers()));
    }

    /** The queue is deleted while it waits to begin again. */
    @Test
    void itsQueueIsGoneMeanwhile() {
        consumer(1, 1);
        fixture.loop.run(() -> {
            broker.timeOut("q", false);
            broker.delete("q");
        });
        fixture.await("end", () -> received.events.contains("ended"));
        assertEquals(
                404,
                assertInstanceOf(AmqpException.class, received.cause).reason().code());
    }

    /** What is out stays, the others go back unprocessed, and one is held at a time; the queue always has a consumer. */
    @Test
    void oneAtATime() {
        AmqpConsumer consumer = consumer(4, 6);
        broker.asked.clear();
        fixture.loop.run(() -> consumer.again(1, 2, 3, 4));
        awaitDeliveries(5);
        fixture.await("all", () -> broker.messages("q").size() == 4);
        assertEquals(
                List.of("basic.qos", "basic.consume", "basic.cancel", "basic.nack", "basic.nack", "basic.nack"),
                broker.asked);
        assertTrue(fixture.loop.call(() -> consumer.ack(1, false)), "it was out");
        assertTrue(fixture.loop.call(() -> consumer.requeue(5, false)));
        awaitDeliveries(6);
        fixture.loop.run(() -> consumer.again(4));
        awaitDeliveries(9);
        fixture.await(
                "five",
                () -> fixture.loop.call(consumer::unsettled) == 5
                        && broker.messages("q").isEmpty());
        assertTrue(fixture.loop.call(() -> consumer.ack(10, true)));
        fixture.await("settled", () -> fixture.loop.call(consumer::unsettled) == 0);
        assertEquals("c", consumer.consumerTag());
        assertEquals(1, (int) fixture.loop.call(() -> client.status().consumers()));
    }

    /** As it was when the connection is lost. */
    @Test
    void oneAtATimeOverARecovery() {
        AmqpConsumer consumer = consumer(4, 6);
        fixture.loop.run(() -> consumer.again(1, 1, 2, 3, 4));
        awaitDeliveries(5);
        broker.reset();
        awaitDeliveries(6);
        fixture.awaitReady(client);
        fixture.await("one", () -> broker.messages("q").size() == 5);
        fixture.loop.run(() -> consumer.again(4));
        awaitDeliveries(9);
        fixture.await("four more", () -> broker.messages("q").size() == 1);
    }

    /** It asks while there is no connection. */
    @Test
    void oneAtATimeWhileTheConnectionIsLost() {
        AmqpConsumer consumer = consumer(4, 6);
        broker.kill();
        fixture.await("interrupted", () -> received.events.contains("interrupted"));
        fixture.loop.run(() -> consumer.again(1));
        broker.start();
        fixture.awaitReady(client);
        fixture.await(
                "one",
                () -> fixture.loop.call(consumer::unsettled) == 1
                        && broker.messages("q").size() == 5);
    }

    /** garagemq goes on counting over a channel that is opened again. */
    @Test
    void tagsThatDoNotBeginWithOne() {
        broker.firstTag = 1_001;
        AmqpConsumer consumer = consumer(2, 4);
        assertTrue(fixture.loop.call(() -> consumer.ack(2, true)));
        awaitDeliveries(4);
        assertTrue(fixture.loop.call(() -> consumer.nack(4, true, false)));
        fixture.await("settled", () -> fixture.loop.call(consumer::unsettled) == 0);
        assertFalse(received.events.contains("interrupted"));
    }
}
