package dev.polywire.amqp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.broker.PlainAmqp;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptedBrokerTest {

    private static final Content BODY = new Content(Buffer.buffer("body"));

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** Everything usual. */
    @Test
    void obliges() throws IOException {
        try (PlainAmqp amqp = connect((client, asked) -> false)) {
            int channel = amqp.channel();
            assertEquals(new QueueMethod.DeclareOk("amq.gen-1", 0, 0), amqp.ask(channel, declare("")));
            assertEquals(new BasicMethod.ConsumeOk("mine"), amqp.ask(channel, consume("mine")));
            assertEquals(new BasicMethod.GetEmpty(), amqp.ask(channel, new BasicMethod.Get("q", true)));
            amqp.ask(channel, new ConfirmMethod.Select(false));
            for (int i = 1; i <= 2; i++) {
                publish(amqp, channel);
                assertEquals(new AmqpEvent.Confirmed(channel, i, false, true), amqp.next());
            }
            amqp.machine.close(200, "done", PlainAmqp.now());
            amqp.next(AmqpEvent.Closed.class);
        }
    }

    @Test
    void returnsAndNacks() throws IOException {
        ScriptedBroker.Script script = (client, asked) -> {
            if (asked.method() instanceof ContentMethod.Publish) {
                client.giveBack(asked);
                client.send(asked.channel(), new BasicMethod.Nack(client.published(asked.channel()), false, false));
                return true;
            }
            return false;
        };
        try (PlainAmqp amqp = connect(script)) {
            int channel = amqp.channel();
            amqp.ask(channel, new ConfirmMethod.Select(false));
            publish(amqp, channel);
            AmqpEvent.Returned returned = amqp.next(AmqpEvent.Returned.class);
            assertEquals(312, returned.method().replyCode());
            assertEquals(BODY.body(), returned.content().body());
            assertEquals(new AmqpEvent.Confirmed(channel, 1, false, false), amqp.next());
        }
    }

    @Test
    void saysWhatNobodyAskedFor() throws IOException {
        ScriptedBroker.Script script = (client, asked) -> {
            if (asked.method() instanceof BasicMethod.Consume) {
                client.answer(asked);
                client.send(0, new ConnectionMethod.Blocked("low on memory"));
                client.send(0, new ConnectionMethod.Unblocked());
                client.heartbeat();
                client.send(asked.channel(), new ContentMethod.Deliver("mine", 1, true, "", "q"), BODY);
                client.send(asked.channel(), new BasicMethod.Cancel("mine", true));
                client.closeChannel(asked.channel(), ReplyCode.NOT_FOUND, "no queue");
                client.closeConnection(ReplyCode.CONNECTION_FORCED, "shutdown");
                return true;
            }
            return false;
        };
        try (PlainAmqp amqp = connect(script)) {
            int channel = amqp.channel();
            amqp.ask(channel, consume("mine"));
            amqp.next(AmqpEvent.Blocked.class);
            amqp.next(AmqpEvent.Unblocked.class);
            assertTrue(amqp.next(AmqpEvent.Delivery.class).method().redelivered());
            amqp.next(AmqpEvent.ConsumerCancelled.class);
            assertEquals(404, amqp.next(AmqpEvent.ChannelClosed.class).reason().code());
            assertEquals(320, amqp.next(AmqpEvent.Closed.class).reason().code());
            assertNull(amqp.next(), "it closes the socket when it has its answer");
        }
    }

    /** Methods of a login are 3, and a channel is one. */
    @Test
    void dropsAfterFive() throws IOException {
        ScriptedBroker.Script script = (client, asked) -> {
            if (client.methods() == 5) {
                client.abort();
                return true;
            }
            return false;
        };
        try (PlainAmqp amqp = connect(script)) {
            int channel = amqp.channel();
            amqp.machine.send(channel, declare("q"));
            assertNull(amqp.next());
        }
    }

    @Test
    void answersLate() throws Exception {
        CompletableFuture<Runnable> later = new CompletableFuture<>();
        ScriptedBroker.Script script = (client, asked) -> {
            if (asked.method() instanceof QueueMethod.Declare declare
                    && declare.queue().equals("late")) {
                later.complete(() -> client.answer(asked));
                return true;
            }
            return false;
        };
        try (PlainAmqp amqp = connect(script)) {
            int channel = amqp.channel();
            long late = amqp.machine.send(channel, declare("late"));
            amqp.machine.send(channel, new BasicMethod.Qos(0, 1, false));
            assertEquals(late + 1, amqp.next(AmqpEvent.Reply.class).request());
            later.get().run();
            assertEquals(late, amqp.next(AmqpEvent.Reply.class).request());
        }
    }

    @Test
    void goesDeafAndHearsAgain() throws Exception {
        CompletableFuture<ScriptedClient> deaf = new CompletableFuture<>();
        ScriptedBroker.Script script = (client, asked) -> {
            if (asked.method() instanceof BasicMethod.Qos) {
                client.pause();
                deaf.complete(client);
                return true;
            }
            return false;
        };
        try (PlainAmqp amqp = connect(script)) {
            int channel = amqp.channel();
            amqp.machine.send(channel, new BasicMethod.Qos(0, 1, false));
            amqp.machine.send(channel, declare("q"));
            assertNull(amqp.machine.nextEvent());
            vertx.runOnContext(v -> deaf.thenAccept(ScriptedClient::resume));
            assertInstanceOf(
                    QueueMethod.DeclareOk.class,
                    amqp.next(AmqpEvent.Reply.class).method());
        }
    }

    /** Any bytes, those of hazards too. */
    @Test
    void speaksNonsense() throws IOException {
        ScriptedBroker.Script script = new ScriptedBroker.Script() {
            @Override
            public boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
                return false;
            }

            @Override
            public boolean greeted(ScriptedClient client) {
                client.raw(Vectors.bytes("09000000000000ce"));
                return true;
            }
        };
        try (PlainAmqp amqp = dial(script)) {
            assertThrows(ProtocolException.class, amqp::next);
        }
    }

    private PlainAmqp connect(ScriptedBroker.Script script) throws IOException {
        PlainAmqp amqp = dial(script);
        amqp.next(AmqpEvent.Opened.class);
        return amqp;
    }

    private PlainAmqp dial(ScriptedBroker.Script script) throws IOException {
        ScriptedBroker broker = new ScriptedBroker(vertx, EndpointOptions.of("127.0.0.1", 0), script);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), Outcome.value(broker.listen()));
        return new PlainAmqp(socket, new AmqpClientOptions("/", SaslMechanism.plain("user", "word")));
    }

    private static void publish(PlainAmqp amqp, int channel) {
        amqp.machine.publish(channel, new ContentMethod.Publish("", "q", true, false), BODY);
    }

    private static QueueMethod.Declare declare(String queue) {
        return new QueueMethod.Declare(queue, false, false, false, false, false, Map.of());
    }

    private static BasicMethod.Consume consume(String tag) {
        return new BasicMethod.Consume("q", tag, false, false, false, false, Map.of());
    }
}
