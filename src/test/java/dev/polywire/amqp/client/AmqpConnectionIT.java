package dev.polywire.amqp.client;

import static dev.polywire.core.net.CallException.Reason.UNAUTHENTICATED;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.broker.Brokers;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.Deadline;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** One connection to a real broker. */
@ExtendWith(Brokers.class)
@Timeout(120)
class AmqpConnectionIT {

    private final AmqpFixture test = new AmqpFixture();
    private final Loop loop = test.loop;
    private Broker broker;
    private AmqpConnection connection;
    private AmqpChannel channel;
    private Deadline deadline;
    private String queue;

    @BeforeEach
    void connect(Broker broker) {
        this.broker = broker;
        queue = broker.unique("queue");
        deadline = test.deadline(60_000);
        connection = Loop.await(dial(broker.password()));
        channel = test.confirming(connection);
        test.ask(channel, AmqpFixture.declare(queue));
    }

    @AfterEach
    void close() {
        AmqpChannel last = test.channel(connection);
        test.ask(last, new QueueMethod.Delete(queue, false, false, false));
        loop.join(connection::close);
        test.close();
    }

    private Future<AmqpConnection> dial(String password) {
        return test.dial(
                broker.endpoint(),
                new AmqpClientOptions(broker.virtualHost(), SaslMechanism.plain(broker.user(), password)));
    }

    private static Content body(int number) {
        return new Content(Buffer.buffer(Integer.toString(number)));
    }

    @Test
    void manyInFlightAndBackInOrder() {
        int count = 2_000;
        ContentMethod.Publish publish = new ContentMethod.Publish("", queue, false, false);
        List<Future<Void>> confirms = loop.call(() -> IntStream.range(0, count)
                .mapToObj(i -> channel.publish(publish, body(i), deadline))
                .toList());
        confirms.forEach(Loop::await);
        assertEquals(0, loop.call(channel::unconfirmed));

        AmqpChannel consuming = test.channel(connection);
        List<Integer> received = new ArrayList<>();
        loop.run(() -> consuming.listener(new AmqpChannel.Listener() {
            @Override
            public void delivery(AmqpEvent.Delivery delivery) {
                received.add(Integer.parseInt(delivery.content().body().toString()));
                if (received.size() % 50 == 0) {
                    consuming.ack(delivery.method().deliveryTag(), true);
                }
            }
        }));
        test.ask(consuming, new BasicMethod.Qos(0, 100, false));
        test.ask(consuming, new BasicMethod.Consume(queue, "reader", false, false, false, false, Map.of()));
        await().until(() -> loop.call(received::size) == count);
        assertEquals(IntStream.range(0, count).boxed().toList(), received);
        test.ask(consuming, new BasicMethod.Cancel("reader", false));
    }

    /** A broker closes who has been silent for two heartbeats, and we close on one that is. */
    @Test
    void heartbeatsKeepAnIdleConnection() {
        AmqpClientOptions plain =
                new AmqpClientOptions(broker.virtualHost(), SaslMechanism.plain(broker.user(), broker.password()));
        AmqpClientOptions each = new AmqpClientOptions(
                plain.virtualHost(),
                plain.mechanisms(),
                plain.clientProperties(),
                plain.connectionName(),
                plain.locale(),
                1,
                plain.limits(),
                plain.handshakeTimeoutMillis(),
                plain.closeTimeoutMillis());
        AmqpConnection idle = Loop.await(test.dial(broker.endpoint(), each));
        assertEquals(1, loop.call(idle::tuning).heartbeatSeconds());
        Loop.await(loop.call(() -> loop.vertx().timer(4, TimeUnit.SECONDS)));
        assertFalse(loop.call(idle::isClosed));
        test.channel(idle);
        loop.join(idle::close);
    }

    @Test
    void returnedAndTaken() {
        ContentMethod.Publish nowhere = new ContentMethod.Publish("", broker.unique("nowhere"), true, false);
        ContentMethod.Publish there = new ContentMethod.Publish("", queue, true, false);
        List<Future<Void>> confirms = loop.call(
                () -> List.of(channel.publish(nowhere, body(1), deadline), channel.publish(there, body(2), deadline)));
        Loop.await(confirms.get(1));
        AmqpException returned = test.refused(() -> confirms.get(0));
        // Qpid refuses it first and gives it back then.
        boolean refusedFirst = broker.name().equals("Qpid");
        assertEquals(refusedFirst ? AmqpException.Kind.NACKED : AmqpException.Kind.RETURNED, returned.kind());
        AmqpMessage message = loop.join(() -> channel.get(new BasicMethod.Get(queue, false), deadline));
        assertEquals("2", message.content().body().toString());
        assertTrue(loop.call(() -> channel.ack(message.method().deliveryTag(), false)));
        assertNull(loop.join(() -> channel.get(new BasicMethod.Get(queue, false), deadline)));
    }

    /** F18 */
    @Test
    void aSoftErrorAndItsNumberAgain() {
        AmqpChannel failing = test.channel(connection);
        AmqpException missing = test.refused(() -> failing.send(AmqpFixture.look(broker.unique("missing")), deadline));
        assertEquals(AmqpException.Kind.CHANNEL_CLOSED, missing.kind());
        assertEquals(404, missing.reason().code());
        assertEquals(failing.number(), test.channel(connection).number());
        assertInstanceOf(QueueMethod.DeclareOk.class, test.ask(channel, AmqpFixture.look(queue)));
    }

    @Test
    void toNoExchange() {
        AmqpChannel failing = test.confirming(connection);
        ContentMethod.Publish publish = new ContentMethod.Publish(broker.unique("none"), "key", false, false);
        AmqpException refused = test.refused(() -> failing.publish(publish, body(1), deadline));
        assertEquals(404, refused.reason().code());
    }

    @Test
    void bodiesOfManyFrames() {
        Content large = new Content(Buffer.buffer(new byte[1_000_000]));
        loop.join(() -> channel.publish(new ContentMethod.Publish("", queue, false, false), large, deadline));
        AmqpMessage message = loop.join(() -> channel.get(new BasicMethod.Get(queue, true), deadline));
        assertEquals(large.body(), message.content().body());
    }

    @Test
    void severalRequestsOnOneChannel() {
        String exchange = broker.unique("exchange");
        List<Future<?>> answers = loop.call(() -> List.of(
                channel.send(
                        new ExchangeMethod.Declare(exchange, "topic", false, false, true, false, false, Map.of()),
                        deadline),
                channel.send(new QueueMethod.Bind(queue, exchange, "a.#", false, Map.of()), deadline),
                channel.send(AmqpFixture.look(queue), deadline)));
        answers.forEach(Loop::await);
        loop.join(() -> channel.publish(new ContentMethod.Publish(exchange, "a.b", true, false), body(1), deadline));
        assertEquals(
                new QueueMethod.DeleteOk(1), test.ask(channel, new QueueMethod.Delete(queue, false, false, false)));
        test.ask(channel, AmqpFixture.declare(queue));
    }

    @Test
    void aWrongPassword() {
        assertEquals(UNAUTHENTICATED, test.reason(dial("wrong")));
    }
}
