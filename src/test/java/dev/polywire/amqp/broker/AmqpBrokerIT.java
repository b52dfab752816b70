package dev.polywire.amqp.broker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import dev.polywire.amqp.broker.Broker.Feature;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.ChannelState;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.ConnectionState;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.SaslMechanism;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The brokers themselves: first with a client of other people, then with our machine and nothing around it. */
@ExtendWith(Brokers.class)
@Timeout(120)
class AmqpBrokerIT {

    private Broker broker;

    @BeforeEach
    void set(Broker broker) {
        this.broker = broker;
    }

    @Test
    void theOfficialClientOnBothSides() throws Exception {
        String queue = broker.unique("queue");
        byte[] body = "häß☃".repeat(50_000).getBytes("UTF-8");
        try (Connection publishing = official();
                Connection consuming = official()) {
            assertEquals(
                    broker.has(Feature.CAPABILITIES),
                    publishing.getServerProperties().containsKey("capabilities"));
            Channel in = publishing.createChannel();
            in.queueDeclare(queue, false, false, false, Map.of());
            in.confirmSelect();
            in.basicPublish(
                    "",
                    queue,
                    new AMQP.BasicProperties.Builder().messageId("one").build(),
                    body);
            assertTrue(in.waitForConfirms(20_000));
            BlockingQueue<Delivery> delivered = new LinkedBlockingQueue<>();
            Channel out = consuming.createChannel();
            out.basicConsume(queue, false, (tag, delivery) -> delivered.add(delivery), tag -> {});
            Delivery delivery = delivered.poll(20, TimeUnit.SECONDS);
            assertEquals("one", delivery.getProperties().getMessageId());
            assertArrayEquals(body, delivery.getBody());
            out.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            in.queueDelete(queue);
        }
    }

    @Test
    void theMachineOnAPlainSocket() throws IOException {
        String queue = broker.unique("queue");
        Buffer body = Buffer.buffer(new byte[300_000]);
        try (PlainAmqp amqp = connect(SaslMechanism.plain(broker.user(), broker.password()))) {
            AmqpEvent.Opened opened = amqp.next(AmqpEvent.Opened.class);
            assertTrue(
                    opened.server().product().contains(broker.name()),
                    () -> opened.server().product());
            assertEquals(broker.has(Feature.CAPABILITIES), opened.server().announces());
            int channel = amqp.machine.openChannel();
            amqp.next(AmqpEvent.ChannelOpened.class);
            amqp.machine.send(channel, new QueueMethod.Declare(queue, false, false, false, false, false, Map.of()));
            assertEquals(
                    new QueueMethod.DeclareOk(queue, 0, 0),
                    amqp.next(AmqpEvent.Reply.class).method());
            amqp.machine.send(channel, new ConfirmMethod.Select(false));
            amqp.next(AmqpEvent.Reply.class);
            BasicProperties properties =
                    BasicProperties.NONE.with(Property.MESSAGE_ID, "one").with(Property.HEADERS, Map.of("n", 1L));
            long publish = amqp.machine.publish(
                    channel, new ContentMethod.Publish("", queue, true, false), new Content(properties, body));
            assertEquals(new AmqpEvent.Confirmed(channel, publish, false, true), amqp.next(AmqpEvent.Confirmed.class));
            amqp.machine.send(channel, new BasicMethod.Get(queue, false));
            AmqpEvent.Reply got = amqp.next(AmqpEvent.Reply.class);
            assertEquals(body, got.content().body());
            assertEquals("one", got.content().properties().messageId());
            amqp.machine.send(channel, new BasicMethod.Ack(((ContentMethod.GetOk) got.method()).deliveryTag(), false));
            amqp.machine.send(channel, new QueueMethod.Delete(queue, false, false, false));
            amqp.next(AmqpEvent.Reply.class);
            amqp.machine.closeChannel(channel, 200, "done");
            amqp.next(AmqpEvent.ChannelClosed.class);
            assertEquals(ChannelState.CLOSED, amqp.machine.channelState(channel));
            amqp.machine.close(200, "done", PlainAmqp.now());
            assertFalse(amqp.next(AmqpEvent.Closed.class).reason().byPeer());
            assertEquals(ConnectionState.CLOSED, amqp.machine.state());
        }
    }

    @Test
    void aWrongPasswordIsRefused() throws IOException {
        try (PlainAmqp amqp = connect(SaslMechanism.plain(broker.user(), "wrong"))) {
            assertTrue(amqp.next(AmqpEvent.Refused.class).reason().byPeer());
        }
    }

    @Test
    void isUpAgainOnTheSamePort() throws Exception {
        String durable = broker.unique("durable");
        try (Connection connection = official();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(durable, true, false, false, Map.of());
        }
        broker.stop();
        assertThrows(IOException.class, this::official);
        broker.start();
        try (Connection connection = official();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(durable, true, false, false, Map.of());
            GetResponse none = channel.basicGet(durable, true);
            assertEquals(null, none);
            channel.queueDelete(durable);
        }
    }

    private PlainAmqp connect(SaslMechanism mechanism) throws IOException {
        return new PlainAmqp(
                new Socket(broker.host(), broker.port()), new AmqpClientOptions(broker.virtualHost(), mechanism));
    }

    private Connection official() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(broker.host());
        factory.setPort(broker.port());
        factory.setUsername(broker.user());
        factory.setPassword(broker.password());
        factory.setVirtualHost(broker.virtualHost());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }
}
