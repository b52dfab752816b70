package dev.polywire.amqp.client;

import static dev.polywire.amqp.client.AmqpFixture.OPTIONS;
import static dev.polywire.amqp.client.AmqpFixture.consume;
import static dev.polywire.amqp.client.AmqpFixture.declare;
import static dev.polywire.amqp.client.AmqpFixture.message;
import static dev.polywire.core.net.CallException.Reason.CONNECTION_LOST;
import static dev.polywire.core.net.CallException.Reason.FORBIDDEN;
import static dev.polywire.core.net.CallException.Reason.OVERLOADED;
import static dev.polywire.core.net.CallException.Reason.SHUTTING_DOWN;
import static dev.polywire.core.net.CallException.Reason.UNAUTHENTICATED;
import static dev.polywire.core.net.CallException.Reason.UNAVAILABLE;
import static dev.polywire.core.net.CallException.Reason.UNKNOWN_OUTCOME;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpLimits;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Tuning;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Loop;
import dev.polywire.testing.RawPeer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a connection begins and ends, and what is said of it as a whole. */
class AmqpConnectionTest {

    private final AmqpFixture test = new AmqpFixture();
    private final Loop loop = test.loop;
    private final ScriptedAmqp broker = test.broker;

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void handshake() {
        AmqpConnection connection = test.connect();
        assertEquals("Test", connection.server().product());
        assertEquals(new Tuning(2_047, 131_072, 60), connection.tuning());
        assertEquals(
                List.of("header", "0 connection.start-ok", "0 connection.tune-ok", "0 connection.open"), broker.asked);
    }

    @Test
    void notLetIn() {
        broker.script((peer, asked) -> say(peer, asked.method(), ConnectionMethod.StartOk.ID, 403, "ACCESS_REFUSED"));
        assertEquals(UNAUTHENTICATED, test.reason(test.dial(broker.endpoint(), OPTIONS)));
    }

    @Test
    void noSuchVirtualHost() {
        broker.script((peer, asked) -> say(peer, asked.method(), ConnectionMethod.Open.ID, 530, "NOT_ALLOWED"));
        Future<AmqpConnection> dialled = test.dial(broker.endpoint(), OPTIONS);
        assertEquals(FORBIDDEN, test.reason(dialled));
        AmqpException refused = assertInstanceOf(
                AmqpException.class, test.loop.failure(() -> dialled).getCause());
        assertEquals(AmqpException.Kind.REFUSED, refused.kind());
        assertEquals(530, refused.reason().code());
    }

    private static boolean say(ScriptedClient peer, AmqpMethod asked, int to, int code, String text) {
        if (asked.id() == to) {
            peer.send(0, new ConnectionMethod.Close(code, text, 0, 0));
        }
        return asked.id() == to;
    }

    /** A35: no credentials are sent to a server that has no mechanism of ours. */
    @Test
    void a35Downgrade() {
        broker.mechanisms = "ANONYMOUS";
        assertEquals(UNAUTHENTICATED, test.reason(test.dial(broker.endpoint(), OPTIONS)));
        assertEquals(List.of("header"), broker.asked);
    }

    @Test
    void nobodyThere() {
        EndpointOptions nobody;
        try (RawPeer.Door door = new RawPeer.Door()) {
            nobody = door.endpoint();
        }
        assertEquals(UNAVAILABLE, test.reason(test.dial(nobody, OPTIONS)));
    }

    @Test
    void silence() {
        AmqpClientOptions hasty = new AmqpClientOptions(
                "/", OPTIONS.mechanisms(), Map.of(), null, "en_US", 60, AmqpLimits.DEFAULT, 50, 50);
        try (RawPeer.Door door = new RawPeer.Door()) {
            assertEquals(UNAVAILABLE, test.reason(test.dial(door.endpoint(), hasty)));
        }
    }

    @Test
    void closeSaysGoodbye() {
        AmqpConnection connection = test.connect();
        AmqpChannel channel = test.confirming(connection);
        AmqpFixture.Heard heard = test.listen(channel);
        broker.script((peer, asked) -> asked.method() instanceof ContentMethod.Publish);
        Future<Void> confirm = loop.call(() -> channel.publish(AmqpFixture.to("a"), message("1"), null));
        loop.join(connection::close);
        assertEquals(UNKNOWN_OUTCOME, test.reason(confirm));
        assertEquals(SHUTTING_DOWN, ((CallException) heard.closed).reason());
        Deadline deadline = test.deadline();
        assertEquals(SHUTTING_DOWN, test.reason(() -> connection.openChannel(deadline)));
        await().until(broker::isDown);
        assertEquals("0 connection.close", broker.asked.get(broker.asked.size() - 1));
    }

    /** A hard error: the request that it is of was refused, of the others nobody knows. */
    @Test
    void hardError() {
        AmqpConnection connection = test.connect();
        AmqpChannel one = test.channel(connection);
        AmqpChannel two = test.channel(connection);
        AtomicReference<RuntimeException> end = new AtomicReference<>();
        loop.run(() -> connection.closeHandler(end::set));
        broker.script((peer, asked) -> true);
        Deadline deadline = test.deadline();
        Future<AmqpMethod> consumed = loop.call(() -> one.send(consume("twice"), deadline));
        Future<AmqpMethod> declared = loop.call(() -> two.send(declare("q"), deadline));
        await().until(() -> broker.asked.contains("2 queue.declare"));
        broker.say(0, new ConnectionMethod.Close(530, "NOT_ALLOWED - attempt to reuse consumer tag", 60, 20));
        assertEquals(530, test.refused(() -> consumed).reason().code());
        assertEquals(UNKNOWN_OUTCOME, test.reason(declared));
        AmqpException why = assertInstanceOf(AmqpException.class, end.get());
        assertEquals(AmqpException.Kind.CONNECTION_CLOSED, why.kind());
        assertFalse(why.reason().isServersFault());
        await().until(() -> broker.asked.contains("0 connection.close-ok"));
    }

    @Test
    void loss() {
        AmqpConnection connection = test.connect();
        AmqpFixture.Heard heard = test.listen(test.channel(connection));
        AtomicReference<RuntimeException> end = new AtomicReference<>();
        loop.run(() -> connection.closeHandler(end::set));
        broker.peer().abort();
        await().until(() -> end.get() != null && heard.closed == end.get());
        assertEquals(
                CONNECTION_LOST,
                assertInstanceOf(CallException.class, end.get()).reason());
    }

    /** A36 */
    @Test
    void a36ControlCharactersAreEscaped() {
        AmqpConnection connection = test.connect();
        AtomicReference<RuntimeException> end = new AtomicReference<>();
        loop.run(() -> connection.closeHandler(end::set));
        broker.say(0, new ConnectionMethod.Close(320, "\u0007\r\n".repeat(85), 0, 0));
        await().until(() -> end.get() != null);
        assertFalse(String.valueOf(end.get().getMessage()).matches("(?s).*\\p{Cntrl}.*"));
    }

    @Test
    void asManyChannelsAsAgreed() {
        broker.tune = new ConnectionMethod.Tune(2, 131_072, 0);
        AmqpConnection connection = test.connect();
        AmqpChannel one = test.channel(connection);
        test.channel(connection);
        Deadline deadline = test.deadline();
        assertEquals(OVERLOADED, test.reason(() -> connection.openChannel(deadline)));
        loop.join(() -> one.close(deadline));
        assertEquals(1, test.channel(connection).number());
    }

    @Test
    void freshToken() {
        AmqpConnection connection = test.connect();
        Deadline deadline = test.deadline();
        loop.join(() -> connection.updateSecret(Buffer.buffer("token"), "expired", deadline));
        assertEquals("0 connection.update-secret", broker.asked.get(broker.asked.size() - 1));
    }

    /** F13: as many deliveries as it takes, and a heartbeat goes out between them. */
    @Test
    void f13HeartbeatsAmongDeliveries() {
        broker.tune = new ConnectionMethod.Tune(2_047, 131_072, 1);
        AmqpConnection connection = test.connect();
        AmqpChannel channel = test.channel(connection);
        AtomicInteger deliveries = new AtomicInteger();
        loop.run(() -> channel.listener(new AmqpChannel.Listener() {
            @Override
            public void delivery(AmqpEvent.Delivery delivery) {
                deliveries.incrementAndGet();
            }
        }));
        test.ask(channel, consume("c"));
        int[] tag = {0};
        await().until(() -> {
            broker.say(() -> IntStream.range(0, 2_000)
                    .forEach(i -> broker.peer()
                            .send(1, new ContentMethod.Deliver("c", ++tag[0], false, "", "key"), message("x"))));
            return broker.asked.contains("heartbeat");
        });
        await().until(() -> deliveries.get() == tag[0]);
        assertFalse(loop.call(connection::isClosed));
    }

    @Test
    void heldAndReadAgain() {
        AmqpConnection connection = test.connect();
        AmqpChannel channel = test.channel(connection);
        AmqpFixture.Heard heard = test.listen(channel);
        test.ask(channel, consume("c"));
        loop.run(() -> connection.hold(true));
        broker.say(() -> broker.peer().send(1, new ContentMethod.Deliver("c", 1, false, "", "key"), message("x")));
        loop.run(() -> heard.events.add("read again"));
        loop.run(() -> connection.hold(false));
        await().untilAsserted(() -> assertEquals(List.of("read again", "1 body"), heard.events));
    }

    @Test
    void consuming() {
        AmqpChannel channel = test.channel(test.connect());
        AmqpFixture.Heard heard = test.listen(channel);
        List<AmqpMethod> settled = new CopyOnWriteArrayList<>();
        test.ask(channel, consume("c"));
        broker.script((peer, asked) -> settled.add(asked.method()));
        broker.say(() -> {
            for (int tag = 1; tag <= 3; tag++) {
                broker.peer().send(1, new ContentMethod.Deliver("c", tag, false, "", "key"), message("x"));
            }
            broker.peer().send(1, new BasicMethod.Cancel("c", true));
        });
        await().untilAsserted(() -> assertEquals(List.of("1 body", "2 body", "3 body", "cancelled c"), heard.events));
        loop.run(() -> {
            channel.ack(1, false);
            channel.nack(2, true, false);
            channel.reject(3, true);
        });
        await().untilAsserted(() -> assertEquals(
                List.of(
                        new BasicMethod.Ack(1, false),
                        new BasicMethod.Nack(2, true, false),
                        new BasicMethod.Reject(3, true)),
                settled));
    }
}
