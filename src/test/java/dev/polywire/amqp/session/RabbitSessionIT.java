package dev.polywire.amqp.session;

import static dev.polywire.amqp.session.SessionFixture.durable;
import static dev.polywire.amqp.session.SessionFixture.exclusive;
import static dev.polywire.amqp.session.SessionFixture.persistent;
import static dev.polywire.amqp.session.SessionFixture.reason;
import static dev.polywire.amqp.session.SessionFixture.subscription;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.broker.Brokers;
import dev.polywire.amqp.broker.RabbitBroker;
import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.TlsOptions;
import dev.polywire.testing.Relay;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What only RabbitMQ does: alarms, cancels, locks, streams, operators, and an orderly stop. F02, F07, F11, F16. */
@ExtendWith(Brokers.class)
@Timeout(180)
class RabbitSessionIT {

    private final SessionFixture fixture = new SessionFixture();
    private final Received received = new Received();
    private RabbitBroker broker;
    private String name;

    @BeforeEach
    void set(RabbitBroker broker) {
        this.broker = broker;
        name = broker.unique("session");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void awaitStart(int number) {
        fixture.await("start " + number, () -> fixture.story.count("READY") >= number);
    }

    private AmqpClient consuming() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable(name));
        fixture.ask(d -> client.consume(subscription(name, "c", 10), received, d));
        return client;
    }

    private void publishAndReceive(AmqpClient client, String id) {
        fixture.ask(d -> client.publish(persistent("", name, id), d));
        fixture.await(id, () -> received.ids.contains(id));
    }

    @Test
    void stoppedInOrder() {
        AmqpClient client = consuming();
        broker.stop();
        fixture.await("loss", () -> fixture.story.told("RECOVERING"));
        CompletableFuture<Void> waiting = fixture.begin(d -> client.publish(persistent("", name, "m1"), d), 60_000);
        broker.start();
        waiting.join();
        fixture.await("m1", () -> received.ids.contains("m1"));
        assertTrue(fixture.story.told("queue " + name));
        assertTrue(fixture.story.told("consumer c"));
    }

    @Test
    void closedByAnOperator() {
        AmqpClient client = consuming();
        broker.closeAllConnections("maintenance");
        fixture.await("consumer", () -> fixture.story.told("consumer c"));
        fixture.awaitReady(client);
        publishAndReceive(client, "m1");
    }

    /** F11: publishes wait, consuming goes on. */
    @Test
    void memoryAlarm() {
        AmqpClient client = consuming();
        publishAndReceive(client, "m1");
        broker.alarm(true);
        try {
            // RabbitMQ tells a connection that publishes during the alarm.
            CompletableFuture<Void> second = fixture.begin(d -> client.publish(persistent("", name, "m2"), d), 120_000);
            fixture.await("blocked", () -> fixture.story.told.stream().anyMatch(told -> told.startsWith("blocked")));
            CompletableFuture<Void> third = fixture.begin(d -> client.publish(persistent("", name, "m3"), d), 120_000);
            assertEquals(1, (int) fixture.loop.call(() -> client.status().waiting()));
            fixture.send(client, durable(name + "-other"));
            broker.alarm(false);
            second.join();
            third.join();
        } finally {
            broker.alarm(false);
        }
        fixture.await("m3", () -> received.ids.contains("m3"));
        assertTrue(fixture.story.told("unblocked"));
        assertEquals(1, fixture.story.count("READY"));
    }

    /** A purge of a stream costs the connection, which is noticed by nobody but its caller. */
    @Test
    void aHardErrorOfADeclaration() {
        AmqpClient client = consuming();
        String stream = name + "-stream";
        fixture.send(
                client,
                new QueueMethod.Declare(stream, false, true, false, false, false, Map.of("x-queue-type", "stream")));
        for (int round = 0; round < 3; round++) {
            CompletableFuture<AmqpMethod> before = fixture.begin(d -> client.send(durable(name), d), 60_000);
            CompletableFuture<AmqpMethod> bad =
                    fixture.begin(d -> client.send(new QueueMethod.Purge(stream, false), d), 60_000);
            CompletableFuture<AmqpMethod> behind =
                    fixture.begin(d -> client.send(new QueueMethod.Purge(name, false), d), 60_000);
            publishAndReceive(client, "m" + round);
            before.join();
            behind.join();
            Throwable cause = assertThrows(CompletionException.class, bad::join).getCause();
            AmqpException refused = assertInstanceOf(AmqpException.class, cause);
            assertEquals(540, refused.reason().code());
            assertTrue(
                    refused.reason().text().contains(stream), refused.reason().text());
        }
        fixture.send(client, new QueueMethod.Delete(stream, false, false, false));
        assertEquals(List.of("CONNECTING", "READY"), fixture.story.told);
        assertFalse(received.events.contains("interrupted"));
    }

    /** F16 */
    @Test
    void queueDeleted() {
        AmqpClient client = consuming();
        Received again = new Received();
        String other = name + "-again";
        fixture.send(client, durable(other));
        fixture.ask(d -> client.consume(subscription(other, "again", 10, true), again, d));
        broker.ctl("delete_queue", name);
        broker.ctl("delete_queue", other);
        fixture.await("end", () -> received.events.contains("ended"));
        assertEquals(Reason.NOT_FOUND, reason(received.cause));
        fixture.await("there again", () -> again.events.contains("recovered"));
        fixture.ask(d -> client.publish(persistent("", other, "m1"), d));
        fixture.await("m1", () -> again.ids.contains("m1"));
    }

    /** 3.5.3: the broker sees the old connection until its heartbeats are missed. */
    @Test
    void lockedQueueAfterAHalfOpenLoss() {
        try (Relay silent = new Relay(broker.port())) {
            AmqpSessionOptions options =
                    SessionFixture.options(EndpointOptions.of("127.0.0.1", silent.port()), PublishOptions.DEFAULT);
            SaslMechanism guest = SaslMechanism.plain("guest", "guest");
            AmqpClientOptions wire = new AmqpClientOptions(
                    "/",
                    List.of(guest),
                    Map.of(),
                    null,
                    "en_US",
                    2,
                    options.wire().limits(),
                    10_000,
                    1_000);
            AmqpClient client = fixture.client(new AmqpSessionOptions(
                    options.hosts(), false, options.auth(), wire, options.publish(), options.recovery(), true));
            fixture.send(client, exclusive(name));
            fixture.send(client, durable(name + "-durable"));
            fixture.ask(d -> client.consume(subscription(name, "c", 1), received, d));
            Received other = new Received();
            fixture.ask(d -> client.consume(subscription(name + "-durable", "d", 1), other, d));
            silent.resetClients();
            awaitStart(2);
            fixture.await("the locked queue", () -> fixture.story.told("consumer c"));
            assertFalse(fixture.story.told("queue " + name + " 405"));
            publishAndReceive(client, "m1");
        }
    }

    @Test
    void directReplyTo() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable(name));
        AmqpSubscription settled =
                new AmqpSubscription(new BasicMethod.Consume(name, "s", false, true, false, false, Map.of()), 0, false);
        fixture.ask(d -> client.consume(settled, new Echo(client, fixture), d));
        AmqpReply reply = fixture.ask(d -> client.request(persistent("", name, "r"), d));
        assertEquals("body r", reply.content().body().toString());
        assertTrue(broker.ctl("list_queues", "name").lines().noneMatch(each -> each.contains("amq.gen")));
    }

    @Test
    void aStream() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(
                client,
                new QueueMethod.Declare(name, false, true, false, false, false, Map.of("x-queue-type", "stream")));
        for (int i = 0; i < 5; i++) {
            String id = "m" + i;
            fixture.ask(d -> client.publish(persistent("", name, id), d));
        }
        AmqpSubscription first = new AmqpSubscription(
                new BasicMethod.Consume(name, "", false, false, false, false, Map.of("x-stream-offset", "first")),
                100,
                false);
        fixture.ask(d -> client.consume(first, received, d));
        fixture.await("all", () -> received.ids.size() == 5);
    }

    @Test
    void oneActiveConsumer() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(
                client,
                new QueueMethod.Declare(
                        name, false, true, false, false, false, Map.of("x-single-active-consumer", true)));
        AmqpConsumer active = fixture.ask(d -> client.consume(subscription(name, "a", 10), received, d));
        Received other = new Received();
        fixture.ask(d -> client.consume(subscription(name, "b", 10), other, d));
        publishAndReceive(client, "m1");
        fixture.loop.join(active::close);
        fixture.await("m1 goes to the next", () -> other.ids.contains("m1"));
    }

    @Test
    void consumersOfPriority() {
        AmqpClient client = consuming();
        Received first = new Received();
        AmqpSubscription above = new AmqpSubscription(
                new BasicMethod.Consume(name, "above", false, false, false, false, Map.of("x-priority", 10)), 2, false);
        fixture.ask(d -> client.consume(above, first, d));
        for (int i = 0; i < 3; i++) {
            String id = "m" + i;
            fixture.ask(d -> client.publish(persistent("", name, id), d));
        }
        fixture.await("what the first does not take", () -> received.ids.size() == 1);
        assertEquals(2, first.ids.size());
    }

    /** F07 */
    @Test
    void wrongPassword() {
        AmqpSessionOptions options = SessionFixture.options(broker.endpoint(), PublishOptions.DEFAULT);
        AmqpClient client = fixture.unconnected(new AmqpSessionOptions(
                options.hosts(),
                true,
                AmqpAuth.of(SaslMechanism.plain("guest", "wrong")),
                options.wire(),
                options.publish(),
                options.recovery(),
                true));
        assertEquals(Reason.UNAUTHENTICATED, reason(fixture.loop.failure(client::start)));
        for (int i = 0; i < 10; i++) {
            Throwable refused = fixture.failure(client::ping, 60_000);
            assertEquals(Reason.UNAUTHENTICATED, reason(refused));
            assertTrue(refused.getMessage().contains("refuses the login"), refused::getMessage);
        }
    }

    @Test
    void certificatesAndExternal() {
        TlsOptions tls = new TlsOptions(
                broker.certificates().certificate(),
                broker.clientCertificates().certificate(),
                broker.clientCertificates().key(),
                true);
        EndpointOptions endpoint =
                new EndpointOptions(broker.host(), broker.tlsEndpoint().port(), 10_000, tls);
        AmqpSessionOptions options = SessionFixture.options(endpoint, PublishOptions.DEFAULT);
        AmqpClient client = fixture.client(new AmqpSessionOptions(
                options.hosts(),
                true,
                AmqpAuth.of(SaslMechanism.external()),
                options.wire(),
                options.publish(),
                options.recovery(),
                true));
        fixture.send(client, durable(name));
        fixture.ask(d -> client.publish(persistent("", name, "m"), d));
        assertEquals(
                "m",
                fixture.ask(d -> client.get(name, true, d))
                        .content()
                        .properties()
                        .messageId());
    }

    /** A hard error of one caller costs the connection for declarations, and no other. */
    @Test
    void aHardError() {
        AmqpClient client = consuming();
        Throwable cause = fixture.failure(
                d -> client.send(
                        new ExchangeMethod.Declare(name, "no such type", false, true, false, false, false, Map.of()),
                        d),
                30_000);
        // 3.10 ends the connection, 4.0 the channel.
        int code = assertInstanceOf(AmqpException.class, cause).reason().code();
        assertTrue(Set.of(503, 406).contains(code), cause.toString());
        publishAndReceive(client, "m1");
        fixture.send(client, durable(name));
        assertEquals(List.of("CONNECTING", "READY"), fixture.story.told);
    }
}
