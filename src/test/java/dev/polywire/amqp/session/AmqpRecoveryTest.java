package dev.polywire.amqp.session;

import static dev.polywire.amqp.session.SessionFixture.bind;
import static dev.polywire.amqp.session.SessionFixture.direct;
import static dev.polywire.amqp.session.SessionFixture.durable;
import static dev.polywire.amqp.session.SessionFixture.exclusive;
import static dev.polywire.amqp.session.SessionFixture.options;
import static dev.polywire.amqp.session.SessionFixture.persistent;
import static dev.polywire.amqp.session.SessionFixture.reason;
import static dev.polywire.amqp.session.SessionFixture.subscription;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Ports;
import dev.polywire.testing.Relay;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes back, and what does not: F01, F09, F17, and users.md 3.1 and 3.5. */
@Timeout(60)
class AmqpRecoveryTest {

    private final MemoryBroker broker = new MemoryBroker();
    private final SessionFixture fixture = new SessionFixture();
    private final Received received = new Received();

    @AfterEach
    void close() {
        fixture.close();
        broker.close();
    }

    private void awaitStart(int number) {
        fixture.await("start " + number, () -> fixture.story.count("READY") >= number);
    }

    /** Each step is told; all have the names of now. */
    @Test
    void everything() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, direct("e"));
        fixture.send(client, durable("q"));
        String made = ((QueueMethod.DeclareOk) fixture.send(client, exclusive(""))).queue();
        fixture.send(client, bind("q", "e", "k"));
        fixture.send(client, bind(made, "e", "x"));
        AmqpConsumer consumer = fixture.ask(d -> client.consume(subscription(made, "c", 7), received, d));
        assertEquals(5, fixture.loop.call(() -> client.status().topology()).size());
        broker.kill();
        broker.start();
        awaitStart(2);
        assertEquals(
                List.of(
                        "CONNECTING",
                        "READY",
                        "RECOVERING",
                        "exchange e",
                        "queue q",
                        "queue ",
                        "bind e by k",
                        "bind e by x",
                        "consumer c",
                        "READY"),
                fixture.story.told);
        assertFalse(consumer.queue().equals(made));
        fixture.ask(d -> client.publish(persistent("e", "x", "m"), d));
        fixture.await("m", () -> received.ids.contains("m"));
        assertEquals(5, fixture.loop.call(() -> client.status().topology()).size());
    }

    /** F17: an error on one entity is told, and the rest comes back. */
    @Test
    void oneThatIsRefused() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("changed"));
        fixture.send(client, durable("gone"));
        fixture.send(client, durable("fine"));
        Received other = new Received();
        fixture.ask(d -> client.consume(subscription("gone", "g", 1), other, d));
        fixture.ask(d -> client.consume(subscription("fine", "f", 1), received, d));
        broker.kill();
        broker.loop.run(() -> broker.queues.remove("gone"));
        broker.declare(new QueueMethod.Declare("changed", false, false, false, false, false, Map.of()));
        broker.declare(new QueueMethod.Declare("gone", false, false, false, false, false, Map.of()));
        broker.start();
        awaitStart(2);
        assertTrue(fixture.story.told("queue changed 406"), fixture.story.told::toString);
        assertTrue(fixture.story.told("queue fine"));
        // A queue that could not be declared may still be there for its consumer.
        assertTrue(fixture.story.told("consumer g"));
        assertTrue(fixture.story.told("consumer f"));
        broker.reset();
        awaitStart(3);
        assertEquals(1, fixture.story.count("queue changed 406"));
    }

    /** F17: a consumer without a queue ends, typed, and the others are there. */
    @Test
    void aConsumerThatIsRefused() {
        broker.declare(durable("theirs"));
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("fine"));
        Received other = new Received();
        fixture.ask(d -> client.consume(subscription("theirs", "t", 1), other, d));
        fixture.ask(d -> client.consume(subscription("fine", "f", 1), received, d));
        broker.kill();
        broker.loop.run(() -> broker.queues.remove("theirs"));
        broker.start();
        awaitStart(2);
        assertTrue(fixture.story.told("consumer t 404"), fixture.story.told::toString);
        assertEquals(List.of("interrupted", "ended"), other.events);
        assertEquals(
                404, assertInstanceOf(AmqpException.class, other.cause).reason().code());
        fixture.ask(d -> client.publish(persistent("", "fine", "m"), d));
        fixture.await("m", () -> received.ids.contains("m"));
        assertEquals(1, (int) fixture.loop.call(() -> client.status().consumers()));
    }

    /** 3.5.3: the broker thinks that the lost connection is there; the rest goes on, this when it has noticed. */
    @Test
    void aLockedQueue() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, exclusive("mine"));
        fixture.send(client, durable("fine"));
        fixture.ask(d -> client.consume(subscription("mine", "m", 1), received, d));
        Received other = new Received();
        fixture.ask(d -> client.consume(subscription("fine", "f", 1), other, d));
        broker.holdsLocks = true;
        broker.reset();
        awaitStart(2);
        assertTrue(fixture.story.told("consumer f"));
        assertFalse(fixture.story.told("consumer m"));
        fixture.ask(d -> client.publish(persistent("", "fine", "m1"), d));
        fixture.await("m1", () -> other.ids.contains("m1"));
        broker.releaseLocks();
        fixture.await("consumer m", () -> fixture.story.told("consumer m"));
        assertFalse(fixture.story.told("queue mine 405"));
        fixture.ask(d -> client.publish(persistent("", "mine", "m2"), d));
        fixture.await("m2", () -> received.ids.contains("m2"));
    }

    /** A consumer that is closed while its queue is locked does not come back. */
    @Test
    void closedWhileItIsLocked() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, exclusive("mine"));
        AmqpConsumer consumer = fixture.ask(d -> client.consume(subscription("mine", "m", 1), received, d));
        broker.holdsLocks = true;
        broker.reset();
        awaitStart(2);
        fixture.loop.join(consumer::close);
        broker.releaseLocks();
        fixture.await("queue", () -> fixture.story.told("queue mine"));
        fixture.ask(d -> client.publish(persistent("", "mine", "m"), d));
        fixture.await("m", () -> broker.messages("mine").equals(List.of("m")));
        assertEquals(List.of("interrupted", "ended"), received.events);
        assertEquals(4, broker.peers.size());
    }

    /** Lost again while it recovers: another plan begins anew. */
    @Test
    void lostWhileItRecovers() {
        AmqpClient client = fixture.client(broker.endpoint());
        for (int i = 0; i < 50; i++) {
            fixture.send(client, exclusive("q" + i));
            String name = "q" + i;
            fixture.ask(d -> client.consume(subscription(name, name, 1), received, d));
        }
        for (int round = 0; round < 5; round++) {
            long before = broker.askedFor("queue.declare");
            broker.reset();
            fixture.await("some", () -> broker.askedFor("queue.declare") > before + 10);
        }
        fixture.awaitReady(client);
        fixture.await("all", () -> fixture.story.count("consumer q49") > 0);
        for (int i = 0; i < 50; i++) {
            String name = "q" + i;
            fixture.ask(d -> client.publish(persistent("", name, name), d));
        }
        fixture.await("all messages", () -> received.ids.size() == 50);
        assertEquals(50, (int) fixture.loop.call(() -> client.status().consumers()));
    }

    /** An operator closes the connections: all comes back. */
    @Test
    void closedByTheBroker() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, exclusive("mine"));
        fixture.ask(d -> client.consume(subscription("mine", "m", 1), received, d));
        broker.closeConnections(320, "CONNECTION_FORCED - maintenance");
        fixture.await("consumer", () -> fixture.story.told("consumer m"));
        awaitStart(2);
    }

    /** What the broker blames for a hard error fails, and is not asked again; the connection comes back. */
    @Test
    void aHardError() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, exclusive("q"));
        fixture.ask(d -> client.consume(subscription("q", "c", 1), received, d));
        broker.hardErrorAt = "queue.bind";
        Throwable cause = fixture.failure(d -> client.send(bind("q", "amq.direct", "k"), d), 15_000);
        assertEquals(540, assertInstanceOf(AmqpException.class, cause).reason().code());
        awaitStart(2);
        assertTrue(fixture.story.told("consumer c"));
        assertEquals(1, broker.askedFor("queue.bind"));
    }

    /** The same during recovery: that thing is given up, and the rest comes back with the next connection. */
    @Test
    void aHardErrorWhileItRecovers() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        Received other = new Received();
        fixture.ask(d -> client.consume(subscription("q", "bad", 1), other, d));
        fixture.ask(d -> client.consume(subscription("q", "good", 1), received, d));
        broker.hardErrorAt = "basic.consume";
        broker.reset();
        fixture.await("good", () -> fixture.story.told("consumer good"));
        awaitStart(2);
        assertTrue(fixture.story.told("consumer bad 540"), fixture.story.told::toString);
        assertEquals(
                540, assertInstanceOf(AmqpException.class, other.cause).reason().code());
        assertEquals(1, (int) fixture.loop.call(() -> client.status().consumers()));
    }

    @Test
    void aFreshToken() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.ask(d -> client.updateSecret(Buffer.buffer("token"), "expired", d));
        assertEquals(List.of("token", "token"), broker.secrets);
        assertEquals("Memory", fixture.ask(d -> client.ping(d)).product());
    }

    @Test
    void nothingAfterOurOwnClose() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        fixture.ask(d -> client.consume(subscription("q", "c", 1), received, d));
        int connections = broker.peers.size();
        fixture.loop.join(() -> client.close(1_000));
        assertEquals(List.of("ended"), received.events);
        assertEquals(List.of("CONNECTING", "READY", "CLOSED"), fixture.story.told);
        assertEquals(connections, broker.peers.size());
        assertEquals(Reason.SHUTTING_DOWN, reason(fixture.failure(d -> client.send(durable("q"), d), 15_000)));
    }

    @Test
    void withoutItsTopology() {
        AmqpSessionOptions all = options(broker.endpoint(), PublishOptions.DEFAULT);
        AmqpClient client = fixture.client(new AmqpSessionOptions(
                all.hosts(), true, all.auth(), all.wire(), all.publish(), all.recovery(), false));
        fixture.send(client, durable("q"));
        fixture.ask(d -> client.consume(subscription("q", "c", 1), received, d));
        broker.kill();
        broker.start();
        awaitStart(2);
        assertFalse(fixture.story.told("queue q"));
        assertTrue(fixture.story.told("consumer c"));
    }

    /** F09: requests wait until their deadline, connecting goes on. */
    @Test
    void notThereAtTheStart() {
        broker.kill();
        AmqpClient client = fixture.unconnected(options(broker.endpoint(), PublishOptions.DEFAULT));
        assertEquals(Reason.UNAVAILABLE, reason(fixture.loop.failure(client::start)));
        assertEquals(Reason.UNAVAILABLE, reason(fixture.failure(d -> client.send(durable("q"), d), 20)));
        assertEquals(Reason.UNAVAILABLE, reason(fixture.failure(d -> client.publish(persistent("", "q", "m"), d), 20)));
        CompletableFuture<?> waiting = fixture.begin(d -> client.send(durable("q"), d), 15_000);
        broker.start();
        waiting.join();
        fixture.awaitReady(client);
    }

    /** A host that is not there costs nothing but the attempt. */
    @Test
    void severalHosts() {
        AmqpSessionOptions one = options(broker.endpoint(), PublishOptions.DEFAULT);
        EndpointOptions nobody = EndpointOptions.of("127.0.0.1", Ports.free());
        AmqpClient client = fixture.client(new AmqpSessionOptions(
                List.of(nobody, broker.endpoint()),
                false,
                one.auth(),
                one.wire(),
                one.publish(),
                one.recovery(),
                true));
        fixture.send(client, durable("q"));
    }

    /** F02: nobody answers and nobody resets; what waits has its deadline, and the reset is seen. */
    @Test
    void halfOpen() {
        try (Relay relay = new Relay(broker.endpoint().port())) {
            AmqpClient client = fixture.client(EndpointOptions.of("127.0.0.1", relay.port()));
            fixture.send(client, durable("q"));
            relay.freeze();
            assertEquals(Reason.TIMEOUT, reason(fixture.failure(d -> client.send(durable("q"), d), 50)));
            relay.reset();
            fixture.await("loss", () -> fixture.story.told("RECOVERING"));
        }
    }

    @Test
    void requestAndReply() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("service"));
        AmqpSubscription settled = new AmqpSubscription(
                new BasicMethod.Consume("service", "s", false, true, false, false, Map.of()), 0, false);
        AmqpConsumer server = fixture.ask(d -> client.consume(settled, new Echo(client, fixture), d));
        for (int round = 1; round <= 3; round++) {
            AmqpPublish request = persistent("", "service", "r" + round);
            AmqpReply reply = fixture.ask(d -> client.request(request, d));
            assertEquals("body r" + round, reply.content().body().toString());
            broker.reset();
            awaitStart(round + 1);
        }
        Throwable nobody = fixture.failure(d -> client.request(persistent("", "nobody", "r"), d), 15_000);
        assertEquals(
                AmqpException.Kind.RETURNED,
                assertInstanceOf(AmqpException.class, nobody).kind());
        fixture.loop.join(server::close);
        assertEquals(
                Reason.TIMEOUT, reason(fixture.failure(d -> client.request(persistent("", "service", "r"), d), 50)));
        CompletableFuture<AmqpReply> lost =
                fixture.begin(d -> client.request(persistent("", "service", "r"), d), 15_000);
        fixture.await("request", () -> broker.messages("service").size() == 2);
        broker.reset();
        fixture.await("outcome", lost::isCompletedExceptionally);
        assertEquals(0, (int) fixture.loop.call(() -> client.status().requests()));
    }
}
