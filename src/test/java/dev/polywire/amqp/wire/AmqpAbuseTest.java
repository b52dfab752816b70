package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.HostileAmqp.When;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hazards that are more than bytes in one state: they need a conversation before them. */
class AmqpAbuseTest {

    private static final Content BODY = new Content(Buffer.buffer("body"));

    /** A25: what was under way when we closed is not for anybody, and breaks nothing. */
    @Test
    void deliveriesOfAChannelThatIsClosingAreDropped() {
        Conversation conversation = Conversation.open();
        int channel = conversation.channel();
        conversation.client.closeChannel(channel, 200, "done");
        conversation.move();
        conversation.server(channel, new ContentMethod.Deliver("ct", 1, false, "", "q"), BODY);
        assertEquals("", conversation.heard());
        conversation.server(channel, new ChannelMethod.CloseOk());
        assertEquals("1 closed 200", conversation.heard());
    }

    /** A29: each of the numbers a frame can have but ours is the end, and keeps nothing. */
    @Test
    void framesOnAllChannels() {
        for (int channel = 2; channel <= 65_535; channel += 331) {
            AmqpClientMachine client = AmqpHostileTest.in(When.CONSUMING);
            client.receive(Encoded.frame(channel, new BasicMethod.QosOk()), 0);
            ProtocolException end = assertThrows(ProtocolException.class, client::nextEvent);
            assertTrue(end.getMessage().startsWith("504"), end.getMessage());
        }
    }

    /** A32: each answer goes to whom it is for, however late. */
    @Test
    void aLateAnswerIsNobodyElses() {
        Conversation conversation = Conversation.open();
        int channel = conversation.channel();
        long given = conversation.client.send(channel, declare("slow"));
        long next = conversation.client.send(channel, declare("next"));
        conversation.move();
        conversation.server(channel, new QueueMethod.DeclareOk("slow", 0, 0));
        assertEquals(channel + " " + given + " queue.declare-ok", conversation.heard());
        conversation.server(channel, new QueueMethod.DeclareOk("next", 0, 0));
        assertEquals(channel + " " + next + " queue.declare-ok", conversation.heard());
    }

    /** Qpid announces nothing and has confirms; {@code exchange.bind} would end its connection. */
    @Test
    void aServerThatAnnouncesNothing() {
        AmqpClientMachine client = new AmqpClientMachine(Conversation.options(), FrameTap.NONE);
        client.start(0);
        Buffer plain = Buffer.buffer("PLAIN");
        ConnectionMethod.Start start = new ConnectionMethod.Start(0, 9, Map.of(), plain, Buffer.buffer("en_US"));
        client.receive(Encoded.frame(0, start), 0);
        client.receive(Encoded.frame(0, Conversation.TUNE), 0);
        client.receive(Encoded.frame(0, new ConnectionMethod.OpenOk()), 0);
        client.nextEvent();
        int channel = client.openChannel();
        client.receive(Encoded.frame(channel, new ChannelMethod.OpenOk()), 0);
        client.nextEvent();
        assertEquals(1, client.send(channel, new ConfirmMethod.Select(false)));
        assertEquals(2, client.send(channel, new BasicMethod.Nack(1, false, false)));
        assertThrows(
                IllegalStateException.class,
                () -> client.send(channel, new ExchangeMethod.Bind("a", "b", "", false, Map.of())));
    }

    private static QueueMethod.Declare declare(String queue) {
        return new QueueMethod.Declare(queue, false, false, false, false, false, Map.of());
    }
}
