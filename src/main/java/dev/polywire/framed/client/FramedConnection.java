package dev.polywire.framed.client;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.Call;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.FramedEnvelope;
import dev.polywire.framed.wire.FramedEnvelope.Kind;
import dev.polywire.framed.wire.FramedLimits;
import dev.polywire.framed.wire.FramedMachine;
import dev.polywire.framed.wire.FramedMessage;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One framed connection, dialled or accepted. It starts paused: no message is read before {@link #resume} or {@link
 * #receive}. It belongs to the context of its socket.
 */
public final class FramedConnection extends Connection<FramedMessage> {

    /** How long a slow peer may delay a stop after all drains. */
    private static final long FAREWELL_MILLIS = 3_000;

    private final String id;
    private final FramedMachine machine;
    private final FramedListener listener;
    private final Instant since = Instant.now();
    private final FramedOutput output;
    /** Stands between the socket and the readers when messages are envelopes; else null. */
    private final @Nullable FramedCorrelation correlation;

    /** Whether a reader has ever wanted messages. */
    private boolean wasRead;

    private @Nullable FramedReceiver receiver;
    private Handler<Void> endHandler = ended -> {};
    private @Nullable FramedEnding ending;

    /**
     * Dials; the caller calls {@code opened} of the listener.
     *
     * @param id identifies the connection within its connector
     * @param listener receives its messages and its end
     */
    public static Future<FramedConnection> connect(
            Dialer dialer, String id, FramedLimits limits, FramedListener listener) {
        FramedMachine machine = new FramedMachine(limits, dialer.tap());
        return dialer.connect(machine, socket -> new FramedConnection(socket, id, machine, listener));
    }

    /** As {@link #connect}, for an accepted connection. */
    public static FramedConnection accept(
            Acceptor.Accepted accepted, String id, FramedLimits limits, FramedListener listener) {
        FramedMachine machine = new FramedMachine(limits, accepted.tap());
        return accepted.attach(machine, socket -> new FramedConnection(socket, id, machine, listener));
    }

    private FramedConnection(
            OpenSocket<FramedMessage> socket, String id, FramedMachine machine, FramedListener listener) {
        super(socket);
        this.id = id;
        this.machine = machine;
        this.listener = listener;
        this.output = new FramedOutput(machine, socket(), spi(), this::tooSlow);
        this.correlation = machine.limits().isCorrelated()
                ? new FramedCorrelation(this, machine.limits().maxOutstanding(), output, () -> listener.lateReply(this))
                : null;
        hold(true);
    }

    public String id() {
        return id;
    }

    public Instant since() {
        return since;
    }

    /** Whether messages can be sent. If not, earlier messages may still be read. */
    public boolean isUp() {
        return !isClosed();
    }

    /** Whether the peer has sent something that nobody has read, be it up or down. */
    public boolean isUnread() {
        return unreadSinceMillis() != Long.MAX_VALUE;
    }

    @Override
    public long unreadSinceMillis() {
        long here = super.unreadSinceMillis();
        return correlation == null ? here : Math.min(here, correlation.unreadSinceMillis());
    }

    /** Whether it was ever resumed, or a caller of {@link #receive} has waited. */
    public boolean wasRead() {
        return wasRead;
    }

    /** Why it is down; {@link FramedEnding#LOST} while it is up. */
    public FramedEnding ending() {
        return ending == null ? FramedEnding.LOST : ending;
    }

    /**
     * Sends one message; while the peer reads more slowly than we write, the message waits its turn.
     *
     * @return completes when the system has taken the bytes, perhaps for a peer that is gone: while the connection is paused
     *     behind unread messages, the peer's end is noticed only by a reset in answer to the first bytes. Fails with LIMIT_EXCEEDED (over the limit), OVERLOADED ({@code
     *     maxOutputBytes} wait already), CONNECTION_LOST (closed before it was sent), UNAVAILABLE (the peer did not read by
     *     the deadline): nothing was sent. UNKNOWN_OUTCOME (closed while it was written)
     */
    public Future<Void> send(Buffer content, Deadline deadline) {
        if (deadline.expired()) {
            return Future.failedFuture(Call.tooLate());
        }
        Buffer payload = payload(content);
        if (output.isFree()) {
            return output.send(payload, deadline);
        }
        Sending sending = output.waitFor(FramedMachine.frame(payload), deadline);
        deadline.whenExpired(sending.giveUp());
        return sending.written();
    }

    /** As {@link #send(Buffer, Deadline)}, without a deadline. */
    public Future<Void> send(Buffer content) {
        Buffer payload = payload(content);
        return output.isFree()
                ? output.send(payload, null)
                : output.waitFor(FramedMachine.frame(payload), null).written();
    }

    /**
     * As {@link #send(Buffer, Deadline)}, for a frame from {@link FramedLimits#frame}, framed once for many peers: the
     * caller decides how long it waits, and counts its bytes: the account of this connection has only what is written.
     * Fails with BAD_REQUEST when it is not one frame.
     *
     * @param request the deadline of its request, for the SPI
     */
    public Sending sendFrame(Buffer frame, @Nullable Deadline request) {
        return output.sendFrame(frame, request, true);
    }

    /**
     * Sends one message without reporting whether it was written. It is lost with its connection.
     *
     * @throws CallException as {@link #send(Buffer, Deadline)}: nothing was sent
     */
    public void sendNoWait(Buffer content) {
        output.sendNoWait(payload(content));
    }

    /**
     * Sends a request. The connection is read until the reply arrives; messages that arrive meanwhile wait for a reader, up
     * to 64 KiB, and further ones wait in the socket.
     *
     * @return the reply. Fails as {@link #send(Buffer, Deadline)} when it was not sent; with TIMEOUT or UNKNOWN_OUTCOME when
     *     there was no reply; with {@link RefusedByPeerException}; with OVERLOADED when {@code maxOutstanding} requests
     *     wait already, and BAD_REQUEST when that is 0
     */
    public Future<Buffer> request(Buffer content, Deadline deadline) {
        return correlation == null
                ? Future.failedFuture(notCorrelated())
                : deadline.expired()
                        ? Future.failedFuture(Call.tooLate())
                        : correlation.calls().request(content, deadline);
    }

    /** Answers a request of the peer. It is not checked that the peer asked. Fails as {@link #send(Buffer, Deadline)}. */
    public Future<Void> reply(long request, Buffer content, Deadline deadline) {
        return answer(new FramedEnvelope(Kind.REPLY, request, content), deadline);
    }

    /** Answers a request of the peer with a failure. @param why a text for the users of the peer */
    public Future<Void> refuse(long request, String why, Deadline deadline) {
        return answer(FramedEnvelope.failure(request, why), deadline);
    }

    /** As {@link #refuse(long, String, Deadline)}, without a deadline. */
    public Future<Void> refuse(long request, String why) {
        return answer(FramedEnvelope.failure(request, why), null);
    }

    /**
     * The next message, or the end. The socket is read only while a caller waits, and messages that were read before come
     * first. Several callers may wait; each gets one message, in order.
     *
     * @return fails with a {@link ProtocolException} when a message is truncated or over a limit (nothing follows) or is
     *     not an envelope (more may follow), and with a {@link CallException} when the connection is lost
     */
    public Future<FramedReceived> receive() {
        return receive(null);
    }

    /** As {@link #receive()}; fails with TIMEOUT at the deadline, and the next caller gets the next message. */
    public Future<FramedReceived> receive(@Nullable Deadline deadline) {
        FramedReceiver all = receiver();
        Future<FramedReceived> next = all.next(deadline, this::pause);
        if (all.isWaiting()) {
            resume();
        }
        return next;
    }

    /** Reads no further message until {@link #resume}. */
    public void pause() {
        if (correlation == null) {
            hold(true);
        } else {
            correlation.want(false);
        }
    }

    public void resume() {
        wasRead = true;
        if (correlation == null) {
            hold(false);
        } else {
            correlation.want(true);
        }
    }

    /** Closes it on the user's request. */
    public void disconnect() {
        String why = "disconnected from " + target() + " by us";
        close(CallException.lost(why), FramedEnding.DISCONNECTED);
    }

    /** Registers a handler that is called once, when it is down and its last message was read or dropped. */
    public void endHandler(Handler<Void> handler) {
        endHandler = handler;
    }

    /** Closes it because the connector closes. */
    @Override
    public void close(RuntimeException cause) {
        close(cause, FramedEnding.LEAVING);
    }

    /** Closes after the bytes that were written, unless the peer does not read: closing would wait for it. */
    public void close(RuntimeException cause, FramedEnding why) {
        ending = ending == null ? why : ending;
        if (correlation != null) {
            correlation.drop();
        }
        if (socket().writeQueueFull()) {
            socket().abort(cause);
        } else {
            socket().close(cause);
        }
    }

    /** Accepts no more messages, and closes when those begun are written, or after a while: the connector closes. */
    public Future<Void> leave(RuntimeException cause) {
        end(cause);
        return output.flushed(FAREWELL_MILLIS).onComplete(written -> close(cause));
    }

    @Override
    protected void event(FramedMessage message) {
        if (correlation == null) {
            received(message.payload());
        } else {
            correlation.received(message.payload());
        }
    }

    /** The output has room again, or the peer is gone while its messages wait for a reader. */
    @Override
    protected void drained() {
        if (socket().isDown()) {
            end(socket().lost());
        }
        output.drained();
    }

    @Override
    protected long heldBytes() {
        return output.heldBytes();
    }

    @Override
    protected void written() {
        output.taken();
    }

    @Override
    protected void ended(RuntimeException cause) {
        output.fail(cause);
        if (correlation != null) {
            correlation.calls().ended(cause);
        }
    }

    @Override
    protected void closed(RuntimeException cause) {
        ending = ending == null ? ending(cause) : ending;
        if (correlation == null || !correlation.endsLater(cause)) {
            over(cause);
        }
    }

    /** Its last message was read. */
    void over(RuntimeException cause) {
        receiver()
                .ended(
                        ending == FramedEnding.ENDED
                                ? Future.succeededFuture(new FramedReceived.End())
                                : Future.failedFuture(cause));
        endHandler.handle(null);
        listener.closed(this, cause);
    }

    /** A message for a reader or the listener. */
    private void received(Buffer payload) {
        if (receiver == null || !receiver.isWaiting()) {
            listener.received(this, payload);
        } else {
            deliver(receiver, Future.succeededFuture(new FramedReceived.Message(payload)));
        }
    }

    /** The same for requests and failures, which only envelopes have. */
    void received(Future<FramedReceived> message) {
        if (receiver != null && receiver.isWaiting()) {
            deliver(receiver, message);
        } else if (message.failed()) {
            listener.unreadable(this, (ProtocolException) message.cause());
        } else if (message.result() instanceof FramedReceived.Request request) {
            listener.requested(this, request.id(), request.payload());
        } else if (message.result() instanceof FramedReceived.Message plain) {
            listener.received(this, plain.payload());
        }
    }

    private void deliver(FramedReceiver to, Future<FramedReceived> message) {
        to.received(message);
        if (!to.isWaiting()) {
            pause();
        }
    }

    private FramedEnding ending(RuntimeException cause) {
        return switch (machine.state()) {
            case ENDED -> FramedEnding.ENDED;
            case IDLE -> FramedEnding.IDLE;
            case FAILED, OPEN ->
                cause instanceof ProtocolException
                        ? FramedEnding.VIOLATION
                        // What is parked outlives the connection.
                        : super.unreadSinceMillis() == Long.MAX_VALUE ? FramedEnding.LOST : FramedEnding.UNREAD;
        };
    }

    private void tooSlow() {
        String why = "the peer " + target() + " has read nothing for "
                + machine.limits().slowPeerMillis() + " ms";
        ending = FramedEnding.SLOW;
        socket().abort(CallException.lost(why));
    }

    private Future<Void> answer(FramedEnvelope answer, @Nullable Deadline deadline) {
        if (correlation == null) {
            return Future.failedFuture(notCorrelated());
        }
        Sending sending = output.sendFrame(FramedMachine.frame(answer.write()), deadline, false);
        if (deadline != null) {
            deadline.whenExpired(sending.giveUp());
        }
        return sending.written();
    }

    private Buffer payload(Buffer content) {
        return correlation == null ? content : FramedEnvelope.message(content);
    }

    private static CallException notCorrelated() {
        return new CallException(Reason.BAD_REQUEST, "correlation: off (expected: on, at both ends)");
    }

    private FramedReceiver receiver() {
        receiver = receiver == null ? new FramedReceiver() : receiver;
        return receiver;
    }
}
