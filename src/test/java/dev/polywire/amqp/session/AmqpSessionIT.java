package dev.polywire.amqp.session;

import static dev.polywire.amqp.session.SessionFixture.bind;
import static dev.polywire.amqp.session.SessionFixture.direct;
import static dev.polywire.amqp.session.SessionFixture.durable;
import static dev.polywire.amqp.session.SessionFixture.exclusive;
import static dev.polywire.amqp.session.SessionFixture.persistent;
import static dev.polywire.amqp.session.SessionFixture.reason;
import static dev.polywire.amqp.session.SessionFixture.subscription;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.broker.Broker;
import dev.polywire.amqp.broker.Brokers;
import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.testing.Relay;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A session with a real broker behind a wire that breaks: F01, F14, F15 and F18. */
@ExtendWith(Brokers.class)
@Timeout(180)
class AmqpSessionIT {

    private final SessionFixture fixture = new SessionFixture();
    private final Received received = new Received();
    private Broker broker;
    private Relay relay;
    private AmqpClient client;
    private String name;

    @BeforeEach
    void connect(Broker broker) {
        this.broker = broker;
        name = broker.unique("session");
        relay = new Relay(broker.port());
        client = fixture.client(EndpointOptions.of("127.0.0.1", relay.port()));
    }

    @AfterEach
    void close() {
        fixture.close();
        relay.close();
    }

    @Test
    void allComesBackAfterAReset() {
        fixture.send(client, direct(name));
        fixture.send(client, durable(name));
        String made = ((QueueMethod.DeclareOk) fixture.send(client, exclusive(""))).queue();
        fixture.send(client, bind(name, name, "work"));
        fixture.send(client, bind(made, name, "live"));
        Received live = new Received();
        AmqpConsumer worker = fixture.ask(d -> client.consume(subscription(name, "worker", 2), received, d));
        AmqpConsumer listening = fixture.ask(d -> client.consume(subscription(made, "live", 2), live, d));
        fixture.ask(d -> client.publish(persistent(name, "work", "m1"), d));
        fixture.await("m1", () -> received.numbers.size() == 1);

        relay.reset();
        fixture.await("ready again", () -> fixture.story.count("READY") >= 2);
        fixture.ask(d -> client.publish(persistent(name, "live", "m2"), d));
        fixture.await("m2", () -> live.ids.contains("m2"));
        fixture.await("m1 again", () -> received.numbers.size() == 2);
        assertEquals("delivery 2 again", received.events.get(received.events.size() - 1));
        assertNotEquals(made, listening.queue());
        assertFalse(fixture.loop.call(() -> worker.ack(1, false)));
        assertTrue(fixture.loop.call(() -> worker.ack(2, false)));
        fixture.loop.join(worker::close);
        assertNull(fixture.ask(d -> client.get(name, true, d)));
    }

    @Test
    void thePrefetchIsKept() {
        fixture.send(client, durable(name));
        for (int i = 0; i < 10; i++) {
            String id = "m" + i;
            fixture.ask(d -> client.publish(persistent("", name, id), d));
        }
        AmqpConsumer consumer = fixture.ask(d -> client.consume(subscription(name, "c", 3), received, d));
        fixture.await("three", () -> received.numbers.size() == 3);
        relay.reset();
        fixture.await("three again", () -> received.numbers.size() == 6);
        fixture.await("ready again", () -> fixture.story.count("READY") >= 2);
        assertEquals(3, (int) fixture.loop.call(consumer::unsettled));
        fixture.loop.run(() -> consumer.ack(6, true));
        fixture.await("three more", () -> received.numbers.size() == 9);
    }

    @Test
    void lostBeforeItsConfirm() {
        fixture.send(client, durable(name));
        fixture.ask(d -> client.publish(persistent("", name, "m1"), d));
        relay.freeze();
        CompletableFuture<Void> lost = fixture.begin(d -> client.publish(persistent("", name, "m2"), d), 30_000);
        fixture.await("sent", () -> fixture.loop.call(() -> client.status().unconfirmed()) == 1);
        relay.reset();
        Throwable cause = fixture.loop.failure(() -> Future.fromCompletionStage(lost));
        assertEquals(Reason.UNKNOWN_OUTCOME, reason(cause));
        assertTrue(cause.getMessage().contains("m2"), cause::getMessage);
    }

    @Test
    void refusalsHurtNobodyElse() {
        fixture.send(client, durable(name));
        fixture.ask(d -> client.consume(subscription(name, "c", 3), received, d));
        assertEquals(404, code(fixture.failure(d -> client.publish(persistent("none", name, "m"), d), 30_000)));
        assertEquals(
                404, code(fixture.failure(d -> client.consume(subscription("none", "x", 1), received, d), 30_000)));
        assertEquals(404, code(fixture.failure(d -> client.get("none", false, d), 30_000)));
        assertEquals(404, code(fixture.failure(d -> client.get("none", true, d), 30_000)));
        assertEquals(
                404,
                code(fixture.failure(
                        d -> client.send(new QueueMethod.Declare("none", true, true, false, false, false, Map.of()), d),
                        30_000)));
        fixture.ask(d -> client.publish(persistent("", name, "m"), d));
        fixture.await("m", () -> received.ids.contains("m"));
        assertEquals(1, fixture.story.count("READY"));
        assertEquals(0, fixture.story.count("RECOVERING"));
    }

    @Test
    void aConflictTakesNothingAway() {
        fixture.send(client, durable(name));
        QueueMethod.Declare other = new QueueMethod.Declare(name, false, true, false, true, false, Map.of());
        int code = code(fixture.failure(d -> client.send(other, d), 30_000));
        assertTrue(code == 405 || code == 406, "code " + code);
        assertEquals(1, fixture.loop.call(() -> client.status().topology()).size());
        relay.reset();
        fixture.await("ready again", () -> fixture.story.count("READY") >= 2);
        assertEquals(1, fixture.loop.call(() -> client.status().topology()).size());
    }

    @Test
    void requestAndReply() {
        fixture.send(client, durable(name));
        AmqpSubscription settled =
                new AmqpSubscription(new BasicMethod.Consume(name, "s", false, true, false, false, Map.of()), 0, false);
        fixture.ask(d -> client.consume(settled, new Echo(client, fixture), d));
        for (int round = 1; round <= 3; round++) {
            AmqpPublish request = persistent("", name, "r" + round);
            AmqpReply reply = fixture.ask(d -> client.request(request, d));
            assertEquals("body r" + round, reply.content().body().toString());
            relay.reset();
            int start = round + 1;
            fixture.await("ready again", () -> fixture.story.count("READY") >= start);
        }
        Throwable nobody = fixture.failure(d -> client.request(persistent("", "nobody", "r"), d), 30_000);
        // Qpid does not return under confirms, it refuses.
        assertEquals(
                broker.name().equals("Qpid") ? AmqpException.Kind.NACKED : AmqpException.Kind.RETURNED,
                assertInstanceOf(AmqpException.class, nobody).kind());
    }

    @Test
    void transactions() {
        fixture.send(client, durable(name));
        AmqpTransaction kept = fixture.ask(d -> client.begin(d));
        AmqpTransaction undone = fixture.ask(d -> client.begin(d));
        fixture.ask(d -> kept.publish(persistent("", name, "kept"), d));
        fixture.ask(d -> undone.publish(persistent("", name, "undone"), d));
        assertNull(fixture.ask(d -> client.get(name, true, d)));
        fixture.ask(d -> undone.rollback(d));
        fixture.ask(d -> kept.commit(d));
        assertEquals(Reason.NOT_FOUND, reason(fixture.failure(d -> kept.commit(d), 30_000)));
        AmqpTransaction taking = fixture.ask(d -> client.begin(d));
        AmqpGot got = fixture.ask(d -> taking.get(name, d));
        assertEquals("kept", got.content().properties().messageId());
        fixture.loop.run(got.receipt()::ack);
        fixture.ask(d -> taking.commit(d));
        AmqpTransaction lost = fixture.ask(d -> client.begin(d));
        fixture.ask(d -> lost.publish(persistent("", name, "lost"), d));
        CompletableFuture<RuntimeException> end = new CompletableFuture<>();
        fixture.loop.run(() -> lost.endHandler(end::complete));
        relay.reset();
        end.join();
        fixture.await("ready again", () -> fixture.story.count("READY") >= 2);
        assertNull(fixture.ask(d -> client.get(name, true, d)));
    }

    private static int code(Throwable cause) {
        return assertInstanceOf(AmqpException.class, cause).reason().code();
    }
}
