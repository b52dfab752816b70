package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpConnection;
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
import dev.polywire.core.net.Spi;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes on one channel, in order. Publishes wait, up to a bound, while there is no connection, while the broker is
 * blocked or does not read, and while too many are unconfirmed.
 */
final class Publisher implements RecoveringChannel.Owner {

    /** How long a channel may take to open. */
    private static final long OPEN_MILLIS = 10_000;

    /** What the publisher needs to know about the client. */
    interface Gate {

        /** Whether the queues for a message are recovered. */
        boolean isOpen();

        /** Why publishing is held back, as text for failures. */
        String obstacle();
    }

    /** What differs between kinds of publishing channels. */
    interface Kind {

        /** The first requests on a new channel. */
        List<AmqpMethod> setup(ServerInfo server);

        /** The message in the form to send now. */
        default Content stamp(Content content) {
            return content;
        }

        default void ready(BasicMethod.@Nullable Consume consume) {}

        /** The channel has ended; another one will replace it. */
        default void lost(RuntimeException cause) {}

        default void delivery(AmqpEvent.Delivery delivery) {}

        default void returned(AmqpEvent.Returned returned) {}
    }

    private final RecoveringConnection connection;
    private final RecoveringChannel recovering;
    private final PublishOptions options;
    private final Gate gate;
    private final Kind kind;
    private final PublishMemory memory;
    private final ArrayDeque<Publishing> waiting = new ArrayDeque<>();
    private final Resendings again = new Resendings();

    private long lastNumber;
    private long waitingBytes;
    private int sent;
    /** While memory is short, and all publishes end. */
    private @Nullable CallException dropping;

    private boolean opening;
    private boolean advancing;
    private boolean closed;

    Publisher(RecoveringConnection connection, PublishOptions options, Gate gate, Kind kind) {
        this.connection = connection;
        this.recovering = new RecoveringChannel(connection, this);
        this.options = options;
        this.gate = gate;
        this.kind = kind;
        this.memory = new PublishMemory(connection, "publishes", this::drop);
    }

    Future<Void> publish(AmqpPublish publish, Deadline deadline) {
        Publishing one = publishing(publish, deadline);
        deadline.whenExpired(one::giveUp);
        begin(one);
        return one.answer();
    }

    /** Publishes several messages with one deadline, in order. */
    List<Future<Void>> publish(List<AmqpPublish> all, Deadline deadline) {
        List<Publishing> begun = new ArrayList<>(all.size());
        for (AmqpPublish each : all) {
            begun.add(publishing(each, deadline));
        }
        deadline.whenExpired(() -> begun.forEach(Publishing::giveUp));
        begun.forEach(this::begin);
        return begun.stream().map(Publishing::answer).toList();
    }

    /** Sends what may be sent now; in a loop, since a publish that fails at once triggers the next one. */
    void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            AmqpChannel channel = waits() == 0 ? null : channel();
            while (channel != null) {
                send(channel, next());
                channel = waits() == 0 ? null : channel();
            }
        } finally {
            advancing = false;
        }
        if (waits() > 0 && recovering.now() == null) {
            open();
        }
    }

    Spi spi() {
        return connection.spi();
    }

    /** The number of publishes that are not sent. */
    int waits() {
        return waiting.size() + again.size();
    }

    /** The number of publishes that were sent and have no outcome. */
    int sent() {
        return sent;
    }

    /** Accepts no more publishes, and fails those that were not sent. */
    void close() {
        closed = true;
        failWaiting(RecoveringConnection.closing());
        memory.close();
    }

    /** What was sent may have reached the broker: with their channel these publishes end, and nothing is kept of them. */
    private void drop(CallException why) {
        dropping = why;
        fail(one -> dropped(one, why));
        if (sent > 0) {
            kind.lost(why);
            recovering.close();
        }
        dropping = null;
    }

    private static void dropped(Publishing one, CallException why) {
        if (one.isSent()) {
            one.lost(one.withId(why));
        } else {
            one.failed(why);
        }
    }

    @Override
    public List<AmqpMethod> setup(ServerInfo server) {
        return kind.setup(server);
    }

    @Override
    public void ready(BasicMethod.@Nullable Consume consume) {
        kind.ready(consume);
        advance();
    }

    @Override
    public void interrupted(RuntimeException cause) {
        kind.lost(cause);
    }

    @Override
    public void ended(RuntimeException cause) {
        kind.lost(cause);
        advance();
    }

    @Override
    public void delivery(AmqpEvent.Delivery delivery) {
        kind.delivery(delivery);
    }

    @Override
    public void returned(AmqpEvent.Returned returned) {
        kind.returned(returned);
    }

    @Override
    public void writable() {
        advance();
    }

    /** Handles the outcome of a sent publish. */
    void settled(Publishing one, AsyncResult<Void> outcome) {
        sent--;
        one.isOnItsWay = false;
        again.over(one);
        if (outcome.succeeded()) {
            memory.release(one);
            one.done();
        } else {
            Throwable cause = one.named(outcome.cause());
            if (cause instanceof CallException call && isToBeSentAgain(one, call)) {
                // As soon as another channel opens or this one is writable: both call advance().
                again.add(one, call);
                return;
            }
            memory.release(one);
            if (dropping != null) {
                dropped(one, dropping);
            } else {
                one.failed(cause);
            }
        }
        if (waits() > 0) {
            advance();
        }
    }

    /** Its deadline has passed. */
    void giveUp(Publishing one) {
        if (!one.isOnItsWay) {
            if (waiting.remove(one)) {
                waitingBytes -= one.bodyBytes();
                memory.release(one);
            }
            if (again.remove(one)) {
                memory.release(one);
            }
        } else if (!one.publish.mandatory()) {
            // That of a mandatory one is kept, to be compared with what the broker returns.
            memory.release(one);
            one.forgetBody();
            memory.take(one);
        }
        one.expired(obstacle());
        if (one.isOnItsWay && again.isSendingAlone()) {
            // Later: others may have the same deadline, and are not to be sent behind it.
            connection.vertx().runOnContext(all -> {
                if (again.over(one)) {
                    advance();
                }
            });
        }
    }

    /** A publish that may be sent twice has a message id, so that consumers can detect duplicates. */
    private Publishing publishing(AmqpPublish publish, Deadline deadline) {
        Content content = publish.content();
        boolean needsId = options.republish() && content.properties().messageId() == null;
        return new Publishing(
                this, ++lastNumber, needsId ? publish.with(UUID.randomUUID().toString()) : publish, deadline);
    }

    private void begin(Publishing one) {
        if (one.isOver()) {
            return;
        }
        one.queued(connection.spi(), "amqp");
        AmqpChannel channel = waits() == 0 && !closed ? channel() : null;
        if (closed) {
            one.failed(RecoveringConnection.closing());
        } else if (!memory.admits(one)) {
            one.failed(new CallException(Reason.OVERLOADED, memory.noRoomFor(one)));
        } else if (channel == null && isFull(one)) {
            one.failed(new CallException(
                    Reason.OVERLOADED, obstacle() + "; " + waits() + " publishes of " + waitingBytes + " bytes wait"));
            if (recovering.now() == null) {
                // Otherwise a publish that may not wait would never find an open channel.
                open();
            }
        } else {
            memory.take(one);
            // Which may have dropped all others, with their channel.
            if (channel != null && !channel.isClosed()) {
                send(channel, one);
            } else {
                waiting.add(one);
                waitingBytes += one.bodyBytes();
                advance();
            }
        }
    }

    private boolean isFull(Publishing one) {
        return waiting.size() >= options.maxWaiting() || waitingBytes + one.bodyBytes() > options.maxWaitingBytes();
    }

    /** The channel, if it accepts one more publish. */
    private @Nullable AmqpChannel channel() {
        AmqpChannel channel = recovering.now();
        boolean takes = channel != null
                && sent < options.maxUnconfirmed()
                && !again.isSendingAlone()
                && connection.now() != null
                && !channel.isClosed()
                && channel.isWritable()
                && gate.isOpen();
        return takes ? channel : null;
    }

    private void send(AmqpChannel channel, Publishing one) {
        AmqpPublish publish = one.publish;
        sent++;
        one.isOnItsWay = true;
        again.sending(one);
        Future<Void> outcome = channel.publishWatched(
                new ContentMethod.Publish(publish.exchange(), publish.routingKey(), publish.mandatory(), false),
                kind.stamp(publish.content()));
        if (!outcome.failed()) {
            one.sent();
        }
        outcome.onComplete(one);
    }

    private Publishing next() {
        Publishing next;
        if (again.isEmpty()) {
            next = waiting.remove();
            waitingBytes -= next.bodyBytes();
        } else {
            next = again.next();
        }
        return next;
    }

    private void open() {
        CallException unwelcome = connection.refusal();
        if (unwelcome != null) {
            failWaiting(unwelcome);
        }
        AmqpConnection up = connection.now();
        if (opening || up == null || up.isClosed() || !gate.isOpen()) {
            return;
        }
        opening = true;
        Deadline deadline = Deadline.after(connection.vertx(), OPEN_MILLIS);
        recovering.open(deadline).onComplete(opened -> {
            deadline.met();
            opening = false;
            if (opened.failed() && !up.isClosed()) {
                refused(opened.cause());
            }
            advance();
        });
    }

    /** The broker refuses the channel's setup: waiting publishes would wait in vain. */
    private void refused(Throwable cause) {
        failWaiting(
                cause instanceof AmqpException
                        ? cause
                        : new CallException(Reason.UNAVAILABLE, "no channel: " + cause.getMessage(), cause));
    }

    private void failWaiting(Throwable cause) {
        fail(one -> one.failed(cause));
    }

    private void fail(Consumer<Publishing> end) {
        // No more than wait now, since a caller whose publish fails may try again.
        for (int left = waits(); left > 0 && waits() > 0; left--) {
            Publishing one = next();
            memory.release(one);
            end.accept(one);
        }
    }

    private boolean isToBeSentAgain(Publishing one, CallException cause) {
        boolean unsent = cause.hadNoEffect() || cause.reason() == Reason.OVERLOADED;
        boolean anew = options.republish() && cause.isUnknown() && !Resendings.isLastTry(one);
        return (unsent || anew) && !closed && dropping == null && !one.deadline.expired();
    }

    private String obstacle() {
        if (again.isSendingAlone()) {
            return "a publish that was lost twice goes alone";
        }
        return sent >= options.maxUnconfirmed() ? sent + " publishes have no confirm" : gate.obstacle();
    }
}
