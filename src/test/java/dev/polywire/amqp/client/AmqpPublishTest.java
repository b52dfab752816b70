package dev.polywire.amqp.client;

import static dev.polywire.amqp.client.AmqpFixture.mandatory;
import static dev.polywire.amqp.client.AmqpFixture.message;
import static dev.polywire.amqp.client.AmqpFixture.to;
import static dev.polywire.core.net.CallException.Reason.BAD_REQUEST;
import static dev.polywire.core.net.CallException.Reason.CONNECTION_LOST;
import static dev.polywire.core.net.CallException.Reason.LIMIT_EXCEEDED;
import static dev.polywire.core.net.CallException.Reason.OVERLOADED;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.testing.Loop;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishes and what becomes of them. */
class AmqpPublishTest {

    private final AmqpFixture test = new AmqpFixture();
    private final Loop loop = test.loop;
    private final ScriptedAmqp broker = test.broker;

    @AfterEach
    void close() {
        test.close();
    }

    /** Publishes in one turn. */
    private List<Future<Void>> publish(AmqpChannel channel, ContentMethod.Publish... methods) {
        return loop.call(() -> {
            List<Future<Void>> confirms = new ArrayList<>();
            for (ContentMethod.Publish method : methods) {
                confirms.add(channel.publish(method, message(Integer.toString(confirms.size())), null));
            }
            return confirms;
        });
    }

    private AmqpChannel unconfirmed() {
        broker.script((peer, asked) -> asked.method() instanceof ContentMethod.Publish);
        return test.confirming(test.connect());
    }

    private void heard(int publishes) {
        await().until(() ->
                broker.asked.stream().filter("1 basic.publish"::equals).count() == publishes);
    }

    private static void become(List<Future<Void>> confirms, String... outcomes) {
        await().untilAsserted(() -> assertEquals(
                List.of(outcomes),
                confirms.stream().map(AmqpPublishTest::outcome).toList()));
    }

    private static String outcome(Future<Void> confirm) {
        if (!confirm.isComplete()) {
            return "waits";
        }
        if (confirm.succeeded()) {
            return "done";
        }
        return confirm.cause() instanceof AmqpException refused
                ? refused.kind().name()
                : ((CallException) confirm.cause()).reason().name();
    }

    @Test
    void withoutConfirmsItIsDoneWhenWritten() {
        AmqpChannel channel = test.channel(test.connect());
        publish(channel, to("a"), to("b")).forEach(Loop::await);
        heard(2);
        assertEquals(0, channel.unconfirmed());
    }

    @Test
    void eachIsConfirmed() {
        AmqpChannel channel = test.confirming(test.connect());
        ContentMethod.Publish[] many = Collections.nCopies(1_000, to("a")).toArray(ContentMethod.Publish[]::new);
        publish(channel, many).forEach(Loop::await);
        assertEquals(0, channel.unconfirmed());
    }

    /** F19: neither is ever a success. */
    @Test
    void f19AckNackAndMultiple() {
        AmqpChannel channel = unconfirmed();
        List<Future<Void>> confirms = publish(channel, to("a"), to("b"), to("c"), to("d"), to("e"), to("f"));
        heard(6);
        broker.say(1, new BasicMethod.Nack(2, false, false));
        become(confirms, "waits", "NACKED", "waits", "waits", "waits", "waits");
        broker.say(1, new BasicMethod.Ack(3, true));
        become(confirms, "done", "NACKED", "done", "waits", "waits", "waits");
        broker.say(1, new BasicMethod.Ack(5, false));
        become(confirms, "done", "NACKED", "done", "waits", "done", "waits");
        broker.say(1, new BasicMethod.Nack(6, true, false));
        become(confirms, "done", "NACKED", "done", "NACKED", "done", "NACKED");
        assertEquals(0, channel.unconfirmed());
    }

    /** F19: a return does not say its number, and the confirm behind it says that it is done. */
    @Test
    void f19Returned() {
        AmqpChannel channel = unconfirmed();
        AmqpFixture.Heard heard = test.listen(channel);
        List<Future<Void>> confirms = publish(channel, mandatory("a"), to("a"), mandatory("a"), mandatory("b"));
        heard(4);
        broker.say(() -> {
            giveBack("a", message("2"));
            giveBack("a", message("unknown"));
            giveBack("a", message("1"));
            broker.peer().send(1, new BasicMethod.Ack(4, true));
        });
        become(confirms, "done", "done", "RETURNED", "done");
        assertEquals(312, ((AmqpException) confirms.get(2).cause()).reason().code());
        assertEquals(List.of("returned 312", "returned 312"), heard.events);
    }

    /** Of two that differ in nothing both come back, or the older one. */
    @Test
    void f19ReturnedTwins() {
        AmqpChannel channel = unconfirmed();
        List<Future<Void>> confirms = loop.call(() -> List.of(
                channel.publish(mandatory("a"), message("x"), null),
                channel.publish(mandatory("a"), message("x"), null)));
        heard(2);
        broker.say(() -> {
            giveBack("a", message("x"));
            giveBack("a", message("x"));
            broker.peer().send(1, new BasicMethod.Ack(2, true));
        });
        become(confirms, "RETURNED", "RETURNED");
    }

    private void giveBack(String exchange, Content content) {
        broker.peer().send(1, new ContentMethod.Return(312, "NO_ROUTE", exchange, "key"), content);
    }

    @Test
    void aReturnWithoutConfirmsIsHeard() {
        AmqpChannel channel = test.channel(test.connect());
        AmqpFixture.Heard heard = test.listen(channel);
        publish(channel, mandatory("a")).forEach(Loop::await);
        broker.say(() -> giveBack("a", message("0")));
        await().untilAsserted(() -> assertEquals(List.of("returned 312"), heard.events));
    }

    /** F14 */
    @Test
    void f14LostBeforeItsConfirm() {
        AmqpChannel channel = unconfirmed();
        List<Future<Void>> confirms = publish(channel, to("a"), to("a"));
        heard(2);
        broker.say(1, new BasicMethod.Ack(1, false));
        become(confirms, "done", "waits");
        broker.peer().abort();
        become(confirms, "done", "UNKNOWN_OUTCOME");
        assertEquals(CONNECTION_LOST, test.reason(() -> channel.publish(to("a"), message("late"), null)));
    }

    /** A26: what the broker confirms and was not published settles nothing. */
    @ParameterizedTest
    @ValueSource(longs = {0, 3, -1})
    void a26ConfirmOfNothing(long number) {
        AmqpChannel channel = unconfirmed();
        List<Future<Void>> confirms = publish(channel, to("a"), to("a"));
        heard(2);
        broker.say(1, new BasicMethod.Ack(number, true));
        become(confirms, "UNKNOWN_OUTCOME", "UNKNOWN_OUTCOME");
        await().until(() -> broker.asked.contains("0 connection.close"));
    }

    /** What the broker complains of was not taken; what else was on its way may have been. */
    @Test
    void aClosedChannelAndItsPublishes() {
        AmqpChannel channel = unconfirmed();
        List<Future<Void>> confirms = publish(channel, to("good"), to("none"));
        heard(2);
        broker.say(1, new ChannelMethod.Close(404, "NOT_FOUND - no exchange 'none' in vhost '/'", 60, 40));
        become(confirms, "UNKNOWN_OUTCOME", "CHANNEL_CLOSED");
    }

    /** A broker works through a channel in order: it has not come to what is behind the message that it does not take. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    404 | NOT_FOUND - no exchange 'none' in vhost '/' | 5 none, 5 good, 5 none, 5 good | C U C L
                    406 | PRECONDITION_FAILED - message size 9 is larger than configured max size 5 | 5 a, 9 a, 5 a, 9 a, 10 a, 0 a | U C L C C L
                    406 | PRECONDITION_FAILED - message size 9 is larger than max size 5 | 9 a, 5 a | C L
                    311 | Message size of 9 greater than allowed maximum of 5 | 5 a, 9 a, 5 a | U C L
                    406 | PRECONDITION_FAILED - invalid expiration 'x' | 5 a, 5 a | U U
                    406 | PRECONDITION_FAILED - invalid expiration 'x' | 5 a | C""")
    void aPublishThatClosesItsChannel(int code, String text, String sent, String expected) {
        AmqpChannel channel = unconfirmed();
        String[] messages = sent.split(", ");
        List<Future<Void>> confirms = loop.call(() -> Stream.of(messages)
                .map(each -> each.split(" "))
                .map(each -> channel.publish(
                        to(each[1]), new Content(Buffer.buffer(new byte[Integer.parseInt(each[0])])), null))
                .toList());
        heard(messages.length);
        broker.say(1, new ChannelMethod.Close(code, text, 60, 40));
        Map<String, String> outcomes = Map.of("C", "CHANNEL_CLOSED", "L", "CONNECTION_LOST", "U", "UNKNOWN_OUTCOME");
        become(confirms, Stream.of(expected.split(" ")).map(outcomes::get).toArray(String[]::new));
    }

    /** The close of a connection names the method, and neither the message nor the channel. */
    @Test
    void aPublishThatEndsTheConnection() {
        ConnectionMethod.Close close = new ConnectionMethod.Close(540, "NOT_IMPLEMENTED", 60, 40);
        AmqpChannel alone = unconfirmed();
        List<Future<Void>> one = publish(alone, to("a"));
        heard(1);
        broker.say(0, close);
        become(one, "CONNECTION_CLOSED");

        AmqpConnection connection = test.connect();
        List<Future<Void>> two = new ArrayList<>(publish(test.confirming(connection), to("a")));
        two.addAll(publish(test.confirming(connection), to("a")));
        await().until(() -> broker.asked.contains("2 basic.publish"));
        broker.say(0, close);
        become(two, "UNKNOWN_OUTCOME", "UNKNOWN_OUTCOME");

        AmqpConnection unwatched = test.connect();
        publish(test.channel(unwatched), to("a")).forEach(Loop::await);
        List<Future<Void>> watched = publish(test.confirming(unwatched), to("a"));
        await().until(() -> Collections.frequency(broker.asked, "2 basic.publish") == 2);
        broker.say(0, close);
        become(watched, "UNKNOWN_OUTCOME");
    }

    @Test
    void aDeadlineOfSeveral() {
        AmqpChannel channel = unconfirmed();
        Deadline deadline = test.deadline(30);
        List<Future<Void>> confirms = loop.call(() -> List.of(
                channel.publish(to("a"), message("1"), deadline), channel.publish(to("a"), message("2"), deadline)));
        become(confirms, "TIMEOUT", "TIMEOUT");
        broker.say(1, new BasicMethod.Ack(2, true));
        await().until(() -> loop.call(channel::unconfirmed) == 0);
        assertEquals(UNAVAILABLE, test.reason(() -> channel.publish(to("a"), message("3"), deadline)));
        become(confirms, "TIMEOUT", "TIMEOUT");
    }

    @Test
    void deadlinesOfTheirOwn() {
        AmqpChannel channel = unconfirmed();
        Deadline late = test.deadline();
        List<Future<Void>> confirms = loop.call(() -> IntStream.range(0, 40)
                .mapToObj(i -> {
                    Deadline deadline = i % 2 == 0 ? late : Deadline.after(loop.vertx(), 1 + i);
                    return channel.publish(to("a"), message("m" + i), deadline);
                })
                .toList());
        await().until(() -> confirms.stream().filter(Future::isComplete).count() == 20);
        broker.say(1, new BasicMethod.Ack(40, true));
        become(
                confirms,
                IntStream.range(0, 40)
                        .mapToObj(i -> i % 2 == 0 ? "done" : "TIMEOUT")
                        .toArray(String[]::new));
    }

    /** F11: nothing is kept here, and nothing is sent that would wait in the system. */
    @Test
    void f11Blocked() {
        AmqpConnection connection = test.connect();
        AmqpChannel channel = test.confirming(connection);
        List<String> reasons = new CopyOnWriteArrayList<>();
        loop.run(() -> connection.blockedHandler(reason -> reasons.add(String.valueOf(reason))));
        broker.say(0, new ConnectionMethod.Blocked("low on memory"));
        await().until(() -> !loop.call(channel::isWritable));
        Throwable refused = loop.failure(() -> channel.publish(to("a"), message("1"), null));
        assertEquals(OVERLOADED, ((CallException) refused).reason());
        assertEquals("broker blocked: low on memory", refused.getMessage());
        assertEquals(
                "queue.declare-ok", test.ask(channel, AmqpFixture.declare("q")).name());
        broker.say(0, new ConnectionMethod.Unblocked());
        await().until(() -> loop.call(channel::isWritable));
        publish(channel, to("a")).forEach(Loop::await);
        assertEquals(List.of("low on memory", "null"), reasons);
    }

    @Test
    void flowHoldsOneChannel() {
        AmqpConnection connection = test.connect();
        AmqpChannel channel = test.confirming(connection);
        AmqpChannel other = test.confirming(connection);
        AmqpFixture.Heard heard = test.listen(channel);
        broker.say(1, new ChannelMethod.Flow(false));
        await().until(() -> broker.asked.contains("1 channel.flow-ok"));
        assertEquals(OVERLOADED, test.reason(() -> channel.publish(to("a"), message("1"), null)));
        publish(other, to("a")).forEach(Loop::await);
        broker.say(1, new ChannelMethod.Flow(true));
        await().untilAsserted(() -> assertEquals(List.of("flow false", "flow true"), heard.events));
        publish(channel, to("a")).forEach(Loop::await);
    }

    /** F12: a broker that does not read; what waits for it is bounded, and it hears all of it when it reads again. */
    @Test
    void f12BackPressure() {
        AmqpConnection connection = test.connect();
        AmqpChannel channel = test.confirming(connection);
        AtomicBoolean drained = new AtomicBoolean();
        loop.run(() -> connection.drainHandler(() -> drained.set(true)));
        broker.peer().pause();
        Content large = new Content(Buffer.buffer(new byte[1 << 20]));
        List<Future<Void>> confirms = new ArrayList<>();
        await().until(() -> {
            Future<Void> confirm = loop.call(() -> channel.publish(to("a"), large, null));
            boolean refused = confirm.isComplete();
            if (!refused) {
                confirms.add(confirm);
            }
            return refused;
        });
        assertFalse(loop.call(channel::isWritable));
        assertEquals(OVERLOADED, test.reason(() -> channel.publish(to("a"), large, null)));
        Deadline deadline = test.deadline();
        assertEquals(OVERLOADED, test.reason(() -> channel.send(AmqpFixture.declare("q"), deadline)));
        assertTrue(confirms.size() < 64, confirms::toString);
        broker.peer().resume();
        confirms.forEach(Loop::await);
        assertTrue(drained.get());
        assertTrue(loop.call(channel::isWritable));
    }

    /** A31: nothing of it is sent. */
    @Test
    void a31WhatCannotBeSent() {
        AmqpChannel channel = test.confirming(test.connect());
        String longKey = "k".repeat(256);
        assertEquals(
                BAD_REQUEST,
                test.reason(() ->
                        channel.publish(new ContentMethod.Publish("a", longKey, false, false), message("1"), null)));
        BasicProperties large =
                BasicProperties.NONE.with(Property.HEADERS, Map.of("large", Buffer.buffer(new byte[200_000])));
        assertEquals(
                LIMIT_EXCEEDED,
                test.reason(() -> channel.publish(to("a"), new Content(large, Buffer.buffer("x")), null)));
        publish(channel, to("a")).forEach(Loop::await);
        assertEquals(1, broker.asked.stream().filter("1 basic.publish"::equals).count());
    }

    @Test
    void bodiesOfAnySize() {
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        broker.script((peer, asked) -> {
            if (asked.content() != null) {
                sizes.add(asked.content().body().length());
            }
            return false;
        });
        AmqpChannel channel = test.confirming(test.connect());
        List<Integer> sent = List.of(0, 1, 1_024, 8_191, 8_192, 131_064, 131_065, 1_000_000);
        for (int size : sent) {
            loop.join(() -> channel.publish(to("a"), new Content(Buffer.buffer(new byte[size])), null));
        }
        assertEquals(sent, sizes);
    }
}
