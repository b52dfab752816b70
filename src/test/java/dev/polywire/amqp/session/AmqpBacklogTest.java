package dev.polywire.amqp.session;

import static dev.polywire.amqp.session.SessionFixture.durable;
import static dev.polywire.amqp.session.SessionFixture.persistent;
import static dev.polywire.amqp.session.SessionFixture.reason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.core.net.CallException.Reason;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Consumers with more bytes than they may have. A body has seven bytes: {@code body m0}. */
@Timeout(60)
class AmqpBacklogTest {

    private static final long NEVER_MILLIS = ConsumerLimits.GREATEST_SLOW_MILLIS;
    private static final long SOON_MILLIS = 200;

    private final MemoryBroker broker = new MemoryBroker();
    private final SessionFixture fixture = new SessionFixture();
    private final Received slow = new Received();
    private final Received other = new Received();
    private AmqpClient client;

    @BeforeEach
    void open() {
        client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        fixture.send(client, durable("p"));
    }

    @AfterEach
    void close() {
        fixture.close();
        broker.close();
    }

    private AmqpConsumer consume(String queue, Received received, int prefetchCount, ConsumerLimits limits) {
        BasicMethod.Consume consume =
                new BasicMethod.Consume(queue, "of-" + queue, false, false, false, false, Map.of());
        return fixture.ask(
                d -> client.consume(new AmqpSubscription(consume, prefetchCount, false, limits), received, d));
    }

    private void publish(String queue, int from, int to) {
        for (int i = from; i < to; i++) {
            String id = "m" + i;
            fixture.ask(d -> client.publish(persistent("", queue, id), d));
        }
    }

    private List<String> sorted(String queue) {
        return broker.messages(queue).stream().sorted().toList();
    }

    private static List<Long> upTo(long number) {
        return LongStream.rangeClosed(1, number).boxed().toList();
    }

    /** The message that crosses the limit is the last; the next come when a quarter of the limit is settled. */
    @Test
    void waitsUntilMuchIsSettled() {
        AmqpConsumer consumer = consume("q", slow, 512, new ConsumerLimits(28, NEVER_MILLIS));
        publish("q", 0, 9);
        fixture.await("five", () -> slow.numbers.size() == 5);
        assertTrue(fixture.loop.call(() -> consumer.ack(1, false)));
        publish("q", 9, 10);
        assertEquals(upTo(5), slow.numbers);
        assertTrue(fixture.loop.call(() -> consumer.ack(2, false)));
        fixture.await("two more", () -> slow.numbers.size() == 7);
        assertTrue(fixture.loop.call(() -> consumer.ack(7, true)));
        fixture.await("the rest", () -> slow.numbers.size() == 10);
        assertEquals(upTo(10), slow.numbers);
        assertFalse(slow.events.contains("overloaded"));
    }

    /** The broker delivers no more before something is settled, so others need not wait. */
    @Test
    void doesNotPauseWithAFullPrefetch() {
        consume("q", slow, 3, new ConsumerLimits(15, SOON_MILLIS));
        publish("q", 0, 5);
        fixture.await("three", () -> slow.numbers.size() == 3);
        consume("p", other, 3, ConsumerLimits.DEFAULT);
        publish("p", 0, 1);
        fixture.await("the other", () -> other.numbers.size() == 1);
        assertFalse(slow.events.contains("overloaded"));
    }

    /** Others of the connection wait, publishes do not; then it is cancelled, and what it has is settled as ever. */
    @Test
    void isCancelledWhenItDoesNotMove() {
        consume("p", other, 3, ConsumerLimits.DEFAULT);
        AmqpConsumer consumer = consume("q", slow, 512, new ConsumerLimits(20, SOON_MILLIS));
        publish("q", 0, 6);
        publish("p", 0, 1);
        fixture.await("the other", () -> other.numbers.size() == 1);
        assertEquals(List.of("delivery 1", "delivery 2", "delivery 3", "overloaded"), slow.events);
        assertEquals(Reason.OVERLOADED, reason(slow.cause));
        assertTrue(
                slow.cause.getMessage().startsWith("consumer of-q of queue q: holds 21 bytes"),
                () -> slow.cause.getMessage());
        assertEquals(1, fixture.loop.call(() -> client.status().consumers()));
        assertTrue(fixture.loop.call(() -> consumer.ack(2, false)));
        fixture.await("given back", () -> sorted("q").equals(List.of("m3", "m4", "m5")));
        fixture.loop.join(consumer::close);
        fixture.await("all but one", () -> sorted("q").equals(List.of("m0", "m2", "m3", "m4", "m5")));
    }

    /** It settles one from time to time, and never gets below its limit for long. */
    @Test
    void isNotCancelledWhileItMoves() {
        AmqpConsumer consumer = consume("q", slow, 512, new ConsumerLimits(20, 2_000));
        publish("q", 0, 20);
        for (int settled = 1; settled <= 20; settled++) {
            int number = settled;
            fixture.await("delivery " + number, () -> slow.numbers.size() >= number);
            assertTrue(fixture.loop.call(() -> consumer.ack(number, false)));
        }
        assertFalse(slow.events.contains("overloaded"));
    }

    /** The connection is lost during the pause: all is delivered again, and the pause with it. */
    @Test
    void pausesTheNextConnectionToo() {
        consume("q", slow, 512, new ConsumerLimits(20, NEVER_MILLIS));
        publish("q", 0, 6);
        fixture.await("three", () -> slow.numbers.size() == 3);
        broker.reset();
        fixture.await("second start", () -> fixture.story.count("READY") >= 2);
        fixture.await("again", () -> fixture.loop.call(() -> client.status().unsettled()) == 3);
        publish("q", 6, 7);
        assertEquals(3, fixture.loop.call(() -> client.status().unsettled()));
    }

    @Test
    void isNotRecoveredOnceItIsCancelled() {
        AmqpConsumer consumer = consume("q", slow, 512, new ConsumerLimits(20, SOON_MILLIS));
        publish("q", 0, 6);
        fixture.await("cancelled", () -> slow.events.contains("overloaded"));
        broker.reset();
        fixture.await("second start", () -> fixture.story.count("READY") >= 2);
        fixture.awaitReady(client);
        publish("q", 6, 7);
        assertEquals(7, broker.messages("q").size());
        assertFalse(fixture.loop.call(() -> consumer.ack(1, false)), "its connection is lost");
        fixture.loop.join(consumer::close);
    }
}
