package dev.polywire.amqp.session;

import dev.polywire.amqp.broker.Broker;
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
import java.util.EnumSet;
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
public final class MemoryBroker implements Broker, AutoCloseable {

    final Loop loop = new Loop();
    /** What was asked of it, as it came: {@code queue.declare}. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

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
    public volatile String softErrorAt = "";

    /** A publish whose message id begins so ends its connection, and the broker does not say which publish it was. */
    volatile String poison = "none";

    /** Of each channel's deliveries; garagemq goes on counting. */
    volatile long firstTag = 1;

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

    /** Its name, as {@code RabbitMQ}. */
    public volatile String product = "Memory";
    /** What it has delivered, of that what was acknowledged, dropped and requeued, and what it took back itself. */
    private final long[] books = new long[5];

    private static final List<String> WORDS = List.of("given", "acknowledged", "rejected", "returned", "taken back");

    public MemoryBroker() {
        start();
    }

    @Override
    public String name() {
        return "Memory";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Set<Feature> lacks() {
        return EnumSet.of(Feature.EXCHANGE_BINDINGS, Feature.TLS);
    }

    @Override
    public void stop() {
        kill();
    }

    void note(String what) {
        books[WORDS.indexOf(what)]++;
    }

    /** How often: given, acknowledged, rejected, returned, taken back. */
    public long noted(String what) {
        return loop.call(() -> books[WORDS.indexOf(what)]);
    }

    boolean isHardError(AmqpMethod method) {
        if (method.name().equals(hardErrorAt)) {
            hardErrorAt = "";
            return true;
        }
        return method instanceof QueueMethod.Declare declare && hardErrors.contains(declare.queue());
    }

    @Override
    public EndpointOptions endpoint() {
        return EndpointOptions.of("127.0.0.1", port);
    }

    /** A client that dials a port where nobody listens may meet itself there, for a moment. */
    @Override
    public void start() {
        Awaitility.await()
                .ignoreExceptionsMatching(AssertionError.class::isInstance)
                .until(() -> {
                    loop.run(() -> acceptor = new Acceptor(loop.vertx(), endpoint(), "amqp", Spi.NONE));
                    loop.join(() -> acceptor.listen(accepted -> peers.add(MemoryPeer.accept(this, accepted))));
                    return true;
                });
    }

    /** All connections are reset, and what is not durable is gone. */
    @Override
    public void kill() {
        // In one turn: a client that is back at once must not be served between the two.
        loop.join(() -> {
            peers.forEach(MemoryPeer::reset);
            return acceptor.close();
        });
        loop.run(() -> queues.values().removeIf(queue -> !queue.declare.durable()));
        loop.run(() -> bindings.removeIf(bind -> !queues.containsKey(bind.queue())));
    }

    /** All connections are reset; the broker stays. */
    public void reset() {
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
    public void delete(String queue) {
        loop.run(() -> remove(queue));
    }

    /** Its consumers settle too late. @param cancels whether they are cancelled, as from RabbitMQ 4.3 on; else their channels are closed */
    public void timeOut(String queue, boolean cancels) {
        loop.run(() -> {
            List<MemoryQueue.Taker> takers = List.copyOf(queues.get(queue).takers);
            takers.forEach(taker -> taker.peer().timeOut(taker, cancels));
        });
    }

    void declare(QueueMethod.Declare declare) {
        loop.run(() -> queues.put(declare.queue(), new MemoryQueue(declare.queue(), declare, null)));
    }

    public List<String> messages(String queue) {
        return loop.call(() -> queues.get(queue).ready.stream()
                .map(message -> message.content().properties().messageId())
                .toList());
    }

    boolean has(String queue) {
        return loop.call(() -> queues.containsKey(queue));
    }

    public long askedFor(String method) {
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
