package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Ports;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/**
 * A broker in the test's hands: direct exchanges, queues, consumers, confirms and locks as RabbitMQ has them, and faults when
 * the test wants them. What is durable survives {@link #kill}.
 */
final class MemoryBroker implements AutoCloseable {

    final Loop loop = new Loop();
    /** What was asked of it, as it came: {@code queue.declare}. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    final List<MemoryPeer> peers = new CopyOnWriteArrayList<>();
    final Map<String, MemoryQueue> queues = new LinkedHashMap<>();
    final Map<String, ExchangeMethod.Declare> exchanges = new LinkedHashMap<>();
    final List<QueueMethod.Bind> bindings = new ArrayList<>();
    /** Publishes are taken and not confirmed. */
    volatile boolean withholdsConfirms;
    /** Publishes are not taken: {@code basic.nack}. */
    volatile boolean nacks;
    /** A connection that is lost keeps its exclusive queues, as one that is half open does. */
    volatile boolean holdsLocks;

    /** New connections are not told of {@code basic.nack}. */
    volatile boolean hasNoNack;

    /** The next such method closes its connection. */
    volatile String hardErrorAt = "";

    /** Each such method closes its channel. */
    volatile String softErrorAt = "";

    /** A publish whose message id begins so ends its connection, and the broker does not say which publish it was. */
    volatile String poison = "none";

    /** What new connections are offered. */
    volatile int maxFrameBytes = 131_072;

    /** The message ids of all publishes, as they came. */
    final List<String> published = new CopyOnWriteArrayList<>();

    /** A declaration of such a queue always closes its connection. */
    final Set<String> hardErrors = ConcurrentHashMap.newKeySet();

    /** A further connection is refused, as by a limit of the virtual host. */
    volatile int maxPeers = Integer.MAX_VALUE;

    /** New connections have no answer. */
    volatile boolean isSilent;

    final List<String> secrets = new CopyOnWriteArrayList<>();
    private final int port = Ports.free();
    private Acceptor acceptor;
    private int names;

    MemoryBroker() {
        start();
    }

    boolean isHardError(AmqpMethod method) {
        if (method.name().equals(hardErrorAt)) {
            hardErrorAt = "";
            return true;
        }
        return method instanceof QueueMethod.Declare declare && hardErrors.contains(declare.queue());
    }

    EndpointOptions endpoint() {
        return EndpointOptions.of("127.0.0.1", port);
    }

    /** A client that dials a port where nobody listens may meet itself there, for a moment. */
    void start() {
        Awaitility.await()
                .ignoreExceptionsMatching(AssertionError.class::isInstance)
                .until(() -> {
                    loop.run(() -> acceptor = new Acceptor(loop.vertx(), endpoint(), "amqp", Spi.NONE));
                    loop.join(() -> acceptor.listen(accepted -> peers.add(MemoryPeer.accept(this, accepted))));
                    return true;
                });
    }

    /** All connections are reset, and what is not durable is gone. */
    void kill() {
        // In one turn: a client that is back at once must not be served between the two.
        loop.join(() -> {
            peers.forEach(MemoryPeer::reset);
            return acceptor.close();
        });
        loop.run(() -> queues.values().removeIf(queue -> !queue.declare.durable()));
        loop.run(() -> bindings.removeIf(bind -> !queues.containsKey(bind.queue())));
    }

    /** All connections are reset; the broker stays. */
    void reset() {
        loop.run(() -> peers.forEach(MemoryPeer::reset));
    }

    /** The broker says why, and closes all connections. */
    void closeConnections(int code, String text) {
        loop.run(() -> peers.forEach(peer -> peer.say(0, new ConnectionMethod.Close(code, text, 0, 0))));
    }

    /** Connections that are up. */
    long connections() {
        return loop.call(() -> peers.stream().filter(peer -> !peer.isDown()).count());
    }

    /** An alarm: connections that publish are told. */
    void block(String reason) {
        loop.run(() -> peers.forEach(peer -> peer.block(reason)));
    }

    void unblock() {
        loop.run(() -> peers.forEach(peer -> peer.block(null)));
    }

    /** What lost connections hold is free. */
    void releaseLocks() {
        holdsLocks = false;
        loop.run(() -> peers.stream().filter(MemoryPeer::isDown).forEach(this::release));
    }

    /** Somebody deletes a queue: its consumers are told. */
    void delete(String queue) {
        loop.run(() -> remove(queue));
    }

    void declare(QueueMethod.Declare declare) {
        loop.run(() -> queues.put(declare.queue(), new MemoryQueue(declare.queue(), declare, null)));
    }

    List<String> messages(String queue) {
        return loop.call(() -> queues.get(queue).ready.stream()
                .map(message -> message.content().properties().messageId())
                .toList());
    }

    boolean has(String queue) {
        return loop.call(() -> queues.containsKey(queue));
    }

    long askedFor(String method) {
        return asked.stream().filter(method::equals).count();
    }

    Map<String, Object> capabilities() {
        return Map.of(
                "publisher_confirms",
                true,
                "basic.nack",
                !hasNoNack,
                "connection.blocked",
                true,
                "consumer_cancel_notify",
                true);
    }

    String newName() {
        return "amq.gen-" + ++names;
    }

    void remove(String queue) {
        MemoryQueue gone = queues.remove(queue);
        bindings.removeIf(bind -> bind.queue().equals(queue));
        if (gone != null) {
            gone.takers.forEach(taker -> taker.peer().cancel(taker));
        }
    }

    /** Whether some queue got it. */
    boolean route(ContentMethod.Publish publish, Content content) {
        MemoryQueue.Message message = new MemoryQueue.Message(publish.exchange(), publish.routingKey(), content, false);
        List<MemoryQueue> targets = new ArrayList<>();
        if (publish.exchange().isEmpty()) {
            MemoryQueue queue = queues.get(publish.routingKey());
            if (queue != null) {
                targets.add(queue);
            }
        } else {
            bindings.stream()
                    .filter(bind -> bind.exchange().equals(publish.exchange())
                            && bind.routingKey().equals(publish.routingKey()))
                    .forEach(bind -> targets.add(queues.get(bind.queue())));
        }
        targets.forEach(queue -> queue.add(message));
        return !targets.isEmpty();
    }

    /** A connection is gone, with its consumers and, if it may, its exclusive queues. */
    void lost(MemoryPeer peer) {
        queues.values().forEach(queue -> queue.takers.removeIf(taker -> taker.peer() == peer));
        peer.giveBackAll();
        if (!holdsLocks) {
            release(peer);
        }
    }

    private void release(MemoryPeer peer) {
        List<String> owned = queues.values().stream()
                .filter(queue -> queue.owner == peer)
                .map(queue -> queue.name)
                .toList();
        owned.forEach(this::remove);
    }

    @Override
    public void close() {
        loop.close();
    }
}
