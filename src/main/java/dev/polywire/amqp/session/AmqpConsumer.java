package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpException;
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
import java.util.stream.LongStream;
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
    private final StreamOffsets offsets;
    private final Interruptions interruptions;
    private BasicMethod.Consume consume;
    private int prefetchCount;
    /** How often it was renamed. */
    private int renamed;
    /** As soon as there is a channel. */
    private boolean takesOverLater;

    private @Nullable AmqpChannel channel;
    /** Numbers up to this one belong to lost connections. */
    private long stale;

    private long last;
    private boolean begun;
    /** By us, since it had too much or nobody wants more. */
    private boolean stopped;

    private boolean ended;

    AmqpConsumer(
            Consumers consumers, RecoveringConnection connection, AmqpSubscription subscription, Listener listener) {
        this.consumers = consumers;
        this.subscription = subscription;
        this.listener = listener;
        this.consume = subscription.consume();
        this.prefetchCount = subscription.prefetchCount();
        this.offsets = new StreamOffsets(consume.arguments());
        this.interruptions = consumers.interruptions();
        this.recovering = new RecoveringChannel(connection, new Channel());
        this.backlog = new Backlog(
                connection,
                "consumer " + consumerTag() + " of queue " + queue(),
                subscription.limits(),
                this::overloaded);
    }

    /** Its name; after {@link #again} the broker's begins with it. */
    public String consumerTag() {
        return subscription.consume().consumerTag();
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
        return open != null && settled(number, multiple, false, open.ack(unacked.tag(number), multiple));
    }

    /** Refuses this delivery: it is requeued, or dropped or dead-lettered. As {@link #ack}. */
    public boolean nack(long number, boolean multiple, boolean requeue) {
        AmqpChannel open = settling(number);
        return open != null && settled(number, multiple, requeue, open.nack(unacked.tag(number), multiple, requeue));
    }

    /** Requeues one delivery. @param failed whether somebody has tried to process it, see {@link AmqpChannel#requeue} */
    public boolean requeue(long number, boolean failed) {
        AmqpChannel open = settling(number);
        return open != null && settled(number, false, true, open.requeue(unacked.tag(number), failed));
    }

    /**
     * Requeues deliveries that nobody has processed, and consumes with another prefetch from now on; all else that is unsettled
     * can still be settled. A prefetch is fixed, so another consumer takes over: it begins before this one is cancelled, since the
     * last consumer takes an auto-delete queue with it. An exclusive consumer keeps its prefetch.
     */
    public void again(int count, long... back) {
        boolean takesOver = offsets.isStream() || count != prefetchCount && !consume.exclusive();
        prefetchCount = takesOver ? count : prefetchCount;
        LongStream.of(back).forEach(each -> offsets.settled(each, false, true));
        if (takesOver && !isOver()) {
            takeOver();
        }
        LongStream.of(back).forEach(each -> requeue(each, false));
    }

    private void takeOver() {
        AmqpChannel open = recovering.now();
        takesOverLater = open == null;
        if (open == null) {
            return;
        }
        BasicMethod.Qos qos = new BasicMethod.Qos(0, prefetchCount, false);
        BasicMethod.Cancel cancel = new BasicMethod.Cancel(consume.consumerTag(), false);
        consume = offsets.from(consume);
        consume = consume.with(Consumers.renamed(consumerTag(), ++renamed), consume.arguments());
        recovering.recoverWith(qos, consume, cancel);
        Deadline deadline = Deadline.after(consumers.vertx(), Recovery.STEP_MILLIS);
        Future.all(open.send(qos, deadline), open.send(consume, deadline), open.send(cancel, deadline))
                .onComplete(answered -> deadline.met())
                .onFailure(this::notTakenOver);
    }

    /** If the channel is closed or the connection lost, the owner is told of that. */
    private void notTakenOver(Throwable cause) {
        if (!(cause instanceof AmqpException) && consumers.isUp() && !isOver()) {
            recovering.close();
            interrupt();
            consumers.interrupted(this, CallException.lost("a consumer is missing: " + cause.getMessage(), cause));
        }
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
        return open == null || stopped
                ? Future.succeededFuture()
                : open.send(new BasicMethod.Cancel(consume.consumerTag(), false), deadline)
                        .mapEmpty();
    }

    RecoveringChannel recoveringChannel() {
        return recovering;
    }

    Interruptions interruptions() {
        return interruptions;
    }

    boolean resubscribes() {
        return subscription.resubscribe();
    }

    StreamOffsets offsets() {
        return offsets;
    }

    /** Whether it gets no more deliveries. */
    boolean isOver() {
        return ended || stopped;
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
    private boolean settled(long number, boolean multiple, boolean again, boolean sent) {
        if (unacked.has(number)) {
            unacked.remove(number, multiple);
            offsets.settled(number, multiple, again);
        }
        taken();
        return sent;
    }

    private void count() {
        backlog.holds(listener.keptBytes(), unacked, prefetchCount > 0 && unacked.size() >= prefetchCount);
    }

    private void overloaded(CallException why, boolean release) {
        stop();
        listener.overloaded(why, release);
        count();
    }

    /** It gets no more deliveries, for good. Those it has can be settled until it is closed. */
    public void stop() {
        if (!stopped) {
            stopped = true;
            recovering.retire();
            AmqpChannel open = channel;
            if (open != null) {
                Deadline deadline = Deadline.after(consumers.vertx(), Recovery.STEP_MILLIS);
                open.send(new BasicMethod.Cancel(consume.consumerTag(), false), deadline)
                        .onComplete(cancelled -> deadline.met());
            }
            backlog.complete();
        }
    }

    /** Deliveries up to now can no longer be settled. */
    private void abandon() {
        channel = null;
        stale = last;
        unacked.clear();
        offsets.lost();
        consume = offsets.from(consume);
    }

    private void interrupt() {
        abandon();
        if (!ended) {
            listener.interrupted();
            count();
        }
    }

    /** Receives the events of its channel. */
    private final class Channel implements RecoveringChannel.Owner {

        @Override
        public List<AmqpMethod> setup(ServerInfo server) {
            takesOverLater = false;
            consume = offsets.from(consume);
            return prefetchCount == 0
                    ? List.of(consume)
                    : List.of(new BasicMethod.Qos(0, prefetchCount, false), consume);
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
            if (stopped) {
                recovering.retire();
            } else if (begun && !ended) {
                listener.recovered();
            }
            begun = true;
            if (takesOverLater && !isOver()) {
                takeOver();
            }
        }

        @Override
        public void delivery(AmqpEvent.Delivery delivery) {
            AmqpChannel on = channel;
            long tag = delivery.method().deliveryTag();
            boolean late = renamed > 0 && !delivery.method().consumerTag().equals(consume.consumerTag());
            if ((stopped || late) && !consume.noAck() && on != null) {
                on.requeue(tag, false);
            } else if (!isOver()) {
                last++;
                if (!consume.noAck()) {
                    unacked.add(last, tag, delivery.content().body().length());
                }
                offsets.delivered(last, delivery.content(), !consume.noAck());
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
                consumers.cancelled(AmqpConsumer.this);
            }
        }

        @Override
        public void interrupted(RuntimeException cause) {
            interrupt();
            recovering.recoverWith(consume);
        }

        @Override
        public void closed(RuntimeException cause) {
            interrupt();
            consumers.interrupted(AmqpConsumer.this, cause);
        }

        @Override
        public void ended(RuntimeException cause) {
            if (offsets.isRefused(cause)) {
                consumers.interrupted(AmqpConsumer.this, cause);
                return;
            }
            boolean ours = cause instanceof CallException call && call.reason() == Reason.SHUTTING_DOWN;
            end(ours ? null : cause);
        }
    }
}
