package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.RecoveryOutcome;
import dev.polywire.amqp.wire.ServerInfo;
import dev.polywire.amqp.wire.TxMethod;
import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.QuickReconnects;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A broker, reached through two connections that reconnect automatically: one for publishing, which a broker short of
 * memory stops reading, and one for everything else. A third one, for declarations, comes and goes as needed: a broker may close
 * it over one of them. The client and its objects belong to the context it was made on.
 *
 * <p>Calls fail with a {@link CallException}: UNAVAILABLE when there was no connection by the deadline, UNAUTHENTICATED and
 * FORBIDDEN at once while the broker does not let us in, CONNECTION_LOST and
 * UNKNOWN_OUTCOME when it was lost during the call, TIMEOUT, OVERLOADED, SHUTTING_DOWN; and with an {@code AmqpException}
 * when the broker refuses them.
 */
public final class AmqpClient {

    /** Receives the client's events, on its context. */
    public interface Listener {

        /** READY: the connections that publish and consume are up and recovered. @param cause why the client is not READY, or null */
        void state(Link.State state, @Nullable RuntimeException cause);

        /** The broker accepts no publishes for now; they wait. */
        default void blocked(String reason) {}

        default void unblocked() {}

        /** An item was recovered on a new connection, or recovery failed and the item is dropped. */
        default void recovered(RecoveryOutcome outcome) {}

        /** A mandatory message of {@link AmqpClient#publishUnconfirmed} reached no queue. */
        default void returned(ContentMethod.Return method, Content content) {}

        /** The broker ended a consumer: its queue is gone or has moved. */
        default void cancelled(String consumerTag, String queue) {}

        /** The broker ended a consumer whose queue exists; it begins again. @param cause what the broker said */
        default void interrupted(String consumerTag, String queue, RuntimeException cause) {}
    }

    private final Vertx vertx;
    private final AmqpHosts hosts;
    private final RecoveringConnection publishing;
    private final RecoveringConnection consuming;
    private final Publisher confirmed;
    private final Publisher unconfirmed;
    private final RpcClient rpc;
    private final SynchronousChannel synchronous;
    private final Declarations declarations;
    private final BasicGetChannels gets;
    private final Consumers consumers;
    private final SessionState session;
    private boolean closing;

    /** A client without an SPI. */
    public AmqpClient(Vertx vertx, AmqpSessionOptions options, Listener listener) {
        this(vertx, options, Spi.NONE, listener);
    }

    public AmqpClient(Vertx vertx, AmqpSessionOptions options, Spi spi, Listener listener) {
        this(vertx, options, spi, listener, new Random());
    }

    /** @param random for the order of hosts and the time between attempts */
    AmqpClient(Vertx vertx, AmqpSessionOptions options, Spi spi, Listener listener, Random random) {
        this.vertx = vertx;
        this.hosts = new AmqpHosts(vertx, options, spi, random);
        this.session = new SessionState(listener, this::advance);
        String target = options.hosts().get(0).target();
        QuickReconnects reconnects = new QuickReconnects();
        this.publishing = new RecoveringConnection(
                vertx,
                target,
                spi,
                () -> hosts.connect("publish"),
                new Backoff(random, reconnects),
                hosts.refusal(),
                options.recovery(),
                session.publishing());
        this.consuming = new RecoveringConnection(
                vertx,
                target,
                spi,
                () -> hosts.connect("consume"),
                new Backoff(random, reconnects),
                hosts.refusal(),
                options.recovery(),
                session.consuming());
        session.of(publishing, consuming);
        PublishOptions bounds = options.publish();
        this.confirmed = new Publisher(publishing, bounds, session, server -> List.of(new ConfirmMethod.Select(false)));
        this.unconfirmed = new Publisher(publishing, bounds, session, new Publisher.Kind() {
            @Override
            public List<AmqpMethod> setup(ServerInfo server) {
                return List.of();
            }

            @Override
            public void returned(AmqpEvent.Returned returned) {
                listener.returned(returned.method(), returned.content());
            }
        });
        this.rpc = new RpcClient(publishing, bounds, session);
        this.synchronous = new SynchronousChannel(consuming, options.recoverTopology());
        this.declarations = new Declarations(
                consuming, synchronous, options.recoverTopology(), () -> hosts.connect("declare"), random);
        this.gets = new BasicGetChannels(consuming);
        this.consumers = new Consumers(consuming, synchronous, listener, random);
    }

    /**
     * Connects, and reconnects from now on.
     *
     * @return the outcome of the first attempt; after a failure the client still tries again
     */
    public Future<Void> start() {
        return Future.join(publishing.start(), consuming.start()).mapEmpty();
    }

    /**
     * A round trip on the connection that publishes and on the one that consumes: a channel is opened and closed, which every
     * broker can do. From a connection that the broker has blocked it may read nothing, so that one is not asked.
     *
     * @return the broker's name, version and capabilities
     */
    public Future<ServerInfo> ping(Deadline deadline) {
        AmqpConnection published = publishing.now();
        return published != null && published.blocked() != null
                ? ping(consuming, deadline)
                : ping(publishing, deadline).compose(there -> ping(consuming, deadline));
    }

    private static Future<ServerInfo> ping(RecoveringConnection recovering, Deadline deadline) {
        return recovering
                .ready(deadline)
                .compose(connection -> connection
                        .openChannel(deadline)
                        .compose(channel -> channel.close(deadline))
                        .map(closed -> connection.server()));
    }

    /**
     * A request of the classes {@code exchange} and {@code queue}; they begin in the order of the calls. Recovery repeats those
     * that succeeded. Over an error of the connection only the refused one fails: others are sent again within their deadlines.
     *
     * @param request names its queue, except a {@code queue.declare} that asks for a generated name
     * @return the broker's answer; null with {@code noWait}
     */
    public Future<@Nullable AmqpMethod> send(AmqpMethod request, Deadline deadline) {
        String wrong = wrong(request);
        return wrong != null
                ? Future.failedFuture(new CallException(Reason.BAD_REQUEST, wrong))
                : closing ? closing() : declarations.send(request, deadline);
    }

    /** Fetches one message; null if the queue is empty. With {@code noAck} it is settled on delivery. */
    public Future<@Nullable AmqpGot> get(String queue, boolean noAck, Deadline deadline) {
        if (closing) {
            return closing();
        }
        return noAck
                ? synchronous
                        .get(queue, deadline)
                        .map(message -> message == null ? null : AmqpGot.of(message, null, settled -> {}))
                : gets.get(queue, deadline);
    }

    /**
     * Publishes with confirms: completes when the broker has confirmed the message, stored as safely as its queues store.
     *
     * @return fails with an {@code AmqpException} RETURNED (mandatory) or NACKED; with UNKNOWN_OUTCOME when the connection was
     *     lost before the confirm; OVERLOADED when too many publishes wait
     */
    public Future<Void> publish(AmqpPublish publish, Deadline deadline) {
        return closing ? closing() : confirmed.publish(publish, deadline);
    }

    /** Several with one deadline, in order; each has its own outcome, as {@link #publish(AmqpPublish, Deadline)}. */
    public List<Future<Void>> publish(List<AmqpPublish> all, Deadline deadline) {
        return closing ? all.stream().map(each -> this.<Void>closing()).toList() : confirmed.publish(all, deadline);
    }

    /** Publishes without a confirm: completes when the system has taken the bytes; the outcome stays unknown. */
    public Future<Void> publishUnconfirmed(AmqpPublish publish, Deadline deadline) {
        return closing ? closing() : unconfirmed.publish(publish, deadline);
    }

    /** Starts a consumer, on a channel of its own. The listener may receive deliveries before the future completes. */
    public Future<AmqpConsumer> consume(
            AmqpSubscription subscription, AmqpConsumer.Listener listener, Deadline deadline) {
        return closing ? closing() : consumers.consume(subscription, listener, deadline);
    }

    /**
     * Sends a request and waits for its reply, by direct reply-to if the broker has it, else by an exclusive queue. The
     * request's own {@code replyTo} is replaced; the reply has the request's correlation id.
     *
     * @return fails at once when the request reaches no queue; UNKNOWN_OUTCOME when the connection is lost meanwhile
     */
    public Future<AmqpReply> request(AmqpPublish request, Deadline deadline) {
        return closing ? closing() : rpc.request(request, deadline);
    }

    /** A transaction, on a channel of its own. */
    public Future<AmqpTransaction> begin(Deadline deadline) {
        return closing
                ? closing()
                : publishing
                        .ready(deadline)
                        .compose(connection -> connection.openChannel(deadline))
                        .compose(channel -> channel.send(new TxMethod.Select(), deadline)
                                .onFailure(cause -> close(channel))
                                .map(selected -> new AmqpTransaction(vertx, channel)));
    }

    /** Gives the connections a fresh token. New connections get theirs from {@link AmqpAuth}. */
    public Future<Void> updateSecret(Buffer secret, String reason, Deadline deadline) {
        return publishing
                .ready(deadline)
                .compose(connection -> connection.updateSecret(secret, reason, deadline))
                .compose(done -> consuming.ready(deadline))
                .compose(connection -> connection.updateSecret(secret, reason, deadline))
                .compose(done -> declarations.updateSecret(secret, reason, deadline));
    }

    public Link.State state() {
        return session.state();
    }

    public Vertx vertx() {
        return vertx;
    }

    public AmqpStatus status() {
        return new AmqpStatus(
                publishing.state(),
                consuming.state(),
                declarations.state(),
                session.blocked(),
                confirmed.waits() + unconfirmed.waits() + rpc.publisher().waits(),
                confirmed.sent(),
                consumers.size(),
                consumers.unsettled(),
                rpc.size(),
                consumers.staleSettlements(),
                rpc.lateReplies(),
                consuming.topology().entities());
    }

    /**
     * Accepts no more calls, stops deliveries, waits for confirms, replies and settlements, and closes.
     *
     * @param drainMillis how long to wait, 0: not at all
     */
    public Future<Void> close(long drainMillis) {
        closing = true;
        Future<Void> drained = drainMillis <= 0 ? Future.succeededFuture() : drained(drainMillis);
        return drained.compose(done -> {
            confirmed.close();
            unconfirmed.close();
            rpc.publisher().close();
            consumers.close();
            return Future.join(declarations.close(), publishing.close(), consuming.close())
                    .transform(closed -> hosts.close());
        });
    }

    private Future<Void> drained(long drainMillis) {
        Deadline deadline = Deadline.after(vertx, drainMillis);
        return new Drain(vertx, this::isIdle, deadline)
                .after(consumers.cancel(deadline))
                .onComplete(over -> deadline.met());
    }

    private boolean isIdle() {
        return confirmed.waits() + confirmed.sent() == 0
                && unconfirmed.waits() + unconfirmed.sent() == 0
                && rpc.size() == 0
                && consumers.unsettled() == 0;
    }

    private void advance() {
        confirmed.advance();
        unconfirmed.advance();
        rpc.publisher().advance();
        declarations.advance();
    }

    /** See {@link OccasionalConnection#look}. */
    void look(long nowMillis) {
        declarations.look(nowMillis);
    }

    private void close(AmqpChannel channel) {
        if (!channel.isClosed()) {
            Deadline deadline = Deadline.after(vertx, Recovery.STEP_MILLIS);
            channel.close(deadline).onComplete(closed -> deadline.met());
        }
    }

    private <T> Future<T> closing() {
        return Future.failedFuture(RecoveringConnection.closing());
    }

    /** On a shared channel "the queue declared last" has no meaning. */
    private static @Nullable String wrong(AmqpMethod request) {
        if (!(request instanceof QueueMethod) && !(request instanceof ExchangeMethod)) {
            return request.name() + " (expected: one of exchange or queue)";
        }
        boolean nameless = request instanceof QueueMethod.Bind bind
                        && bind.queue().isEmpty()
                || request instanceof QueueMethod.Unbind unbind
                        && unbind.queue().isEmpty()
                || request instanceof QueueMethod.Purge purge && purge.queue().isEmpty()
                || request instanceof QueueMethod.Delete delete
                        && delete.queue().isEmpty()
                || request instanceof QueueMethod.Declare declare
                        && declare.passive()
                        && declare.queue().isEmpty();
        return nameless ? "queue: empty (expected: a name)" : null;
    }
}
