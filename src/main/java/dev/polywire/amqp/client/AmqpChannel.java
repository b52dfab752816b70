package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpClientMachine;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.CloseReason;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.amqp.wire.ServerInfo;
import dev.polywire.amqp.wire.SynchronousMethod;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.PendingCalls;
import dev.polywire.core.net.Spi;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One channel of an {@link AmqpConnection}: requests, of which several may wait for their answers, publishes and deliveries.
 * A soft error ends it, and so does the end of its connection; calls in flight then fail. It belongs to the context of the
 * connection.
 *
 * <p>Futures fail with an {@link AmqpException}, or with a {@link CallException}: CONNECTION_LOST, UNKNOWN_OUTCOME, TIMEOUT,
 * UNAVAILABLE (not sent by the deadline), OVERLOADED, BAD_REQUEST, LIMIT_EXCEEDED, SHUTTING_DOWN. Several calls may share a
 * deadline.
 */
public final class AmqpChannel {

    private static final ChannelMethod CLOSE = new ChannelMethod.Close(ReplyCode.REPLY_SUCCESS.code(), "", 0, 0);
    private static final Logger LOG = System.getLogger(AmqpChannel.class.getName());

    /** Receives what the broker sends unasked. All methods are called on the context of the connection. */
    public interface Listener {

        /** A message for a consumer. Its body shares memory with the receive buffer: copy a small body to keep it. */
        default void delivery(AmqpEvent.Delivery delivery) {}

        /** A mandatory publish that reached no queue and does not wait for a confirm. */
        default void returned(AmqpEvent.Returned returned) {}

        /** The broker has ended a consumer: its queue is gone or has moved. */
        default void cancelled(String consumerTag) {}

        /** Whether the broker accepts publishes on this channel ({@code channel.flow}); initially it does. */
        default void flow(boolean active) {}

        /**
         * The channel has ended; called once, after the calls in flight have failed.
         *
         * @param cause an {@link AmqpException} CHANNEL_CLOSED, or why the connection has ended; SHUTTING_DOWN after
         *     {@link #close}
         */
        default void closed(RuntimeException cause) {}
    }

    private final AmqpConnection connection;
    private final AmqpClientMachine machine;
    private final int number;
    private final AmqpCall opening;
    private final AmqpCalls calls = new AmqpCalls();
    private final UnconfirmedPublishes publishes = new UnconfirmedPublishes();
    private Listener listener = new Listener() {};
    private boolean flowing = true;
    /** Something was published that the broker does not confirm. */
    private boolean unwatched;

    private @Nullable AmqpCall closing;
    private @Nullable RuntimeException closed;
    /** The broker has confirmed the close. */
    private boolean gone;

    AmqpChannel(AmqpConnection connection, int number, Deadline deadline) {
        this.connection = connection;
        this.machine = connection.machine();
        this.number = number;
        this.opening = new AmqpCall(0, new ChannelMethod.Open(), deadline, connection.spi());
    }

    public int number() {
        return number;
    }

    /** Sets the listener; to be called before the first request. */
    public void listener(Listener listener) {
        this.listener = listener;
    }

    /**
     * Sends a method without content. A method that has no answer completes when the system has taken its bytes.
     *
     * @return the answer; null if the method has none
     */
    public Future<@Nullable AmqpMethod> send(AmqpMethod method, Deadline deadline) {
        CallException no = connection.refusal(closed, deadline);
        if (no != null) {
            return Future.failedFuture(no);
        }
        boolean hasAnswer = method instanceof SynchronousMethod request && !request.noWait();
        try {
            long request = machine.send(number, method);
            return hasAnswer
                    ? waitFor(request, method, deadline).answer().map(AmqpEvent.Reply::method)
                    : handedOut(method, deadline).map(done -> null);
        } catch (IllegalStateException | IllegalArgumentException | ProtocolException refused) {
            return Future.failedFuture(Call.unsendable(refused));
        }
    }

    /** Fetches one message; null if the queue is empty. A message that arrives after the deadline is requeued. */
    public Future<@Nullable AmqpMessage> get(BasicMethod.Get method, Deadline deadline) {
        CallException no = connection.refusal(closed, deadline);
        if (no != null) {
            return Future.failedFuture(no);
        }
        try {
            if (connection.server().endsOverGet()) {
                // Sent with the other, not before it: if there is no such queue, this one ends the channel, and both
                // fail.
                AmqpMethod exists = new QueueMethod.Declare(method.queue(), true, false, false, false, false, Map.of());
                waitFor(machine.send(number, exists), exists, deadline);
            }
            long request = machine.send(number, method);
            AmqpCall call = waitFor(request, method, deadline);
            if (!method.noAck()) {
                call.late(reply -> giveBack(reply.method()));
            }
            return call.answer().map(AmqpMessage::of);
        } catch (IllegalStateException | IllegalArgumentException refused) {
            return Future.failedFuture(Call.unsendable(refused));
        }
    }

    /**
     * Publishes. After {@link ConfirmMethod.Select} the future completes when the broker has confirmed, and fails with an
     * {@link AmqpException} NACKED, or RETURNED if it is mandatory; without confirms it completes when the system has taken
     * the bytes. OVERLOADED while the broker accepts no publishes: this channel keeps none.
     *
     * <p>A return does not name its publish. It is matched to the oldest one with the same target, properties and body or,
     * if the broker has changed the properties, with the same target, message-id and body.
     *
     * @param content must not change until the future completes
     */
    public Future<Void> publish(ContentMethod.Publish method, Content content, Deadline deadline) {
        return publish(method, content, deadline, connection.spi());
    }

    /** As {@link #publish}, for a caller that enforces the deadline and reports to the SPI itself. */
    public Future<Void> publishWatched(ContentMethod.Publish method, Content content) {
        return publish(method, content, null, Spi.NONE);
    }

    private Future<Void> publish(ContentMethod.Publish method, Content content, @Nullable Deadline deadline, Spi spi) {
        CallException no = connection.refusal(closed, deadline);
        no = no == null ? heldBack() : no;
        if (no != null) {
            return Future.failedFuture(no);
        }
        long publish;
        try {
            publish = machine.publish(number, method, content);
        } catch (IllegalStateException | IllegalArgumentException | ProtocolException refused) {
            return Future.failedFuture(Call.unsendable(refused));
        }
        unwatched |= publish == 0;
        if (publish == 0 && spi == Spi.NONE) {
            return connection.handedOut();
        }
        UnconfirmedPublish waiting = new UnconfirmedPublish(method, content, deadline);
        waiting.queued(spi, "amqp");
        waiting.sent();
        if (publish == 0) {
            connection.handedOut().onSuccess(handed -> waiting.done()).onFailure(waiting::failed);
            return waiting.answer();
        }
        publishes.add(waiting);
        connection.watch(deadline);
        connection.flush();
        return waiting.answer();
    }

    /** Whether to publish: the broker reads as fast as we write, and blocks neither the connection nor this channel. */
    public boolean isWritable() {
        return closed == null && connection.isWritable() && heldBack() == null;
    }

    /** Publishes that wait for their confirm. */
    public int unconfirmed() {
        return publishes.count();
    }

    /** Answers that arrived after their callers had given up. */
    public long lateAnswers() {
        return calls.lateAnswers() + publishes.lateConfirms();
    }

    /**
     * @param deliveryTag from the broker, on this channel; an unknown or already settled tag closes the channel
     * @param multiple whether it also settles all deliveries before this one
     * @return false if the channel has ended: nothing was sent, and the message is in its queue again
     */
    public boolean ack(long deliveryTag, boolean multiple) {
        return settle(new BasicMethod.Ack(deliveryTag, multiple));
    }

    /** As {@link #ack}; without requeue the message is dropped, or goes to a dead letter exchange. */
    public boolean nack(long deliveryTag, boolean multiple, boolean requeue) {
        return settle(new BasicMethod.Nack(deliveryTag, multiple, requeue));
    }

    /** As {@link #nack} of one message. */
    public boolean reject(long deliveryTag, boolean requeue) {
        return settle(new BasicMethod.Reject(deliveryTag, requeue));
    }

    /**
     * Gives one message back to its queue.
     *
     * @param failed whether somebody has tried to process it. RabbitMQ counts that as an attempt: from 4.3 on only {@code
     *     basic.reject}, before any return
     */
    public boolean requeue(long deliveryTag, boolean failed) {
        ServerInfo server = connection.server();
        boolean rejects = failed && server.product().equals("RabbitMQ") || !server.hasNack();
        return rejects ? reject(deliveryTag, true) : nack(deliveryTag, false, true);
    }

    public boolean isClosed() {
        return closed != null;
    }

    /**
     * Closes the channel at once on this side. Calls in flight fail, although the broker may have executed them.
     *
     * @return completes when the broker has confirmed the close or the connection has ended; fails with TIMEOUT
     */
    public Future<Void> close(Deadline deadline) {
        if (closing == null) {
            closing = new AmqpCall(0, CLOSE, deadline, connection.spi());
            close(new CallException(Reason.SHUTTING_DOWN, "the channel is closed"));
            connection.watch(deadline);
            if (gone) {
                closing.done();
            }
        }
        return closing.answer().mapEmpty();
    }

    /** The request whose answer comes next, or null. */
    @Nullable
    AmqpCall oldest() {
        return calls.oldest();
    }

    Future<AmqpChannel> opened() {
        return opening.answer().map(open -> this);
    }

    void event(AmqpEvent.OfChannel event) {
        if (event instanceof AmqpEvent.Confirmed confirmed) {
            publishes.confirmed(confirmed.publish(), confirmed.multiple(), confirmed.taken());
        } else if (event instanceof AmqpEvent.Delivery delivery) {
            listener.delivery(delivery);
        } else if (event instanceof AmqpEvent.Reply reply) {
            calls.answered(reply);
        } else if (event instanceof AmqpEvent.Returned returned) {
            if (!publishes.returned(returned)) {
                listener.returned(returned);
            }
        } else if (event instanceof AmqpEvent.ConsumerCancelled cancelled) {
            listener.cancelled(cancelled.consumerTag());
        } else if (event instanceof AmqpEvent.Flow flow) {
            flowing = flow.active();
            listener.flow(flowing);
        } else if (event instanceof AmqpEvent.ChannelOpened) {
            opening.done();
        } else if (event instanceof AmqpEvent.ChannelClosed end) {
            connection.forget(number);
            gone(cause(end.reason()), true);
        }
    }

    /** Whether a publish of this channel may be the one over which the broker ends the connection. */
    boolean isPublishing() {
        return unwatched || publishes.count() > 0;
    }

    /** The channel is closed on both sides. @param only no publish of another channel may be the cause */
    void gone(RuntimeException cause, boolean only) {
        gone = true;
        ended(cause, only);
        if (closing != null) {
            closing.done();
        }
    }

    private static RuntimeException cause(CloseReason reason) {
        return reason.byPeer()
                ? AmqpException.of(AmqpException.Kind.CHANNEL_CLOSED, reason)
                : new CallException(Reason.SHUTTING_DOWN, "the channel is closed");
    }

    void expired(Deadline deadline) {
        publishes.expired(deadline);
        boolean consumes =
                calls.expired(deadline).stream().anyMatch(call -> call.request() instanceof BasicMethod.Consume);
        if (closing != null && closing.isLate(deadline)) {
            closing.expired();
        }
        if (opening.isLate(deadline)) {
            opening.expired();
            close(lost("not opened by the deadline"));
        } else if (consumes) {
            // Else messages would come for a consumer that no caller holds, and stay unsettled.
            close(lost("no answer to basic.consume by the deadline"));
        } else if (calls.isHopeless()) {
            close(lost("more than " + PendingCalls.MAX_GIVEN_UP + " answers are missing"));
        }
    }

    private static CallException lost(String why) {
        return CallException.lost("channel closed by us: " + why);
    }

    private void close(CallException cause) {
        if (closed == null) {
            machine.closeChannel(number, ReplyCode.REPLY_SUCCESS.code(), "");
            connection.flush();
            ended(cause, true);
        }
    }

    private void ended(RuntimeException cause, boolean only) {
        if (closed == null) {
            closed = cause;
            opening.ended(cause);
            calls.ended(cause);
            publishes.ended(cause, only);
            try {
                listener.closed(cause);
            } catch (RuntimeException bug) {
                // Thrown on, it would keep other channels open and stop the reconnection.
                LOG.log(Level.ERROR, "channel " + number + " is closed, and its listener has thrown", bug);
            }
        }
    }

    private AmqpCall waitFor(long request, AmqpMethod method, Deadline deadline) {
        AmqpCall call = new AmqpCall(request, method, deadline, connection.spi());
        calls.add(call);
        connection.watch(deadline);
        connection.flush();
        return call;
    }

    /** A method without an answer is complete when the system has taken its bytes. */
    private Future<Void> handedOut(AmqpMethod method, Deadline deadline) {
        Future<Void> handed = connection.handedOut();
        if (connection.spi() != Spi.NONE) {
            AmqpCall call = new AmqpCall(0, method, deadline, connection.spi());
            handed.onSuccess(done -> call.done()).onFailure(call::failed);
        }
        return handed;
    }

    private boolean settle(AmqpMethod method) {
        if (closed != null) {
            return false;
        }
        machine.send(number, method);
        connection.flush();
        return true;
    }

    private void giveBack(AmqpMethod got) {
        if (got instanceof ContentMethod.GetOk message) {
            requeue(message.deliveryTag(), false);
        }
    }

    /** Why the broker accepts no publish for now. */
    private @Nullable CallException heldBack() {
        String reason = connection.blocked();
        if (reason == null && flowing) {
            return null;
        }
        return new CallException(
                Reason.OVERLOADED, reason == null ? "channel held back by the broker" : "broker blocked: " + reason);
    }
}
