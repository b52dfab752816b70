package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * A consumer on a channel of its own, which comes back with its connection. Deliveries are numbered 1, 2, 3, … for ever: what
 * was delivered through a connection that was lost cannot be settled any more and is delivered again, so a settlement with
 * such a number is dropped, and counted.
 */
public final class AmqpConsumer {

    /** Hears what a consumer gets; on the client's context. */
    public interface Listener {

        /**
         * A message.
         *
         * @param number for {@link AmqpConsumer#ack} and the others
         * @param deliver its own tag is of one connection: do not use it
         * @param content whose body may share memory with what was received
         */
        void delivery(long number, ContentMethod.Deliver deliver, Content content);

        /** The broker has ended it, because the queue is gone or moved. With {@code resubscribe} it tries to be again. */
        default void cancelled() {}

        /** It is there again; all that was not settled is delivered anew. */
        default void recovered() {}

        /** Its connection is lost; deliveries up to now cannot be settled. */
        default void interrupted() {}

        /** The end, once. @param cause null: closed by us */
        void ended(@Nullable RuntimeException cause);
    }

    /** By which the broker knows it. */
    public String consumerTag() {
        throw new UnsupportedOperationException();
    }

    /** Where messages come from; changes when the broker makes the name anew. */
    public String queue() {
        throw new UnsupportedOperationException();
    }

    /**
     * This delivery is done; with {@code multiple} all before it as well.
     *
     * @return whether it was sent: not, when it is of a lost connection
     * @throws dev.polywire.core.net.CallException BAD_REQUEST when there is no such unsettled delivery: the broker would end
     *     the channel
     */
    public boolean ack(long number, boolean multiple) {
        throw new UnsupportedOperationException();
    }

    /** This delivery is not taken: to be delivered again, or dropped or dead-lettered. As {@link #ack}. */
    public boolean nack(long number, boolean multiple, boolean requeue) {
        throw new UnsupportedOperationException();
    }

    /** One delivery, as {@link #nack}. */
    public boolean reject(long number, boolean requeue) {
        throw new UnsupportedOperationException();
    }

    /** Deliveries that are not settled; none with {@code noAck}. */
    public int unsettled() {
        throw new UnsupportedOperationException();
    }

    /** Ends it; what is not settled goes back to the queue. */
    public Future<Void> close() {
        throw new UnsupportedOperationException();
    }
}
