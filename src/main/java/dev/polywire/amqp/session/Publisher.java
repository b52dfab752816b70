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
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryHolder;
import dev.polywire.core.net.Spi;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes on one channel, in order. Publishes wait, up to a bound, while there is no connection, while the broker is
 * blocked or does not read, and while too many are unconfirmed.
 */
final class Publisher implements RecoveringChannel.Owner, MemoryHolder {

    /** How long a channel may take to open. */
    private static final long OPEN_MILLIS = 10_000;

    /** What a publish takes beside its body, about. */
    private static final int PUBLISH_BYTES = 512;

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
    private MemoryAccount account;
    private final ArrayDeque<Publishing> waiting = new ArrayDeque<>();
    /** Publishes that were sent before; they are sent first. */
    private final TreeMap<Long, Publishing> again = new TreeMap<>();

    private long lastNumber;
    private long waitingBytes;
    private long againBytes;
    private int sent;
    private boolean opening;
    private boolean advancing;
    private boolean closed;

    Publisher(RecoveringConnection connection, PublishOptions options, Gate gate, Kind kind) {
        this.connection = connection;
        this.recovering = new RecoveringChannel(connection, this);
        this.options = options;
        this.gate = gate;
        this.kind = kind;
        this.account = MemoryBudget.of(connection.vertx()).open(accountName(), this);
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
        account.close();
    }

    /** Whoever publishes asks first. */
    @Override
    public void read(boolean on) {}

    /** What was sent before may have reached the broker; its new sending has not. */
    @Override
    public void drop(CallException why) {
        fail(one -> {
            if (one.isSent()) {
                one.lost(why);
            } else {
                one.failed(why);
            }
        });
        account.close();
        account = MemoryBudget.of(connection.vertx()).open(accountName(), this);
        count();
    }

    private String accountName() {
        return "amqp " + connection.target() + ", waiting publishes";
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
        if (outcome.succeeded()) {
            one.done();
        } else if (isToBeSentAgain(one, outcome.cause())) {
            // Sent again as soon as another channel opens or this one is writable: both call advance().
            again.put(one.number, one);
            againBytes += one.bodyBytes();
            count();
            return;
        } else {
            one.failed(named(one, outcome.cause()));
        }
        if (waits() > 0) {
            advance();
        }
    }

    /** Its deadline has passed. */
    void giveUp(Publishing one) {
        if (one.isOnItsWay) {
            one.forgetBody();
        } else {
            if (waiting.remove(one)) {
                waitingBytes -= one.bodyBytes();
            }
            if (again.remove(one.number) != null) {
                againBytes -= one.bodyBytes();
            }
            count();
        }
        one.expired(obstacle());
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
        if (channel != null) {
            send(channel, one);
        } else if (closed) {
            one.failed(RecoveringConnection.closing());
        } else if (isFull(one)) {
            one.failed(new CallException(
                    Reason.OVERLOADED, obstacle() + "; " + waits() + " publishes of " + waitingBytes + " bytes wait"));
            if (recovering.now() == null) {
                // Otherwise a publish that may not wait would never find an open channel.
                open();
            }
        } else {
            waiting.add(one);
            waitingBytes += one.bodyBytes();
            count();
            advance();
        }
    }

    private boolean isFull(Publishing one) {
        return waiting.size() >= options.maxWaiting()
                || waitingBytes + one.bodyBytes() > options.maxWaitingBytes()
                || !account.mayRead()
                || !account.admits(one.bodyBytes());
    }

    private void count() {
        account.holds(waitingBytes + againBytes + (long) PUBLISH_BYTES * waits());
    }

    /** The channel, if it accepts one more publish. */
    private @Nullable AmqpChannel channel() {
        AmqpChannel channel = recovering.now();
        boolean takes = channel != null
                && sent < options.maxUnconfirmed()
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
            next = again.pollFirstEntry().getValue();
            againBytes -= next.bodyBytes();
        }
        count();
        return next;
    }

    private void open() {
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
            end.accept(next());
        }
    }

    private boolean isToBeSentAgain(Publishing one, Throwable cause) {
        if (closed || one.deadline.expired() || !(cause instanceof CallException call)) {
            return false;
        }
        boolean unsent = call.hadNoEffect() || call.reason() == Reason.OVERLOADED;
        return unsent || options.republish() && call.isUnknown();
    }

    /** The cause with the message id, so that the caller can look for the message. */
    private static Throwable named(Publishing one, Throwable cause) {
        String id = one.publish.content().properties().messageId();
        return id != null && cause instanceof CallException call && call.isUnknown()
                ? new CallException(call.reason(), "message-id " + id + ": " + call.getMessage(), call)
                : cause;
    }

    private String obstacle() {
        if (sent >= options.maxUnconfirmed()) {
            return sent + " publishes have no confirm";
        }
        return gate.obstacle();
    }
}
