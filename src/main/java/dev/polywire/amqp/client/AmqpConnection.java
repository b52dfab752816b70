package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpClientMachine;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.CloseReason;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.ConnectionState;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.amqp.wire.ServerInfo;
import dev.polywire.amqp.wire.Tuning;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.MachineSocket;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.net.PendingCalls;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One connection and its channels. All that is sent in one turn of the event loop is one write. It belongs to the context
 * of its socket.
 *
 * <pre>{@code
 *   AmqpConnection.connect(dialer, options)
 *       .compose(connection -> connection.openChannel(deadline))
 *       .compose(channel -> channel.publish(method, content, deadline));
 * }</pre>
 */
public final class AmqpConnection extends Connection<AmqpEvent> {

    /** Bytes that may wait beside the system's buffer: 16 MiB. Further publishes and requests are OVERLOADED. */
    public static final long MAX_UNWRITTEN_BYTES = 16L * 1024 * 1024;

    /** A body of this size that is delivered is not to count twice: as a consumer's, and as still in the machine. */
    private static final int LARGE_BODY_BYTES = 64 * 1024;

    private final AmqpClientMachine machine;
    /** By number, until the broker has confirmed the close. */
    private final Map<Integer, AmqpChannel> channels = new TreeMap<>();
    /** The requests of the connection itself. */
    private final AmqpCalls calls = new AmqpCalls();

    private final Promise<Void> over = Promise.promise();
    private final ReadingTurns turns = new ReadingTurns(Vertx.currentContext().owner(), this::hold);
    private ServerInfo server = new ServerInfo(Map.of(), List.of());
    private @Nullable Tuning tuning;
    private @Nullable String blocked;
    private Handler<@Nullable String> blockedHandler = reason -> {};
    private Runnable drainHandler = () -> {};
    /** When overdue calls were last looked for. */
    private long lookedMillis = Long.MIN_VALUE;
    /** The future of {@link MachineSocket#flush}, and the same with our failure. */
    private @Nullable Future<Void> flushed;

    private @Nullable Future<Void> written;

    private AmqpConnection(OpenSocket<AmqpEvent> socket, AmqpClientMachine machine) {
        super(socket);
        this.machine = machine;
    }

    /**
     * Dials, logs in and agrees on limits.
     *
     * @return fails as {@link Dialer#connect}; with UNAUTHENTICATED when the login is refused, with CONNECTION_LOST, or
     *     with an {@link AmqpException} REFUSED
     */
    public static Future<AmqpConnection> connect(Dialer dialer, AmqpClientOptions options) {
        AmqpClientMachine machine = new AmqpClientMachine(options, dialer.tap());
        return dialer.connect(machine, socket -> new AmqpConnection(socket, machine));
    }

    @Override
    protected boolean hasHandshake() {
        return true;
    }

    /** The server's name, version and capabilities. */
    public ServerInfo server() {
        return server;
    }

    /** The limits that were negotiated. */
    public Tuning tuning() {
        if (tuning == null) {
            throw new IllegalStateException("before the handshake");
        }
        return tuning;
    }

    /** @return fails as a channel's calls; OVERLOADED when the negotiated number of channels is open */
    public Future<AmqpChannel> openChannel(Deadline deadline) {
        CallException no = refusal(whyClosed(), deadline);
        if (no != null) {
            return Future.failedFuture(no);
        }
        int number;
        try {
            number = machine.openChannel();
        } catch (ProtocolException tooMany) {
            return Future.failedFuture(new CallException(Reason.OVERLOADED, tooMany.getMessage(), tooMany));
        }
        AmqpChannel channel = new AmqpChannel(this, number, deadline);
        channels.put(number, channel);
        watch(deadline);
        flush();
        return channel.opened();
    }

    /** Gives the broker a fresh token ({@code connection.update-secret}). */
    public Future<Void> updateSecret(Buffer newSecret, String reason, Deadline deadline) {
        CallException no = refusal(whyClosed(), deadline);
        if (no != null) {
            return Future.failedFuture(no);
        }
        try {
            long request = machine.updateSecret(newSecret, reason);
            AmqpCall call =
                    new AmqpCall(request, new ConnectionMethod.UpdateSecret(newSecret, reason), deadline, spi());
            calls.add(call);
            watch(deadline);
            flush();
            return call.answer().mapEmpty();
        } catch (IllegalArgumentException | ProtocolException refused) {
            return Future.failedFuture(Call.unsendable(refused));
        }
    }

    /** Receives why the broker accepts no publishes ({@code connection.blocked}); null when it accepts them again. */
    public void blockedHandler(Handler<@Nullable String> handler) {
        blockedHandler = handler;
    }

    /** Why the broker accepts no publishes; null if it accepts them. */
    public @Nullable String blocked() {
        return blocked;
    }

    /** Whether the broker reads as fast as we write. */
    public boolean isWritable() {
        return !isClosed() && !socket().writeQueueFull();
    }

    /** Called when the connection becomes writable again. */
    public void drainHandler(Runnable handler) {
        drainHandler = handler;
    }

    /**
     * Pauses or resumes all deliveries, and the answers behind them. A paused connection stays alive: it is read for a moment
     * four times in a heartbeat, and what is read then is delivered.
     */
    public void pauseDeliveries(boolean paused) {
        turns.pause(paused);
    }

    /** Closes. @return completes when the broker has answered, or has not in time, and the socket is closed */
    public Future<Void> close() {
        close(new CallException(Reason.SHUTTING_DOWN, "the connection is closed"));
        return over.future();
    }

    /** As {@link #close()}; calls in flight fail at once, each with what {@code cause} means for it. */
    @Override
    public void close(RuntimeException cause) {
        if (machine.state() == ConnectionState.OPEN && !socket().isDown()) {
            machine.close(ReplyCode.REPLY_SUCCESS.code(), "", Monotonic.millis());
            turns.end();
            socket().flush();
            end(cause);
        } else if (machine.state() != ConnectionState.CLOSING) {
            socket().close(cause);
        }
    }

    @Override
    protected void event(AmqpEvent event) {
        if (event instanceof AmqpEvent.OfChannel own) {
            ofChannel(own);
        } else if (event instanceof AmqpEvent.Blocked hint) {
            blocked(hint.reason());
        } else if (event instanceof AmqpEvent.Unblocked) {
            blocked((String) null);
        } else if (event instanceof AmqpEvent.Opened opened) {
            server = opened.server();
            tuning = opened.tuning();
            turns.heartbeat(opened.tuning().heartbeatSeconds());
            ready();
        } else if (event instanceof AmqpEvent.Refused refused) {
            socket().close(refusal(refused.reason()));
        } else if (event instanceof AmqpEvent.Closed end) {
            socket().close(AmqpException.of(AmqpException.Kind.CONNECTION_CLOSED, end.reason()));
        }
    }

    @Override
    protected void received() {
        turns.arrived();
    }

    @Override
    protected void drained() {
        if (socket().isDown()) {
            turns.end();
        }
        if (isWritable()) {
            drainHandler.run();
        }
    }

    @Override
    protected void ended(RuntimeException cause) {
        turns.end();
        if (Call.isViolation(cause)) {
            oldest(machine.brokenChannel()).ifPresent(AmqpCall::blame);
        }
        calls.ended(cause);
        Collection<AmqpChannel> last = open();
        channels.clear();
        boolean only = last.stream().filter(AmqpChannel::isPublishing).count() <= 1;
        last.forEach(channel -> channel.gone(cause, only));
    }

    /** The oldest call of a channel, or of the connection if it is -1: a bad frame most likely was meant as its answer. */
    private Optional<AmqpCall> oldest(int channel) {
        Stream<AmqpCall> first = Stream.concat(
                Stream.of(calls).filter(own -> channel <= 0).map(AmqpCalls::oldest),
                open().stream()
                        .filter(each -> channel < 0 || each.number() == channel)
                        .map(AmqpChannel::oldest));
        return first.filter(Objects::nonNull).min(Comparator.comparingLong(AmqpCall::number));
    }

    @Override
    protected void closed(RuntimeException cause) {
        over.tryComplete();
    }

    void forget(int channel) {
        channels.remove(channel);
    }

    AmqpClientMachine machine() {
        return machine;
    }

    void flush() {
        socket().flush();
    }

    /** Completes when the system has taken all that was sent. All calls of one turn share this future. */
    Future<Void> handedOut() {
        Future<Void> now = socket().flush();
        Future<Void> known = written;
        if (known == null || flushed != now) {
            flushed = now;
            known = now.recover(lost -> Future.failedFuture(Call.lostOnItsWay(lost)));
            written = known;
        }
        return known;
    }

    void watch(@Nullable Deadline deadline) {
        if (deadline != null) {
            deadline.whenExpired(() -> expired(deadline));
        }
    }

    /** Why nothing may be sent; null if sending is possible. */
    @Nullable
    CallException refusal(@Nullable RuntimeException ended, @Nullable Deadline deadline) {
        if (ended != null) {
            return Call.neverSent(ended);
        }
        if (deadline != null && deadline.remainingMillis() == 0) {
            return Call.tooLate();
        }
        long unwrittenBytes = socket().unwrittenBytes() + machine.outputBytes();
        return unwrittenBytes <= MAX_UNWRITTEN_BYTES
                ? null
                : new CallException(
                        Reason.OVERLOADED,
                        "not written: " + unwrittenBytes + " bytes (expected: <= " + MAX_UNWRITTEN_BYTES + ")");
    }

    private void ofChannel(AmqpEvent.OfChannel event) {
        if (event instanceof AmqpEvent.Delivery delivery
                && delivery.content().body().length() >= LARGE_BODY_BYTES) {
            socket().count();
        }
        if (event.channel() != 0) {
            channel(event.channel()).event(event);
        } else if (event instanceof AmqpEvent.Reply reply) {
            calls.answered(reply);
        }
    }

    private RuntimeException refusal(CloseReason reason) {
        AmqpException refused = AmqpException.of(AmqpException.Kind.REFUSED, reason);
        // RabbitMQ sends the first code, Qpid (530) the second.
        boolean login = reason.code() == ReplyCode.ACCESS_REFUSED.code()
                || refused.blames(ConnectionMethod.StartOk.ID)
                || refused.blames(ConnectionMethod.SecureOk.ID);
        if (login) {
            return CallException.refused(Reason.UNAUTHENTICATED, target(), "the login", refused);
        }
        // The virtual host: RabbitMQ sends the first code, Qpid the second.
        boolean place = reason.code() == ReplyCode.NOT_ALLOWED.code() || reason.code() == ReplyCode.NOT_FOUND.code();
        return place ? CallException.refused(Reason.FORBIDDEN, target(), "the virtual host", refused) : refused;
    }

    private void blocked(@Nullable String reason) {
        blocked = reason;
        blockedHandler.handle(reason);
    }

    /** One pass over all waiting calls fails those that are overdue; a pass for each call would be too slow with many. */
    private void expired(Deadline deadline) {
        long nowMillis = Monotonic.millis();
        if (nowMillis == lookedMillis && deadline.remainingMillis() == 0) {
            return;
        }
        lookedMillis = nowMillis;
        calls.expired(deadline);
        open().forEach(channel -> channel.expired(deadline));
        if (calls.isHopeless()) {
            close(CallException.lost("closed by us: more than " + PendingCalls.MAX_GIVEN_UP + " answers are missing"));
        }
    }

    private Collection<AmqpChannel> open() {
        return new ArrayList<>(channels.values());
    }

    private AmqpChannel channel(int number) {
        AmqpChannel channel = channels.get(number);
        if (channel == null) {
            throw new IllegalStateException("channel " + number + ", which the machine has made up");
        }
        return channel;
    }
}
