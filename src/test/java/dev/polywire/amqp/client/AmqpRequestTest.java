package dev.polywire.amqp.client;

import static dev.polywire.amqp.client.AmqpFixture.consume;
import static dev.polywire.amqp.client.AmqpFixture.declare;
import static dev.polywire.amqp.client.AmqpFixture.look;
import static dev.polywire.amqp.client.AmqpFixture.message;
import static dev.polywire.core.net.CallException.Reason.BAD_REQUEST;
import static dev.polywire.core.net.CallException.Reason.CONNECTION_LOST;
import static dev.polywire.core.net.CallException.Reason.SHUTTING_DOWN;
import static dev.polywire.core.net.CallException.Reason.TIMEOUT;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static dev.polywire.core.net.CallException.Reason.UNKNOWN_OUTCOME;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.TxMethod;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.PendingCalls;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of a channel, and what their answers, or none, do. */
class AmqpRequestTest {

    private final AmqpFixture test = new AmqpFixture();
    private final Loop loop = test.loop;
    private final ScriptedAmqp broker = test.broker;
    private final List<AmqpServerEvent.Method> kept = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        test.close();
    }

    /** No answer to such requests, until the test gives it. */
    private void keep(Class<? extends AmqpMethod> method) {
        broker.script((peer, asked) -> method.isInstance(asked.method()) && kept.add(asked));
    }

    private void answerAll() {
        broker.say(() -> kept.forEach(asked -> broker.peer().answer(asked)));
    }

    @Test
    void severalAtATime() {
        AmqpChannel channel = test.channel(test.connect());
        Deadline deadline = test.deadline();
        List<Future<AmqpMethod>> answers = loop.call(() -> IntStream.range(0, 100)
                .mapToObj(i -> channel.send(declare("q" + i), deadline))
                .toList());
        for (int i = 0; i < 100; i++) {
            assertEquals(new QueueMethod.DeclareOk("q" + i, 0, 0), Loop.await(answers.get(i)));
        }
    }

    @Test
    void channelsDoNotWaitForEachOther() {
        AmqpConnection connection = test.connect();
        AmqpChannel one = test.channel(connection);
        AmqpChannel two = test.channel(connection);
        broker.script((peer, asked) -> asked.channel() == 1 && kept.add(asked));
        Deadline deadline = test.deadline();
        Future<AmqpMethod> slow = loop.call(() -> one.send(declare("a"), deadline));
        assertEquals(new QueueMethod.DeclareOk("b", 0, 0), test.ask(two, declare("b")));
        answerAll();
        assertEquals(new QueueMethod.DeclareOk("a", 0, 0), Loop.await(slow));
    }

    @Test
    void withoutAnAnswerItIsDoneWhenWritten() {
        AmqpChannel channel = test.channel(test.connect());
        assertNull(test.ask(channel, new QueueMethod.Purge("q", true)));
        assertNull(test.ask(channel, new BasicMethod.Nack(1, false, true)));
        await().until(() -> broker.asked.contains("1 basic.nack"));
    }

    /** A32: the answer of one that was given up is not that of the next. */
    @Test
    void a32LateAnswer() {
        AmqpChannel channel = test.channel(test.connect());
        keep(QueueMethod.Declare.class);
        Deadline soon = test.deadline(30);
        assertEquals(TIMEOUT, test.reason(() -> channel.send(declare("slow"), soon)));
        assertEquals(UNAVAILABLE, test.reason(() -> channel.send(declare("never"), soon)));
        Deadline deadline = test.deadline();
        Future<AmqpMethod> next = loop.call(() -> channel.send(declare("next"), deadline));
        await().until(() -> kept.size() == 2);
        answerAll();
        assertEquals(new QueueMethod.DeclareOk("next", 0, 0), Loop.await(next));
        assertEquals(1, loop.call(channel::lateAnswers));
    }

    /** A32: and there is a bound to it. */
    @Test
    void a32TooManyAnswersMissing() {
        AmqpConnection connection = test.connect();
        AmqpChannel channel = test.channel(connection);
        AmqpFixture.Heard heard = test.listen(channel);
        keep(QueueMethod.Declare.class);
        Deadline soon = test.deadline(100);
        loop.run(() ->
                IntStream.rangeClosed(0, PendingCalls.MAX_GIVEN_UP).forEach(i -> channel.send(declare("q"), soon)));
        await().until(() -> heard.closed != null);
        assertEquals(CONNECTION_LOST, ((CallException) heard.closed).reason());
        assertEquals(new BasicMethod.QosOk(), test.ask(test.channel(connection), new BasicMethod.Qos(0, 1, false)));
    }

    /** What nobody waits for any more goes back. */
    @Test
    void aMessageBehindItsDeadline() {
        AmqpChannel channel = test.channel(test.connect());
        keep(BasicMethod.Get.class);
        Deadline soon = test.deadline(30);
        assertEquals(TIMEOUT, test.reason(() -> channel.get(new BasicMethod.Get("q", false), soon)));
        broker.say(() -> broker.peer().send(1, new ContentMethod.GetOk(7, false, "e", "key", 0), message("late")));
        await().until(() -> broker.asked.contains("1 basic.nack"));
    }

    /** Its messages would be nobody's. */
    @Test
    void aConsumerBehindItsDeadline() {
        AmqpChannel channel = test.channel(test.connect());
        keep(BasicMethod.Consume.class);
        Deadline soon = test.deadline(30);
        assertEquals(TIMEOUT, test.reason(() -> channel.send(consume("c"), soon)));
        await().until(() -> broker.asked.contains("1 channel.close"));
        assertTrue(loop.call(channel::isClosed));
    }

    @Test
    void get() {
        AmqpChannel channel = test.channel(test.connect());
        Deadline deadline = test.deadline();
        BasicMethod.Get get = new BasicMethod.Get("q", false);
        assertNull(loop.join(() -> channel.get(get, deadline)));
        ContentMethod.GetOk ok = new ContentMethod.GetOk(7, true, "e", "key", 3);
        broker.script((peer, asked) -> {
            peer.send(1, ok, message("x"));
            return true;
        });
        assertEquals(new AmqpMessage(ok, message("x")), loop.join(() -> channel.get(get, deadline)));
    }

    /** F18: a soft error is the end of one channel, and what it had not answered was not done. */
    @Test
    void f18SoftError() {
        AmqpConnection connection = test.connect();
        AmqpChannel one = test.channel(connection);
        AmqpChannel two = test.channel(connection);
        AmqpFixture.Heard heard = test.listen(one);
        broker.script(
                (peer, asked) -> asked.method() instanceof QueueMethod.Bind || asked.channel() == 1 && kept.add(asked));
        Deadline deadline = test.deadline();
        Future<AmqpMethod> other =
                loop.call(() -> two.send(new QueueMethod.Bind("q", "e", "", false, Map.of()), deadline));
        List<Future<AmqpMethod>> failing =
                loop.call(() -> List.of(one.send(look("missing"), deadline), one.send(declare("behind"), deadline)));
        await().until(() -> kept.size() == 2);
        broker.say(1, new ChannelMethod.Close(404, "NOT_FOUND - no queue 'missing'", 50, 10));
        for (Future<AmqpMethod> each : failing) {
            AmqpException refused = test.refused(() -> each);
            assertEquals(AmqpException.Kind.CHANNEL_CLOSED, refused.kind());
            assertEquals(404, refused.reason().code());
        }
        assertInstanceOf(AmqpException.class, heard.closed);
        assertEquals(CONNECTION_LOST, test.reason(() -> one.send(declare("q"), deadline)));
        assertTrue(!loop.call(() -> one.ack(1, false)), "acked on a closed channel");
        broker.say(2, new QueueMethod.BindOk());
        assertEquals(new QueueMethod.BindOk(), Loop.await(other));
    }

    /** A30: late frames of a channel are nobody's, and its number is nobody's before the broker knows that it is closed. */
    @Test
    void a30NumbersAreUsedAgainBehindCloseOk() {
        AmqpConnection connection = test.connect();
        AmqpChannel old = test.channel(connection);
        test.ask(old, consume("c"));
        keep(ChannelMethod.Close.class);
        Deadline deadline = test.deadline();
        Future<Void> closing = loop.call(() -> old.close(deadline));
        AmqpChannel next = test.channel(connection);
        assertEquals(2, next.number());
        AmqpFixture.Heard heard = test.listen(next);
        broker.say(() -> broker.peer().send(1, new ContentMethod.Deliver("c", 1, false, "", "key"), message("late")));
        answerAll();
        Loop.await(closing);
        assertEquals(1, test.channel(connection).number());
        assertEquals(List.of(), heard.events);
    }

    @Test
    void closeOfAChannelFailsWhatIsOnItsWay() {
        AmqpChannel channel = test.channel(test.connect());
        AmqpFixture.Heard heard = test.listen(channel);
        keep(QueueMethod.Declare.class);
        Deadline deadline = test.deadline();
        Future<AmqpMethod> declared = loop.call(() -> channel.send(declare("q"), deadline));
        loop.join(() -> channel.close(deadline));
        assertEquals(UNKNOWN_OUTCOME, test.reason(declared));
        assertEquals(SHUTTING_DOWN, test.reason(() -> channel.send(declare("q"), deadline)));
        assertEquals(SHUTTING_DOWN, ((CallException) heard.closed).reason());
    }

    @Test
    void aChannelThatIsNotOpenedInTime() {
        AmqpConnection connection = test.connect();
        keep(ChannelMethod.class);
        Deadline soon = test.deadline(30);
        assertEquals(TIMEOUT, test.reason(() -> connection.openChannel(soon)));
        await().until(() -> broker.asked.contains("1 channel.close"));
        broker.script((peer, asked) -> false);
        assertEquals(2, test.channel(connection).number());
        answerAll();
        await().until(() -> test.channel(connection).number() == 1);
    }

    record Lost(AmqpMethod method, CallException.Reason reason) {}

    static Stream<Lost> lost() {
        return Stream.of(
                new Lost(declare("q"), UNKNOWN_OUTCOME),
                new Lost(look("q"), CONNECTION_LOST),
                new Lost(new QueueMethod.Purge("q", false), UNKNOWN_OUTCOME),
                new Lost(new ExchangeMethod.Delete("e", false, false), UNKNOWN_OUTCOME),
                new Lost(new TxMethod.Commit(), UNKNOWN_OUTCOME),
                new Lost(new TxMethod.Rollback(), CONNECTION_LOST),
                new Lost(new BasicMethod.Qos(0, 1, false), CONNECTION_LOST),
                new Lost(consume("c"), CONNECTION_LOST),
                new Lost(new BasicMethod.Get("q", false), CONNECTION_LOST),
                new Lost(new BasicMethod.Get("q", true), UNKNOWN_OUTCOME));
    }

    @ParameterizedTest
    @MethodSource("lost")
    void whatALossMeans(Lost row) {
        AmqpChannel channel = test.channel(test.connect());
        keep(row.method().getClass());
        Deadline deadline = test.deadline();
        Future<AmqpMethod> answer = loop.call(() -> channel.send(row.method(), deadline));
        await().until(() -> kept.size() == 1);
        broker.peer().abort();
        assertEquals(row.reason(), test.reason(answer));
        assertEquals(CONNECTION_LOST, test.reason(() -> channel.send(row.method(), deadline)));
    }

    /** A31, and what other calls are for. */
    @Test
    void whatIsNotSent() {
        AmqpChannel channel = test.channel(test.connect());
        int known = broker.asked.size();
        Deadline deadline = test.deadline();
        for (AmqpMethod method : List.of(
                consume("c".repeat(256)),
                declare("q".repeat(256)),
                new ChannelMethod.Open(),
                new BasicMethod.Consume("q", "", false, false, false, true, Map.of()))) {
            assertEquals(BAD_REQUEST, test.reason(() -> channel.send(method, deadline)), method::name);
        }
        test.ask(channel, declare("q"));
        assertEquals(known + 1, broker.asked.size());
    }
}
