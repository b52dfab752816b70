package dev.polywire.amqp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels: numbers, requests and their answers, ends of both kinds. A2.7, A2.10, A2.13, A3. */
class AmqpChannelTest {

    private static final Map<String, Object> NONE = Map.of();

    private final Conversation conversation = Conversation.open();
    private final AmqpClientMachine client = conversation.client;

    private static BasicMethod.Consume consume(String queue, String tag) {
        return new BasicMethod.Consume(queue, tag, false, false, false, false, NONE);
    }

    private static QueueMethod.Declare declare(String queue) {
        return new QueueMethod.Declare(queue, false, false, false, false, false, NONE);
    }

    @Test
    void numbersFromOne() {
        assertEquals(1, client.openChannel());
        assertEquals(2, client.openChannel());
        conversation.move();
        assertEquals("1 channel.open, 2 channel.open", conversation.asked());
        conversation.server(2, new ChannelMethod.OpenOk());
        assertEquals("ChannelOpened[channel=2]", conversation.heard());
        assertEquals(ChannelState.OPENING, client.channelState(1));
        assertEquals(ChannelState.OPEN, client.channelState(2));
        assertEquals(ChannelState.CLOSED, client.channelState(3));
        assertThrows(IllegalStateException.class, () -> client.send(1, declare("q")));
        assertThrows(IllegalStateException.class, () -> client.send(3, declare("q")));
    }

    @Test
    void asManyAsAgreed() {
        Conversation few = new Conversation(Conversation.options())
                .tune(new ConnectionMethod.Tune(2, 0, 0))
                .login();
        few.channel();
        few.channel();
        assertEquals(
                ProtocolException.Kind.LIMIT,
                assertThrows(ProtocolException.class, few.client::openChannel).kind());
        assertEquals("", few.move().asked());
    }

    /** A30: a number is free when the server has answered, and what comes before that is dropped. */
    @Test
    void aNumberIsUsedAgainAfterCloseOk() {
        int first = conversation.channel();
        client.send(first, consume("q", "c"));
        client.closeChannel(first, 200, "done");
        assertEquals(2, conversation.channel());
        conversation.server(first, new BasicMethod.ConsumeOk("c"));
        conversation.server(
                first, new ContentMethod.Deliver("c", 1, false, "", "q"), new Content(Buffer.buffer("late")));
        conversation.server(first, new BasicMethod.Cancel("c", true));
        assertEquals("", conversation.heard());
        conversation.server(first, new ChannelMethod.CloseOk());
        assertEquals("1 closed 200", conversation.heard());
        assertEquals(first, client.openChannel());
    }

    /** Each answer has the number of its request; some come in another order, since queues and not channels send them. */
    @Test
    void answersFindTheirRequests() {
        int channel = conversation.channel();
        assertEquals(1, client.send(channel, declare("a")));
        assertEquals(2, client.send(channel, consume("a", "")));
        assertEquals(3, client.send(channel, consume("a", "mine")));
        assertEquals(4, client.send(channel, new BasicMethod.Qos(0, 1, false)));
        assertEquals(5, client.send(channel, declare("b")));
        assertEquals(5, client.pendingRequests(channel));
        conversation.server(channel, new QueueMethod.DeclareOk("a", 0, 0));
        conversation.server(channel, new BasicMethod.QosOk());
        conversation.server(channel, new BasicMethod.ConsumeOk("mine"));
        conversation.server(channel, new QueueMethod.DeclareOk("b", 0, 0));
        conversation.server(channel, new BasicMethod.ConsumeOk("amq.ctag-1"));
        assertEquals(
                "1 1 queue.declare-ok, 1 4 basic.qos-ok, 1 3 basic.consume-ok, 1 5 queue.declare-ok, "
                        + "1 2 basic.consume-ok",
                conversation.heard());
        assertEquals(0, client.pendingRequests(channel));
    }

    @Test
    void everyRequestHasItsAnswer() {
        int channel = conversation.channel();
        List<AmqpMethod> requests = List.of(
                new ExchangeMethod.Declare("e", "direct", false, false, false, false, false, NONE),
                new ExchangeMethod.Delete("e", false, false),
                new ExchangeMethod.Bind("d", "s", "k", false, NONE),
                new ExchangeMethod.Unbind("d", "s", "k", false, NONE),
                new QueueMethod.Bind("q", "e", "k", false, NONE),
                new QueueMethod.Unbind("q", "e", "k", NONE),
                new QueueMethod.Purge("q", false),
                new QueueMethod.Delete("q", false, false, false),
                new BasicMethod.Cancel("c", false),
                new BasicMethod.Recover(true),
                new ConfirmMethod.Select(false),
                new TxMethod.Select(),
                new TxMethod.Commit(),
                new TxMethod.Rollback(),
                new BasicMethod.Get("q", true));
        List<AmqpMethod> answers = List.of(
                new ExchangeMethod.DeclareOk(),
                new ExchangeMethod.DeleteOk(),
                new ExchangeMethod.BindOk(),
                new ExchangeMethod.UnbindOk(),
                new QueueMethod.BindOk(),
                new QueueMethod.UnbindOk(),
                new QueueMethod.PurgeOk(3),
                new QueueMethod.DeleteOk(3),
                new BasicMethod.CancelOk("c"),
                new BasicMethod.RecoverOk(),
                new ConfirmMethod.SelectOk(),
                new TxMethod.SelectOk(),
                new TxMethod.CommitOk(),
                new TxMethod.RollbackOk(),
                new BasicMethod.GetEmpty());
        for (int i = 0; i < requests.size(); i++) {
            long number = client.send(channel, requests.get(i));
            conversation.server(channel, answers.get(i));
            assertEquals("1 " + number + " " + answers.get(i).name(), conversation.heard());
        }
    }

    @Test
    void withoutAnswer() {
        int channel = conversation.channel();
        client.send(channel, new QueueMethod.Purge("q", true));
        client.send(channel, new BasicMethod.Ack(1, false));
        client.send(channel, new BasicMethod.Nack(1, false, true));
        client.send(channel, new BasicMethod.Reject(1, true));
        client.send(channel, new BasicMethod.RecoverAsync(true));
        assertEquals(0, client.pendingRequests(channel));
        assertThrows(
                IllegalArgumentException.class,
                () -> client.send(channel, new BasicMethod.Consume("q", "", false, false, false, true, NONE)));
        assertEquals(
                "1 queue.purge, 1 basic.ack, 1 basic.nack, 1 basic.reject, 1 basic.recover-async",
                conversation.move().asked());
    }

    @Test
    void whatIsNotSent() {
        int channel = conversation.channel();
        for (AmqpMethod method : List.of(
                new QueueMethod.DeclareOk("q", 0, 0),
                new ChannelMethod.Close(200, "", 0, 0),
                new ChannelMethod.Open(),
                new ConnectionMethod.CloseOk(),
                new ContentMethod.Publish("", "", false, false))) {
            assertThrows(IllegalArgumentException.class, () -> client.send(channel, method));
        }
        // A31: nothing is sent, and nothing waits.
        assertThrows(IllegalArgumentException.class, () -> client.send(channel, consume("q", "c".repeat(256))));
        assertThrows(
                ProtocolException.class,
                () -> client.send(
                        channel,
                        new BasicMethod.Consume(
                                "q", "c", false, false, false, false, Map.of("k", "v".repeat(131_072)))));
        assertEquals(0, client.pendingRequests(channel));
        assertEquals("", conversation.move().asked());
    }

    @Test
    void aServerThatCannot() {
        Map<String, Object> nothing = Map.of("capabilities", Map.of());
        Conversation old = new Conversation(Conversation.options());
        old.client.start(0);
        old.client.takeOutput();
        old.client.receive(
                Encoded.frame(
                        0, new ConnectionMethod.Start(0, 9, nothing, Buffer.buffer("PLAIN"), Buffer.buffer("en_US"))),
                0);
        old.client.receive(Encoded.frame(0, Conversation.TUNE), 0);
        old.client.receive(Encoded.frame(0, new ConnectionMethod.OpenOk()), 0);
        assertInstanceOf(AmqpEvent.Opened.class, old.client.nextEvent());
        int channel = old.client.openChannel();
        for (AmqpMethod method : List.of(
                new ExchangeMethod.Bind("d", "s", "k", false, NONE),
                new ExchangeMethod.Unbind("d", "s", "k", false, NONE),
                new ConfirmMethod.Select(false),
                new BasicMethod.Nack(1, false, false))) {
            assertThrows(IllegalStateException.class, () -> old.client.send(channel, method));
        }
    }

    /** F18: a soft error ends its channel and nothing else. */
    @Test
    void closedByTheServer() {
        int one = conversation.channel();
        int two = conversation.channel();
        client.send(one, declare("q"));
        long other = client.send(two, declare("q"));
        conversation.server(one, new ChannelMethod.Close(406, "PRECONDITION_FAILED", 50, 10));
        assertEquals(0, client.pendingRequests(one));
        assertEquals(
                "1 queue.declare, 2 queue.declare, 1 channel.close-ok",
                conversation.move().asked());
        conversation.server(two, new QueueMethod.DeclareOk("q", 0, 0));
        assertEquals("1 closed 406, 2 " + other + " queue.declare-ok", conversation.heard());
        assertEquals(one, client.openChannel());
    }

    /** A3: codes of nobody's table, too. */
    @ParameterizedTest
    @ValueSource(ints = {200, 311, 312, 0, 599, 65_535})
    void anyCode(int code) {
        int channel = conversation.channel();
        conversation.server(channel, new ChannelMethod.Close(code, "", 0, 0));
        assertEquals("1 closed " + code, conversation.heard());
    }

    @Test
    void bothClose() {
        int channel = conversation.channel();
        client.closeChannel(channel, 200, "done");
        conversation.server(channel, new ChannelMethod.Close(404, "gone", 0, 0));
        assertEquals("", conversation.heard());
        assertEquals("1 channel.close, 1 channel.close-ok", conversation.asked());
        conversation.server(channel, new ChannelMethod.CloseOk());
        assertEquals("1 closed 200", conversation.heard());
        assertThrows(IllegalStateException.class, () -> client.closeChannel(channel, 200, ""));
    }

    /** A2.10, A3: answered at once. */
    @Test
    void flow() {
        int channel = conversation.channel();
        conversation.server(channel, new ChannelMethod.Flow(false));
        assertEquals("Flow[channel=1, active=false]", conversation.heard());
        assertEquals(new ChannelMethod.FlowOk(false), ((AmqpServerEvent.Method) conversation.asked.get(0)).method());
        client.send(channel, new ChannelMethod.Flow(true));
        conversation.server(channel, new ChannelMethod.FlowOk(true));
        assertEquals("1 1 channel.flow-ok", conversation.heard());
    }

    /** A2.7, for every hard code. */
    @ParameterizedTest
    @EnumSource(ReplyCode.class)
    void connectionClosedByTheServer(ReplyCode code) {
        conversation.channel();
        conversation.server(0, new ConnectionMethod.Close(code.code(), "foo", 100, 200));
        AmqpEvent.Closed closed = (AmqpEvent.Closed) conversation.heard.get(0);
        assertEquals(new CloseReason(true, code.code(), "foo", 100, 200), closed.reason());
        boolean serversFault = List.of(320, 506, 541).contains(code.code());
        assertEquals(serversFault, closed.reason().isServersFault());
        assertEquals("0 connection.close-ok", conversation.asked());
        assertEquals(ConnectionState.CLOSED, client.state());
        assertThrows(IllegalStateException.class, client::openChannel);
    }

    @Test
    void connectionClosedByUs() {
        int channel = conversation.channel();
        client.close(200, "bye", conversation.nowMillis);
        conversation.server(channel, new QueueMethod.DeclareOk("q", 0, 0));
        conversation.server(0, new ConnectionMethod.Blocked("late"));
        assertThrows(IllegalStateException.class, () -> client.send(channel, declare("q")));
        conversation.heard.clear();
        conversation.server(0, new ConnectionMethod.CloseOk());
        assertEquals(CloseReason.ours(200, "bye"), ((AmqpEvent.Closed) conversation.heard.get(0)).reason());
        assertEquals(ConnectionState.CLOSED, client.state());
    }

    @Test
    void aServerThatDoesNotSayGoodbye() {
        client.close(200, "bye", 10_000);
        assertEquals(13_000, client.deadlineMillis());
        assertThrows(ProtocolException.class, () -> client.tick(13_000));
        assertEquals(ConnectionState.FAILED, client.state());
    }

    @Test
    void closedBeforeItIsOpen() {
        AmqpClientMachine early = new Conversation(Conversation.options()).client;
        early.start(0);
        early.close(200, "", 0);
        assertEquals(ConnectionState.CLOSED, early.state());
    }

    /** A1.4, A3: what the seed did not know. */
    @Test
    void blockedAndFreshSecret() {
        conversation.server(0, new ConnectionMethod.Blocked("low on memory"));
        conversation.server(0, new ConnectionMethod.Unblocked());
        assertEquals("Blocked[reason=low on memory], Unblocked[]", conversation.heard());
        long request = client.updateSecret(Buffer.buffer("token"), "expired");
        conversation.server(0, new ConnectionMethod.UpdateSecretOk());
        assertEquals("0 " + request + " connection.update-secret-ok", conversation.heard());
        assertEquals("0 connection.update-secret", conversation.asked());
    }
}
