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
 * A consumer on a channel of its own; recovery restarts it on a new connection. Deliveries are numbered 1, 2, 3, … over all
 * connections. The broker redelivers what a lost connection had left unsettled, so a settlement with a number of a lost
 * connection is dropped, and counted.
 */
public final class AmqpConsumer {

    /** Receives a consumer's deliveries and events, on the client's context. */
    public interface Listener {

        /**
         * A message.
         *
         * @param number to pass to {@link AmqpConsumer#ack} and the others
         * @param deliver its delivery tag is valid on one connection only: do not use it
         * @param content its body may share memory with the receive buffer
         */
        void delivery(long number, ContentMethod.Deliver deliver, Content content);

        /** The broker has cancelled it: the queue is gone or moved. With {@code resubscribe} it subscribes again. */
        default void cancelled() {}

        /** The consumer is recovered; all unsettled messages are delivered again. */
        default void recovered() {}

        /** The connection is lost; earlier deliveries can no longer be settled. */
        default void interrupted() {}

        /**
         * It had more than it may have, and nothing was settled or taken: it is cancelled, and gets no more deliveries. Those
         * it has can be settled until it is closed.
         *
         * @param why OVERLOADED
         * @param release whether the memory is needed, so that nothing may be kept
         */
        default void overloaded(RuntimeException why, boolean release) {}

        /** Bytes of deliveries that it keeps; see {@link AmqpConsumer#taken}. */
        default long keptBytes() {
            return 0;
        }

        /** The consumer has ended; called once. @param cause null if we closed it */
        void ended(@Nullable RuntimeException cause);
    }

    private final Consumers consumers;
    private final AmqpSubscription subscription;
    private final Listener listener;
    private final RecoveringChannel recovering;
    private final UnackedDeliveries unacked = new UnackedDeliveries();
    private final Backlog backlog;
    private BasicMethod.Consume consume;
    private @Nullable AmqpChannel channel;
    /** Numbers up to this one belong to lost connections. */
    private long stale;

    private long last;
    private boolean begun;
    /** By us, since it had too much. */
    private boolean overloaded;

    private boolean ended;

    AmqpConsumer(
            Consumers consumers, RecoveringConnection connection, AmqpSubscription subscription, Listener listener) {
        this.consumers = consumers;
        this.subscription = subscription;
        this.listener = listener;
        this.consume = subscription.consume();
        this.recovering = new RecoveringChannel(connection, new Channel());
        this.backlog = new Backlog(
                connection,
                "consumer " + consumerTag() + " of queue " + queue(),
                subscription.limits(),
                this::overloaded);
    }

    /** The broker's name for this consumer. */
    public String consumerTag() {
        return consume.consumerTag();
    }

    /** The queue's present name; a name that the broker generates changes with recovery. */
    public String queue() {
        return consume.queue();
    }

    /**
     * Acknowledges this delivery; with {@code multiple} all before it as well.
     *
     * @return false when the delivery belongs to a lost connection: nothing was sent
     * @throws CallException BAD_REQUEST when there is no such unsettled delivery: the broker would end the channel
     */
    public boolean ack(long number, boolean multiple) {
        AmqpChannel open = settling(number);
        return open != null && settled(number, multiple, open.ack(number - stale, multiple));
    }

    /** Refuses this delivery: it is requeued, or dropped or dead-lettered. As {@link #ack}. */
    public boolean nack(long number, boolean multiple, boolean requeue) {
        AmqpChannel open = settling(number);
        return open != null && settled(number, multiple, open.nack(number - stale, multiple, requeue));
    }

    /** Refuses one delivery, as {@link #nack}; for brokers without {@code basic.nack}. */
    public boolean reject(long number, boolean requeue) {
        AmqpChannel open = settling(number);
        return open != null && settled(number, false, open.reject(number - stale, requeue));
    }

    /** Deliveries that are not settled; none with {@code noAck}. */
    public int unsettled() {
        return unacked.size();
    }

    /** Its reader has taken deliveries, so that the listener keeps less. */
    public void taken() {
        backlog.moved();
        count();
    }

    /** Ends the consumer; unsettled deliveries are requeued. */
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

    /** Ends the consumer, if it has not ended. */
    void end(@Nullable RuntimeException cause) {
        if (!ended) {
            ended = true;
            abandon();
            backlog.close();
            consumers.ended(this);
            if (begun) {
                listener.ended(cause);
            }
        }
    }

    /** Stops deliveries; earlier ones can still be settled. */
    Future<Void> cancel(Deadline deadline) {
        AmqpChannel open = recovering.now();
        return open == null || overloaded
                ? Future.succeededFuture()
                : open.send(new BasicMethod.Cancel(consumerTag(), false), deadline)
                        .mapEmpty();
    }

    RecoveringChannel recoveringChannel() {
        return recovering;
    }

    /** Whether it gets no more deliveries. */
    boolean isOver() {
        return ended || overloaded;
    }

    /** The channel on which to settle the delivery; null if that channel has ended. */
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

    /** Called after sending, which may throw, or may find the connection lost; then nothing is unsettled. */
    private boolean settled(long number, boolean multiple, boolean sent) {
        if (unacked.has(number)) {
            unacked.remove(number, multiple);
        }
        taken();
        return sent;
    }

    private void count() {
        int prefetchCount = subscription.prefetchCount();
        backlog.holds(listener.keptBytes(), unacked, prefetchCount > 0 && unacked.size() >= prefetchCount);
    }

    private void overloaded(CallException why, boolean release) {
        if (!overloaded) {
            overloaded = true;
            recovering.retire();
            AmqpChannel open = channel;
            if (open != null) {
                Deadline deadline = Deadline.after(consumers.vertx(), Recovery.STEP_MILLIS);
                open.send(new BasicMethod.Cancel(consumerTag(), false), deadline)
                        .onComplete(cancelled -> deadline.met());
            }
            backlog.complete();
        }
        listener.overloaded(why, release);
        count();
    }

    /** Deliveries up to now can no longer be settled. */
    private void abandon() {
        channel = null;
        stale = last;
        unacked.clear();
    }

    /** Receives the events of its channel. */
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
            if (overloaded) {
                recovering.retire();
            } else if (begun && !ended) {
                listener.recovered();
            }
            begun = true;
        }

        @Override
        public void delivery(AmqpEvent.Delivery delivery) {
            AmqpChannel on = channel;
            if (overloaded && !consume.noAck() && on != null) {
                on.reject(delivery.method().deliveryTag(), true);
            } else if (!isOver()) {
                last = stale + delivery.method().deliveryTag();
                if (!consume.noAck()) {
                    unacked.add(last, delivery.content().body().length());
                }
                listener.delivery(last, delivery.method(), delivery.content());
                count();
            }
        }

        @Override
        public void cancelled() {
            if (!ended) {
                abandon();
                listener.cancelled();
                count();
                consumers.cancelled(AmqpConsumer.this, subscription.resubscribe());
            }
        }

        @Override
        public void interrupted(RuntimeException cause) {
            abandon();
            if (!ended) {
                listener.interrupted();
                count();
            }
        }

        @Override
        public void ended(RuntimeException cause) {
            boolean ours = cause instanceof CallException call && call.reason() == Reason.SHUTTING_DOWN;
            end(ours ? null : cause);
        }
    }
}
