package dev.polywire.amqp.session;

import static dev.polywire.amqp.session.SessionFixture.durable;
import static dev.polywire.amqp.session.SessionFixture.exclusive;
import static dev.polywire.amqp.session.SessionFixture.options;
import static dev.polywire.amqp.session.SessionFixture.persistent;
import static dev.polywire.amqp.session.SessionFixture.reason;
import static dev.polywire.amqp.session.SessionFixture.subscription;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.Content;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.testing.Bystander;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a publish: F11, F12, F14, F18 and F19. */
@Timeout(60)
class AmqpPublishingTest {

    private static final PublishOptions FEW = new PublishOptions(2, 3, 1_000, false);

    private final MemoryBroker broker = new MemoryBroker();
    private final SessionFixture fixture = new SessionFixture();

    @AfterEach
    void close() {
        fixture.close();
        broker.close();
    }

    @Test
    void oneAfterTheOther() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        List<CompletableFuture<Void>> all = IntStream.range(0, 5)
                .mapToObj(i -> publish(client, "m" + i, 15_000))
                .toList();
        all.forEach(CompletableFuture::join);
        assertEquals(List.of("m0", "m1", "m2", "m3", "m4"), broker.messages("q"));
    }

    /** F19: never a success. */
    @Test
    void returnedAndNacked() {
        AmqpClient client = fixture.client(broker.endpoint());
        AmqpPublish nowhere =
                new AmqpPublish("", "nobody", true, persistent("", "", "m").content());
        assertEquals(
                AmqpException.Kind.RETURNED,
                assertInstanceOf(AmqpException.class, fixture.failure(d -> client.publish(nowhere, d), 15_000))
                        .kind());
        broker.nacks = true;
        assertEquals(
                AmqpException.Kind.NACKED,
                assertInstanceOf(
                                AmqpException.class,
                                fixture.failure(d -> client.publish(persistent("", "q", "m"), d), 15_000))
                        .kind());
    }

    @Test
    void aReturnWithoutConfirmsIsAnEvent() {
        AmqpClient client = fixture.client(broker.endpoint());
        AmqpPublish nowhere =
                new AmqpPublish("", "nobody", true, persistent("", "", "m").content());
        fixture.ask(d -> client.publishUnconfirmed(nowhere, d));
        fixture.await("returned", () -> fixture.story.told("returned 312"));
    }

    /** F11: two without confirm, three that wait, and then no more; consuming goes on. */
    @Test
    void blocked() {
        AmqpClient client = fixture.client(options(broker.endpoint(), FEW));
        fixture.send(client, durable("q"));
        publish(client, "m0", 15_000).join();
        broker.block("low on memory");
        fixture.await("blocked", () -> fixture.story.told("blocked low on memory"));
        List<CompletableFuture<Void>> waiting = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> publish(client, "m" + i, 15_000))
                .toList();
        Throwable refused = fixture.failure(d -> client.publish(persistent("", "q", "m"), d), 15_000);
        assertEquals(Reason.OVERLOADED, reason(refused));
        assertTrue(refused.getMessage().startsWith("broker blocked: low on memory"), refused::getMessage);
        assertEquals(3, (int) fixture.loop.call(() -> client.status().waiting()));

        Received received = new Received();
        fixture.ask(d -> client.consume(subscription("q", "c", 10), received, d));
        fixture.await("m0", () -> received.ids.contains("m0"));
        broker.unblock();
        waiting.forEach(CompletableFuture::join);
        assertTrue(fixture.story.told("unblocked"));
        fixture.await("all", () -> received.ids.size() == 4);
    }

    @Test
    void whatWaitsHasADeadline() {
        AmqpClient client = fixture.client(options(broker.endpoint(), FEW));
        publish(client, "m0", 15_000).join();
        broker.block("alarm");
        fixture.await("blocked", () -> fixture.story.told("blocked alarm"));
        Throwable late = fixture.failure(d -> client.publish(persistent("", "q", "m"), d), 20);
        assertEquals(Reason.UNAVAILABLE, reason(late));
        assertEquals("not sent by the deadline: broker blocked: alarm", late.getMessage());
        assertEquals(0, (int) fixture.loop.call(() -> client.status().waiting()));
        broker.unblock();
        publish(client, "m1", 15_000).join();
    }

    /** A broker that does not read hears no farewell: here it has an hour for its answer, and nobody waits for that. */
    @Test
    void closedWhileItIsBlocked() {
        AmqpSessionOptions usual = options(broker.endpoint(), FEW);
        AmqpClientOptions wire = usual.wire();
        AmqpClient client = fixture.client(new AmqpSessionOptions(
                usual.hosts(),
                true,
                usual.auth(),
                new AmqpClientOptions(
                        "/",
                        wire.mechanisms(),
                        Map.of(),
                        null,
                        wire.locale(),
                        wire.heartbeatSeconds(),
                        wire.limits(),
                        wire.handshakeTimeoutMillis(),
                        3_600_000),
                usual.publish(),
                usual.recovery(),
                true));
        publish(client, "m0", 15_000).join();
        broker.block("alarm");
        fixture.await("blocked", () -> fixture.story.told("blocked alarm"));
        CompletableFuture<Void> waiting = publish(client, "m1", 15_000);
        deaf();
        fixture.loop.join(() -> client.close(0));
        assertEquals(Reason.SHUTTING_DOWN, reason(failureOf(waiting)));
    }

    /** RabbitMQ reads nothing from such a connection. */
    @Test
    void aPingDoesNotWaitForABlockedConnection() {
        AmqpClient client = fixture.client(broker.endpoint());
        publish(client, "m0", 15_000).join();
        broker.block("alarm");
        fixture.await("blocked", () -> fixture.story.told("blocked alarm"));
        deaf();
        assertEquals("Memory", fixture.ask(client::ping).product());
    }

    /** The broker reads nothing from the connections that publish. */
    private void deaf() {
        broker.loop.run(
                () -> broker.peers.stream().filter(MemoryPeer::publishes).forEach(peer -> peer.pause(true)));
    }

    /** Above its limit the memory budget takes no more; what waits is dropped, since it has no effect yet. */
    @Test
    void waitingPublishesAreDroppedWhenMemoryIsShort() {
        AmqpClient client = fixture.client(broker.endpoint());
        publish(client, "m0", 15_000).join();
        broker.block("alarm");
        fixture.await("blocked", () -> fixture.story.told("blocked alarm"));
        AmqpPublish large = new AmqpPublish("", "q", false, new Content(Buffer.buffer(new byte[100_000])));
        CompletableFuture<Void> first = fixture.begin(d -> client.publish(large, d), 300);
        List<CompletableFuture<Void>> waiting = IntStream.range(0, 3)
                .mapToObj(i -> fixture.<Void>begin(d -> client.publish(large, d), 15_000))
                .toList();
        MemoryBudget budget = MemoryBudget.of(fixture.loop.vertx());
        assertTrue(budget.heldBytes() >= 400_000);
        budget.limit(100_000);
        assertEquals(Reason.OVERLOADED, reason(fixture.failure(d -> client.publish(large, d), 15_000)));
        assertEquals(Reason.UNAVAILABLE, reason(failureOf(first)), "its end is noticed, and the others are dropped");
        for (CompletableFuture<Void> each : waiting) {
            Throwable dropped = failureOf(each);
            assertEquals(Reason.OVERLOADED, reason(dropped));
            assertTrue(dropped.getMessage().startsWith("memory: amqp "), dropped::getMessage);
        }
        assertTrue(budget.heldBytes() < 100_000);
        broker.unblock();
        publish(client, "m1", 15_000).join();
    }

    /** F12: they have been sent, so what becomes of them is unknown; nothing of them is kept, and those after them go on. */
    @Test
    void unconfirmedAndTooLargeTogether() {
        AmqpClient client = fixture.client(options(broker.endpoint(), new PublishOptions(100, 100, 1L << 30, true)));
        fixture.send(client, durable("q"));
        broker.withholdsConfirms = true;
        AmqpPublish large = new AmqpPublish("", "nobody", false, new Content(Buffer.buffer(new byte[100_000])));
        List<CompletableFuture<Void>> sent = IntStream.range(0, 4)
                .mapToObj(i -> fixture.<Void>begin(d -> client.publish(large, d), 60_000))
                .toList();
        CompletableFuture<AmqpReply> request = fixture.begin(d -> client.request(large, d), 60_000);
        fixture.await("all sent", () -> broker.askedFor("basic.publish") == 5);
        MemoryBudget budget = MemoryBudget.of(fixture.loop.vertx());
        assertTrue(budget.heldBytes() >= 500_000);
        budget.limit(100_000);
        assertEquals(Reason.OVERLOADED, reason(fixture.failure(d -> client.publish(large, d), 15_000)));
        fixture.<Void>ask(d -> client.publishUnconfirmed(persistent("", "q", "m0"), d));
        for (CompletableFuture<Void> each : sent) {
            Throwable dropped = failureOf(each);
            assertEquals(Reason.UNKNOWN_OUTCOME, reason(dropped));
            assertTrue(dropped.getMessage().contains(": memory: amqp "), dropped::getMessage);
        }
        assertEquals(Reason.UNKNOWN_OUTCOME, reason(failureOf(request)));
        fixture.await("released", () -> budget.heldBytes() < 100_000);
        broker.withholdsConfirms = false;
        publish(client, "m1", 15_000).join();
        assertEquals(List.of("m0", "m1"), broker.messages("q"));
    }

    /** A thousand at once use many blocks of output, which an idle connection keeps only as long as there is room. */
    @Test
    void whatAnIdleConnectionKeeps() {
        AmqpClient client = fixture.client(broker.endpoint());
        AmqpPublish small = new AmqpPublish("", "nobody", false, new Content(Buffer.buffer(new byte[1_000])));
        MemoryBudget budget = MemoryBudget.of(fixture.loop.vertx());
        for (int round = 0; round < 2; round++) {
            List<AmqpPublish> all = Collections.nCopies(1_000, small);
            fixture.ask(d -> Future.all(client.publish(all, d)).mapEmpty());
        }
        fixture.await("whole blocks", () -> budget.heldBytes() > 0 && budget.heldBytes() % (64 * 1024) == 0);
        budget.limit(budget.heldBytes());
        fixture.loop.run(() -> budget.open("another", Bystander.ONE).holds(1));
        fixture.await("given back", () -> budget.heldBytes() == 4_096);
        assertEquals(0, budget.status().getInteger("dropped"));
    }

    @Test
    void withoutAConfirm() {
        AmqpClient client = fixture.client(options(broker.endpoint(), FEW));
        broker.withholdsConfirms = true;
        assertEquals(Reason.TIMEOUT, reason(fixture.failure(d -> client.publish(persistent("", "q", "m"), d), 20)));
        publish(client, "m1", 15_000);
        Throwable third = fixture.failure(d -> client.publish(persistent("", "q", "m"), d), 20);
        assertEquals(Reason.UNAVAILABLE, reason(third));
        assertEquals("not sent by the deadline: 2 publishes have no confirm", third.getMessage());
    }

    /** F12: what the broker does not read fills a bounded queue, and goes out when it reads again. */
    @Test
    void theBrokerDoesNotRead() {
        AmqpClient client = fixture.client(options(broker.endpoint(), new PublishOptions(65_536, 10, 1L << 30, false)));
        fixture.send(client, durable("q"));
        publish(client, "first", 15_000).join();
        MemoryPeer publishing =
                broker.peers.stream().filter(MemoryPeer::publishes).findFirst().orElseThrow();
        broker.loop.run(() -> publishing.pause(true));
        AmqpPublish large = new AmqpPublish("", "q", false, new Content(Buffer.buffer(new byte[1024 * 1024])));
        List<CompletableFuture<Void>> all = new CopyOnWriteArrayList<>();
        fixture.await("a full queue", () -> {
            CompletableFuture<Void> one = fixture.begin(d -> client.publish(large, d), 30_000);
            all.add(one);
            return one.isCompletedExceptionally();
        });
        CompletableFuture<Void> refused = all.remove(all.size() - 1);
        Throwable cause = assertThrows(ExecutionException.class, () -> refused.get(1, TimeUnit.SECONDS))
                .getCause();
        assertEquals(Reason.OVERLOADED, reason(cause));
        assertTrue(cause.getMessage().startsWith("the broker does not read"), cause::getMessage);
        broker.loop.run(() -> publishing.pause(false));
        all.forEach(CompletableFuture::join);
    }

    /** F14: the message id is told, and nothing is sent again. */
    @Test
    void lostBeforeItsConfirm() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        broker.withholdsConfirms = true;
        CompletableFuture<Void> lost = publish(client, "m1", 15_000);
        fixture.await("the publish", () -> broker.askedFor("basic.publish") == 1);
        broker.withholdsConfirms = false;
        broker.reset();
        Throwable cause = failureOf(lost);
        assertEquals(Reason.UNKNOWN_OUTCOME, reason(cause));
        assertTrue(cause.getMessage().startsWith("message-id m1: "), cause::getMessage);
        publish(client, "m2", 15_000).join();
        assertEquals(List.of("m1", "m2"), broker.messages("q"));
    }

    /** F14 with the option: the same id again, before what came later. */
    @Test
    void publishedAgain() {
        AmqpClient client = fixture.client(options(broker.endpoint(), new PublishOptions(2, 100, 1_000_000, true)));
        fixture.send(client, durable("q"));
        broker.withholdsConfirms = true;
        List<CompletableFuture<Void>> all = IntStream.range(0, 4)
                .mapToObj(i -> publish(client, "m" + i, 15_000))
                .toList();
        fixture.await("two publishes", () -> broker.askedFor("basic.publish") == 2);
        broker.withholdsConfirms = false;
        broker.reset();
        all.forEach(CompletableFuture::join);
        assertEquals(List.of("m0", "m1", "m0", "m1", "m2", "m3"), broker.messages("q"));
    }

    /** What was not sent waits for the next connection, whatever it was that it waited for. */
    @Test
    void lostWhileItsChannelOpens() {
        broker.declare(durable("q"));
        for (String step : List.of("channel.open", "confirm.select")) {
            AmqpClient client = fixture.client(broker.endpoint());
            broker.hardErrorAt = step;
            publish(client, step, 15_000).join();
            assertEquals("", broker.hardErrorAt);
        }
        assertEquals(List.of("channel.open", "confirm.select"), broker.messages("q"));
    }

    /** F18: a channel that a bad publish has closed is opened again, and nothing else is touched. */
    @Test
    void aBadPublish() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        Received received = new Received();
        fixture.ask(d -> client.consume(subscription("q", "c", 10), received, d));
        Throwable cause = fixture.failure(d -> client.publish(persistent("none", "q", "m"), d), 15_000);
        assertEquals(404, assertInstanceOf(AmqpException.class, cause).reason().code());
        publish(client, "m", 15_000).join();
        fixture.await("m", () -> received.ids.contains("m"));
        assertEquals(List.of("delivery 1"), received.events);
        assertEquals(1, fixture.story.count("READY"));
    }

    /** What is published before an exclusive queue is there again would vanish. */
    @Test
    void waitsForTheQueuesOfTheOtherConnection() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, exclusive("mine"));
        Received received = new Received();
        fixture.ask(d -> client.consume(subscription("mine", "c", 10), received, d));
        for (int i = 0; i < 20; i++) {
            String id = "m" + i;
            long losses = fixture.story.count("RECOVERING");
            broker.reset();
            fixture.await("loss", () -> fixture.story.count("RECOVERING") > losses);
            AmqpPublish mandatory =
                    new AmqpPublish("", "mine", true, persistent("", "", id).content());
            fixture.ask(d -> client.publish(mandatory, d));
            fixture.await(id, () -> received.ids.contains(id));
        }
    }

    @Test
    void closedWithAnEmptyDrain() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        List<CompletableFuture<Void>> all = IntStream.range(0, 100)
                .mapToObj(i -> publish(client, "m" + i, 15_000))
                .toList();
        fixture.loop.join(() -> client.close(10_000));
        all.forEach(CompletableFuture::join);
        assertEquals(
                Reason.SHUTTING_DOWN,
                reason(fixture.failure(d -> client.publish(persistent("", "q", "m"), d), 15_000)));
        assertEquals("CLOSED", fixture.story.told.get(fixture.story.told.size() - 1));
        fixture.await("farewells", () -> broker.askedFor("connection.close") == 3);
    }

    private CompletableFuture<Void> publish(AmqpClient client, String id, long millis) {
        return fixture.begin(d -> client.publish(persistent("", "q", id), d), millis);
    }

    private static Throwable failureOf(CompletableFuture<?> future) {
        try {
            return fail("succeeded: " + future.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException failed) {
            return failed.getCause();
        } catch (Exception hangs) {
            throw new AssertionError(hangs);
        }
    }
}
