package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * One channel of an {@link AmqpConnection}: requests, of which several may wait for their answers, publishes and deliveries.
 * It ends with a soft error, or with its connection, and then with all that was on its way. Belongs to the context of the
 * connection.
 *
 * <p>Futures fail with an {@link AmqpException}, or with a {@link CallException}: CONNECTION_LOST, UNKNOWN_OUTCOME, TIMEOUT,
 * UNAVAILABLE (not sent by the deadline), OVERLOADED, BAD_REQUEST, LIMIT_EXCEEDED, SHUTTING_DOWN.
 */
public final class AmqpChannel {

    /** Hears what comes without being asked for. All of it is called on the context of the connection. */
    public interface Listener {

        /** A message for a consumer. Its body shares memory with what was received: who keeps a small one copies it. */
        default void delivery(AmqpEvent.Delivery delivery) {}

        /** A mandatory publish that went nowhere, and is none that waits for its confirm. */
        default void returned(AmqpEvent.Returned returned) {}

        /** The broker has ended a consumer: its queue is gone or has moved. */
        default void cancelled(String consumerTag) {}

        /** Whether the broker takes publishes on this channel ({@code channel.flow}); at the beginning it does. */
        default void flow(boolean active) {}

        /**
         * The channel has ended, once; what was on its way has failed before.
         *
         * @param cause an {@link AmqpException} CHANNEL_CLOSED, or why the connection has ended; SHUTTING_DOWN after
         *     {@link #close}
         */
        default void closed(RuntimeException cause) {}
    }

    AmqpChannel() {}

    public int number() {
        throw new UnsupportedOperationException();
    }

    /** Who hears; before anything that makes the broker talk. */
    public void listener(Listener listener) {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends a method without content.
     *
     * @return its answer; null, as soon as it was handed to the system, for one that has none
     */
    public Future<@Nullable AmqpMethod> send(AmqpMethod method, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** Fetches one message; null: there is none. One that comes behind the deadline goes back to its queue. */
    public Future<@Nullable AmqpMessage> get(BasicMethod.Get method, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /**
     * Publishes. Behind {@link ConfirmMethod.Select} it is done when the broker has confirmed it, and fails with an
     * {@link AmqpException} NACKED, or RETURNED if it is mandatory; without, it is done when it was handed to the system.
     * While publishes are not {@link #isWritable}, OVERLOADED: nothing is kept here.
     *
     * @param content not changed before it is done
     * @param deadline null: its caller watches over it; one deadline may be that of several publishes
     */
    public Future<Void> publish(ContentMethod.Publish method, Content content, @Nullable Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    /** Whether to publish: the connection is writable, and neither it nor this channel is held by the broker. */
    public boolean isWritable() {
        throw new UnsupportedOperationException();
    }

    /** Publishes that wait for their confirm. */
    public int unconfirmed() {
        throw new UnsupportedOperationException();
    }

    /** Answers that came after their callers had given up. */
    public long lateAnswers() {
        throw new UnsupportedOperationException();
    }

    /** @return false: the channel has ended, nothing was sent, and the message has gone back to its queue */
    public boolean ack(long deliveryTag, boolean multiple) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #ack}; without requeue the message is dropped, or goes to a dead letter exchange. */
    public boolean nack(long deliveryTag, boolean multiple, boolean requeue) {
        throw new UnsupportedOperationException();
    }

    /** As {@link #nack} of one message. */
    public boolean reject(long deliveryTag, boolean requeue) {
        throw new UnsupportedOperationException();
    }

    public boolean isClosed() {
        throw new UnsupportedOperationException();
    }

    /**
     * Closes the channel: at once here, and what is on its way fails, which the broker may have done.
     *
     * @return done when the broker knows, or the connection has ended; fails with TIMEOUT
     */
    public Future<Void> close(Deadline deadline) {
        throw new UnsupportedOperationException();
    }
}
