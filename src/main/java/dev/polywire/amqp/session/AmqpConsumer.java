package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ServerInfo;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import java.util.List;
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

    private final Consumers consumers;
    private final AmqpSubscription subscription;
    private final Listener listener;
    private final RecoveringChannel recovering;
    private final UnackedDeliveries unacked = new UnackedDeliveries();
    private BasicMethod.Consume consume;
    private @Nullable AmqpChannel channel;
    /** Numbers up to this are of connections that were lost. */
    private long stale;

    private long last;
    private boolean begun;
    private boolean ended;

    AmqpConsumer(
            Consumers consumers, RecoveringConnection connection, AmqpSubscription subscription, Listener listener) {
        this.consumers = consumers;
        this.subscription = subscription;
        this.listener = listener;
        this.consume = subscription.consume();
        this.recovering = new RecoveringChannel(connection, new Channel());
    }

    /** By which the broker knows it. */
    public String consumerTag() {
        return consume.consumerTag();
    }

    /** Where messages come from; another name when the broker made it anew. */
    public String queue() {
        return consume.queue();
    }

    /**
     * This delivery is done; with {@code multiple} all before it as well.
     *
     * @return false when it is of a connection that is lost: nothing was sent
     * @throws CallException BAD_REQUEST when there is no such unsettled delivery: the broker would end the channel
     */
    public boolean ack(long number, boolean multiple) {
        AmqpChannel open = settling(number);
        return open != null && settled(number, multiple, open.ack(number - stale, multiple));
    }

    /** This delivery is not taken: to be delivered again, or dropped or dead-lettered. As {@link #ack}. */
    public boolean nack(long number, boolean multiple, boolean requeue) {
        AmqpChannel open = settling(number);
        return open != null && settled(number, multiple, open.nack(number - stale, multiple, requeue));
    }

    /** One delivery, as {@link #nack}, which not every broker has. */
    public boolean reject(long number, boolean requeue) {
        AmqpChannel open = settling(number);
        return open != null && settled(number, false, open.reject(number - stale, requeue));
    }

    /** Deliveries that are not settled; none with {@code noAck}. */
    public int unsettled() {
        return unacked.size();
    }

    /** Ends it; what is not settled goes back to the queue. */
    public Future<Void> close() {
        if (ended) {
            return Future.succeededFuture();
        }
        end(null);
        return recovering.close();
    }

    Future<AmqpConsumer> begin(Deadline deadline) {
        return recovering.open(deadline).map(this);
    }

    /** Ends it, if it is not. */
    void end(@Nullable RuntimeException cause) {
        if (!ended) {
            ended = true;
            abandon();
            consumers.ended(this);
            if (begun) {
                listener.ended(cause);
            }
        }
    }

    /** No more deliveries; those that are here can still be settled. */
    Future<Void> cancel(Deadline deadline) {
        AmqpChannel open = recovering.now();
        return open == null
                ? Future.succeededFuture()
                : open.send(new BasicMethod.Cancel(consumerTag(), false), deadline)
                        .mapEmpty();
    }

    RecoveringChannel recoveringChannel() {
        return recovering;
    }

    boolean isEnded() {
        return ended;
    }

    /** The channel on which to settle it; null: it is no more. */
    private @Nullable AmqpChannel settling(long number) {
        if (number >= 1 && number <= stale || ended) {
            consumers.stale();
            return null;
        }
        if (!unacked.has(number)) {
            throw new CallException(
                    Reason.BAD_REQUEST,
                    "delivery: " + number + " (expected: one of " + unacked.size() + " that are not settled, up to "
                            + last + ")");
        }
        return channel;
    }

    /** Behind the sending, which may throw, or find the connection lost, and then nothing is unsettled. */
    private boolean settled(long number, boolean multiple, boolean sent) {
        if (unacked.has(number)) {
            unacked.remove(number, multiple);
        }
        return sent;
    }

    /** What was delivered until now cannot be settled. */
    private void abandon() {
        channel = null;
        stale = last;
        unacked.clear();
    }

    /** What its channel says. */
    private final class Channel implements RecoveringChannel.Owner {

        @Override
        public List<AmqpMethod> setup(ServerInfo server) {
            return subscription.prefetchCount() == 0
                    ? List.of(consume)
                    : List.of(new BasicMethod.Qos(0, subscription.prefetchCount(), false), consume);
        }

        @Override
        public void opened(AmqpChannel fresh) {
            abandon();
            channel = fresh;
        }

        @Override
        public void ready(BasicMethod.@Nullable Consume now) {
            if (now != null) {
                consume = now;
            }
            if (begun && !ended) {
                listener.recovered();
            }
            begun = true;
        }

        @Override
        public void delivery(AmqpEvent.Delivery delivery) {
            if (!ended) {
                last = stale + delivery.method().deliveryTag();
                if (!consume.noAck()) {
                    unacked.add(last);
                }
                listener.delivery(last, delivery.method(), delivery.content());
            }
        }

        @Override
        public void cancelled() {
            if (!ended) {
                abandon();
                listener.cancelled();
                consumers.cancelled(AmqpConsumer.this, subscription.resubscribe());
            }
        }

        @Override
        public void interrupted(RuntimeException cause) {
            abandon();
            if (!ended) {
                listener.interrupted();
            }
        }

        @Override
        public void ended(RuntimeException cause) {
            boolean ours = cause instanceof CallException call && call.reason() == Reason.SHUTTING_DOWN;
            end(ours ? null : cause);
        }
    }
}
