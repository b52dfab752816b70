package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.RecoveryOutcome;
import dev.polywire.amqp.wire.ServerInfo;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A broker, reached through two connections that come back by themselves: one for publishing, which a broker short of memory
 * stops reading, and one for everything else. Belongs to the context it was made on, as all that comes from it does.
 *
 * <p>Calls fail with a {@link dev.polywire.core.net.CallException}: UNAVAILABLE when there was no connection by the deadline,
 * CONNECTION_LOST and UNKNOWN_OUTCOME when it broke under them, TIMEOUT, OVERLOADED, SHUTTING_DOWN; and with an
 * {@code AmqpException} when the broker refuses them.
 */
public final class AmqpClient {

    /** Hears how the client is; on its context. */
    public interface Listener {

        /** READY: both connections are up, and what was made through them is there again. @param cause why it is not, or null */
        void state(Link.State state, @Nullable RuntimeException cause);

        /** The broker takes no publishes for now; they wait. */
        default void blocked(String reason) {}

        default void unblocked() {}

        /** One thing was made again on a new connection, or could not be and is forgotten. */
        default void recovered(RecoveryOutcome outcome) {}

        /** A mandatory message of {@link AmqpClient#publishUnconfirmed} that no queue got. */
        default void returned(ContentMethod.Return method, Content content) {}

        /** The broker ended a consumer: its queue is gone or moved. */
        default void cancelled(String consumerTag, String queue) {}
    }

    public AmqpClient(Vertx vertx, AmqpSessionOptions options, Spi spi, Listener listener) {}

    /**
     * Connects, and from now on sees to it that there are connections.
     *
     * @return the outcome of the first attempt; a failed one is tried again all the same
     */
    public Future<Void> start() {
        throw new UnsupportedOperationException();
    }

    /** A round trip on the connection that consumes. @return what the broker says of itself */
    public Future<ServerInfo> ping(Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /**
     * A request of the classes {@code exchange} and {@code queue}, one at a time on a channel for them. What succeeded is made
     * again by recovery.
     *
     * @param request names its queue, but for {@code queue.declare} that wants a name
     * @return the broker's answer; null when none was asked for ({@code noWait})
     */
    public Future<@Nullable AmqpMethod> send(AmqpMethod request, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** One message; null: there is none. */
    public Future<@Nullable AmqpGot> get(String queue, boolean noAck, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /**
     * Publishes under confirms: done when the broker has the message, as safe as its queues are.
     *
     * @return fails with REFUSED when it is returned (mandatory) or not taken (nack); with UNKNOWN_OUTCOME when the connection
     *     was lost before the confirm; OVERLOADED when too many wait
     */
    public Future<Void> publish(AmqpPublish publish, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** Publishes without a confirm: done when it was handed to the system, and nobody knows more. */
    public Future<Void> publishUnconfirmed(AmqpPublish publish, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** Begins to consume, on a channel of its own. The listener may hear deliveries before this is done. */
    public Future<AmqpConsumer> consume(
            AmqpSubscription subscription, AmqpConsumer.Listener listener, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends a request and waits for its reply, by direct reply-to where the broker has it, else by an exclusive queue. The
     * request's own {@code replyTo} is replaced.
     *
     * @return fails at once when no queue gets the request; UNKNOWN_OUTCOME when the connection is lost meanwhile
     */
    public Future<AmqpReply> request(AmqpPublish request, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** A transaction, on a channel of its own. */
    public Future<AmqpTransaction> begin(Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** Gives both connections a fresh token. New connections get theirs from {@link AmqpAuth}. */
    public Future<Void> updateSecret(Buffer secret, String reason, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    public Link.State state() {
        throw new UnsupportedOperationException();
    }

    public AmqpStatus status() {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes nothing more, waits for what is under way, ends consumers and closes.
     *
     * @param drainMillis how long to wait for confirms and replies, 0: not at all
     */
    public Future<Void> close(long drainMillis) {
        throw new UnsupportedOperationException();
    }
}
