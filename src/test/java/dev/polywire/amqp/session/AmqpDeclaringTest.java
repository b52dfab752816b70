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
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The third connection: what one caller's declaration costs the broker's connection is nobody else's. */
@Timeout(60)
class AmqpDeclaringTest {

    private static final QueueMethod.Purge PURGE = new QueueMethod.Purge("q", false);

    private final MemoryBroker broker = new MemoryBroker();
    private final SessionFixture fixture = new SessionFixture();
    private final Received received = new Received();

    @AfterEach
    void close() {
        fixture.close();
        broker.close();
    }

    /** Neither deliveries nor publishes notice: no connection of theirs is lost. */
    @Test
    void aHardErrorIsNobodyElses() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        fixture.ask(d -> client.consume(subscription("q", "c", 1), received, d));
        broker.withholdsConfirms = true;
        CompletableFuture<Void> publishing = fixture.begin(d -> client.publish(persistent("", "q", "m1"), d), 15_000);
        fixture.await("m1", () -> received.ids.contains("m1"));
        broker.hardErrors.add("bad");
        for (int i = 0; i < 3; i++) {
            assertHard(fixture.failure(d -> client.send(durable("bad"), d), 15_000));
        }
        assertEquals(3, broker.askedFor("queue.declare") - 1);
        fixture.send(client, durable("other"));
        assertEquals(List.of("CONNECTING", "READY"), fixture.story.told);
        assertFalse(received.events.contains("interrupted"), received.events::toString);
        assertFalse(publishing.isDone());
        fixture.await("the refused are closed", () -> broker.connections() == 3);
    }

    /** All are true: who was refused, who was in flight with it, and who stood behind. */
    @Test
    void whatStoodBehindIsSentAgain() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, direct("e"));
        fixture.send(client, durable("q"));
        fixture.ask(d -> client.publish(persistent("", "q", "m"), d));
        openChannels(client);
        broker.hardErrors.add("bad");
        List<CompletableFuture<AmqpMethod>> all = heldBack(
                client,
                durable("a"),
                durable("bad"),
                durable("b"),
                durable("c"),
                durable("d"),
                bind("d", "e", "k"),
                PURGE,
                exclusive("mine"),
                new QueueMethod.Delete("a", false, false, false));
        assertHard(causeOf(all.get(1)));
        for (int i = 0; i < all.size(); i++) {
            if (i != 1) {
                all.get(i).join();
            }
        }
        // Once together with others, and once alone.
        assertEquals(1, ((QueueMethod.PurgeOk) all.get(6).join()).messageCount());
        assertTrue(broker.has("b") && broker.has("c") && broker.has("d") && broker.has("mine"));
        assertFalse(broker.has("a"));
        assertEquals(List.of("CONNECTING", "READY"), fixture.story.told);
    }

    /** Calls that did not wait for each other keep their order. */
    @Test
    void inOrder() {
        AmqpClient client = fixture.client(broker.endpoint());
        List<CompletableFuture<AmqpMethod>> all = begin(
                client,
                direct("e"),
                durable("q"),
                bind("q", "e", "k"),
                exclusive("mine"),
                bind("mine", "e", "k"),
                new QueueMethod.Delete("q", false, false, false),
                durable("q"),
                new QueueMethod.Declare("q", true, true, false, false, false, Map.of()),
                PURGE,
                new QueueMethod.Delete("q", false, false, false));
        all.forEach(CompletableFuture::join);
        assertFalse(broker.has("q"));
        assertEquals(3, fixture.loop.call(() -> client.status().topology()).size());
    }

    /** When it is on its way alone nobody knows. */
    @Test
    void lostWithoutAWord() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        third().forEach(peer -> broker.loop.run(() -> peer.pause(true)));
        List<CompletableFuture<AmqpMethod>> all = begin(client, PURGE, durable("a"), durable("b"));
        fixture.await(
                "on its way", () -> fixture.loop.call(() -> client.status().declaring()) == Link.State.READY);
        broker.loop.run(() -> third().forEach(MemoryPeer::reset));
        assertEquals(Reason.UNKNOWN_OUTCOME, reason(causeOf(all.get(0))));
        all.get(1).join();
        all.get(2).join();
        assertEquals(List.of("CONNECTING", "READY"), fixture.story.told);
    }

    /** What was in flight once, and was not sent again in time, may have been executed. */
    @Test
    void lateBehindTheRefused() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        openChannels(client);
        broker.hardErrors.add("bad");
        broker.loop.run(() -> third().forEach(peer -> peer.pause(true)));
        List<Deadline> deadlines = List.of(fixture.deadline(), fixture.deadline(), fixture.deadline());
        List<AmqpMethod> requests = List.of(durable("bad"), durable("a"), PURGE);
        List<CompletableFuture<AmqpMethod>> all = begin(client, requests, deadlines);
        broker.isSilent = true;
        broker.loop.run(() -> third().forEach(peer -> peer.pause(false)));
        fixture.await("lost", () -> fixture.loop.call(() -> client.status().declaring()) == Link.State.RECOVERING);
        fixture.loop.run(() -> deadlines.forEach(Deadline::end));
        assertEquals(Reason.UNKNOWN_OUTCOME, reason(causeOf(all.get(0))));
        assertEquals(Reason.UNKNOWN_OUTCOME, reason(causeOf(all.get(1))));
        assertEquals(Reason.UNAVAILABLE, reason(causeOf(all.get(2))));
    }

    /** A request whose caller has given up costs the connection: who is in flight then is not taken for the cause. */
    @Test
    void notTheCause() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        openChannels(client);
        broker.hardErrors.add("bad");
        broker.loop.run(() -> third().forEach(peer -> peer.pause(true)));
        Deadline deadline = fixture.deadline();
        CompletableFuture<AmqpMethod> bad =
                begin(client, List.of(durable("bad")), List.of(deadline)).get(0);
        fixture.loop.run(deadline::end);
        assertEquals(Reason.TIMEOUT, reason(causeOf(bad)));
        List<CompletableFuture<AmqpMethod>> all = begin(client, durable("a"), PURGE);
        broker.loop.run(() -> third().forEach(peer -> peer.pause(false)));
        all.forEach(CompletableFuture::join);
    }

    /** An exclusive queue belongs to the connection that consumes, with all that is asked about it. */
    @Test
    void exclusiveQueues() {
        AmqpClient client = fixture.client(broker.endpoint());
        String made = ((QueueMethod.DeclareOk) fixture.send(client, exclusive(""))).queue();
        for (String queue : List.of("mine", made)) {
            fixture.send(client, exclusive(queue));
            fixture.send(client, new QueueMethod.Purge(queue, false));
        }
        fixture.ask(d -> client.consume(subscription(made, "c", 1), received, d));
        fixture.send(client, new QueueMethod.Delete("mine", false, false, false));
        assertEquals(2, broker.peers.size());
        assertNull(fixture.loop.call(() -> client.status().declaring()));
    }

    /** A client that keeps no topology learns from the broker that a queue is its own. */
    @Test
    void exclusiveQueuesWithoutTopology() {
        AmqpSessionOptions all = options(broker.endpoint(), PublishOptions.DEFAULT);
        AmqpClient client = fixture.client(new AmqpSessionOptions(
                all.hosts(), true, all.auth(), all.wire(), all.publish(), all.recovery(), false));
        fixture.send(client, exclusive("mine"));
        fixture.send(client, new QueueMethod.Purge("mine", false));
        assertEquals(3, broker.peers.size());
    }

    /** It comes when it is needed, and neither at the start nor after a loss. */
    @Test
    void notOpenedForNothing() {
        AmqpClient client = fixture.client(broker.endpoint());
        assertNull(fixture.loop.call(() -> client.status().declaring()));
        assertEquals(2, broker.connections());
        fixture.send(client, durable("q"));
        assertEquals(Link.State.READY, fixture.loop.call(() -> client.status().declaring()));
        fixture.ask(d -> client.updateSecret(Buffer.buffer("token"), "expired", d));
        assertEquals(List.of("token", "token", "token"), broker.secrets);
        broker.reset();
        fixture.await("ready again", () -> fixture.story.count("READY") == 2);
        assertEquals(2, broker.connections());
        assertNull(fixture.loop.call(() -> client.status().declaring()));
        fixture.send(client, durable("q"));
        assertEquals(3, broker.connections());
        fixture.loop.join(() -> client.close(1_000));
        fixture.await("all are closed", () -> broker.connections() == 0);
        assertEquals(Link.State.CLOSED, fixture.loop.call(() -> client.status().declaring()));
    }

    @Test
    void closedWhenIdle() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        long idle = OccasionalConnection.IDLE_MILLIS;
        fixture.loop.run(() -> client.look(Monotonic.millis() + idle - 10_000));
        assertEquals(Link.State.READY, fixture.loop.call(() -> client.status().declaring()));
        broker.loop.run(() -> third().forEach(peer -> peer.pause(true)));
        List<CompletableFuture<AmqpMethod>> all = begin(client, durable("a"));
        fixture.loop.run(() -> client.look(Monotonic.millis() + idle));
        assertEquals(Link.State.READY, fixture.loop.call(() -> client.status().declaring()));
        broker.loop.run(() -> third().forEach(peer -> peer.pause(false)));
        all.get(0).join();
        fixture.loop.run(() -> client.look(Monotonic.millis() + 2 * idle));
        assertNull(fixture.loop.call(() -> client.status().declaring()));
        fixture.await("closed", () -> broker.connections() == 2);
        fixture.send(client, durable("b"));
        assertEquals(3, broker.connections());
        assertEquals(List.of("CONNECTING", "READY"), fixture.story.told);
    }

    /** A broker with room for two: declarations go over the connection that consumes, as do those that it has. */
    @Test
    void aThirdThatIsRefused() {
        broker.maxPeers = 2;
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, durable("q"));
        fixture.send(client, durable("a"));
        assertEquals(3, broker.peers.size());
        broker.reset();
        fixture.await("ready again", () -> fixture.story.count("READY") == 2);
        assertTrue(fixture.story.told("queue a"));
    }

    /** What recovery repeats was declared there. */
    @Test
    void recorded() {
        AmqpClient client = fixture.client(broker.endpoint());
        fixture.send(client, direct("e"));
        fixture.send(client, durable("q"));
        fixture.send(client, bind("q", "e", "k"));
        broker.reset();
        fixture.await("ready again", () -> fixture.story.count("READY") == 2);
        assertEquals(List.of("exchange e", "queue q", "bind e by k"), fixture.story.told.subList(3, 6));
    }

    private List<MemoryPeer> third() {
        return broker.peers.stream().skip(2).filter(peer -> !peer.isDown()).toList();
    }

    /** Sent while the broker does not read their connection, so that they arrive in one piece. */
    private List<CompletableFuture<AmqpMethod>> heldBack(AmqpClient client, AmqpMethod... requests) {
        broker.loop.run(() -> third().forEach(peer -> peer.pause(true)));
        List<CompletableFuture<AmqpMethod>> all = begin(client, requests);
        broker.loop.run(() -> third().forEach(peer -> peer.pause(false)));
        return all;
    }

    /** So many that all are used at a time. */
    private void openChannels(AmqpClient client) {
        heldBack(client, durable("a1"), durable("a2"), durable("a3"), durable("a4"))
                .forEach(CompletableFuture::join);
    }

    private List<CompletableFuture<AmqpMethod>> begin(AmqpClient client, AmqpMethod... requests) {
        List<AmqpMethod> all = List.of(requests);
        return begin(client, all, all.stream().map(each -> fixture.deadline()).toList());
    }

    private List<CompletableFuture<AmqpMethod>> begin(
            AmqpClient client, List<AmqpMethod> requests, List<Deadline> deadlines) {
        return fixture.loop.call(() -> IntStream.range(0, requests.size())
                .mapToObj(i -> client.send(requests.get(i), deadlines.get(i)))
                .map(Future::toCompletionStage)
                .map(each -> each.toCompletableFuture())
                .toList());
    }

    private static void assertHard(Throwable cause) {
        AmqpException refused = assertInstanceOf(AmqpException.class, cause);
        assertEquals(540, refused.reason().code());
        assertEquals("NOT_IMPLEMENTED", refused.reason().text());
    }

    private static Throwable causeOf(CompletableFuture<?> future) {
        return assertThrows(CompletionException.class, future::join).getCause();
    }
}
