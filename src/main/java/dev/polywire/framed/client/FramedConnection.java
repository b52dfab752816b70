package dev.polywire.framed.client;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.MachineSocket;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.FramedMachine;
import dev.polywire.framed.wire.FramedMessage;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One framed connection, dialled or accepted. It is made paused: no message is read before {@link #resume}. Belongs to the
 * context of its socket.
 */
public final class FramedConnection implements Link.Connection, MachineSocket.Listener<FramedMessage> {

    private static final Future<Void> NOTHING = Future.succeededFuture();

    private final String id;
    private final FramedMachine machine;
    private final FramedListener listener;
    private final Instant since = Instant.now();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private Future<Void> flushed = NOTHING;
    private Future<Void> written = NOTHING;
    private @Nullable MachineSocket<FramedMessage> socket;
    private @Nullable Handler<RuntimeException> closeHandler;
    private Handler<Void> endHandler = ended -> {};
    private @Nullable RuntimeException down;

    /**
     * One message on its way out.
     *
     * @param written as {@link FramedConnection#send(Buffer, Deadline)} has it
     * @param giveUp takes it back when it waits; what was begun goes on
     */
    public record Sending(Future<Void> written, Runnable giveUp) {

        private static Sending begun(Future<Void> written) {
            return new Sending(written, () -> {});
        }
    }

    /** One frame that waits until its peer has read. */
    private final class Waiting {

        private final Buffer frame;
        private final Promise<Void> written = Promise.promise();

        private Waiting(Buffer frame) {
            this.frame = frame;
            waiting.add(this);
            waitingBytes += frame.length();
        }

        /** Takes it back; what was begun goes on. */
        private void giveUp() {
            if (waiting.remove(this)) {
                waitingBytes -= frame.length();
                written.fail(new CallException(
                        CallException.Reason.UNAVAILABLE, "the peer " + remote() + " did not read by the deadline"));
            }
        }

        private void write() {
            waitingBytes -= frame.length();
            machine.sendFrame(frame);
            flush().onComplete(written);
        }
    }

    /**
     * @param id names it among its connector's connections
     * @param listener hears of its messages and of its end
     */
    public FramedConnection(String id, FramedMachine machine, FramedListener listener) {
        this.id = id;
        this.machine = machine;
        this.listener = listener;
    }

    /** Puts it to work on its socket, paused. */
    public FramedConnection on(MachineSocket<FramedMessage> socket) {
        this.socket = socket;
        pause();
        return this;
    }

    public String id() {
        return id;
    }

    /** The peer, for people. */
    public String remote() {
        return socket().target();
    }

    public Instant since() {
        return since;
    }

    /** Whether it can be sent on. When it cannot, messages that came before may still be read. */
    public boolean isUp() {
        return down == null;
    }

    /**
     * Sends one message; while the peer reads slower than we write it waits its turn.
     *
     * @return completes when the bytes were handed to the system. Fails with LIMIT_EXCEEDED (over the limit), OVERLOADED
     *     (as many bytes as the largest message has wait already), CONNECTION_LOST (closed before it was sent), UNAVAILABLE
     *     (the peer did not read by the deadline): nothing was sent. UNKNOWN_OUTCOME (closed while it was written)
     */
    public Future<Void> send(Buffer payload, Deadline deadline) {
        if (isFree()) {
            return send(payload);
        }
        Sending sending = waitFor(FramedMachine.frame(payload));
        deadline.whenExpired(sending.giveUp());
        return sending.written();
    }

    /** As {@link #send(Buffer, Deadline)}, for as long as the peer takes. */
    public Future<Void> send(Buffer payload) {
        if (!isFree()) {
            return waitFor(FramedMachine.frame(payload)).written();
        }
        try {
            machine.send(payload);
            return flush();
        } catch (ProtocolException tooLong) {
            return Future.failedFuture(refusal(tooLong));
        }
    }

    /**
     * As {@link #send(Buffer, Deadline)}, for a message that {@link FramedMachine#frame} has framed, once for many peers: the
     * caller says when it has waited enough. Fails with BAD_REQUEST when it is not one frame.
     */
    public Sending sendFrame(Buffer frame) {
        if (!isFree()) {
            return waitFor(frame);
        }
        try {
            machine.sendFrame(frame);
            return Sending.begun(flush());
        } catch (ProtocolException unfit) {
            return Sending.begun(Future.failedFuture(refusal(unfit)));
        }
    }

    /**
     * Sends one message and never says whether it was written. A connection that breaks takes it along.
     *
     * @throws CallException as {@link #send(Buffer, Deadline)}: nothing was sent
     */
    public void sendNoWait(Buffer payload) {
        if (isFree()) {
            try {
                machine.send(payload);
                socket().flush();
            } catch (ProtocolException tooLong) {
                throw refusal(tooLong);
            }
        } else {
            requireRoom(payload.length());
            new Waiting(FramedMachine.frame(payload));
        }
    }

    /** Reads no further message until {@link #resume}. */
    public void pause() {
        machine.pause(Monotonic.millis());
        socket().pause();
    }

    public void resume() {
        machine.resume(Monotonic.millis());
        socket().resume();
    }

    /** Closes it because its user wants so. */
    public void disconnect() {
        close(new CallException(CallException.Reason.CONNECTION_LOST, "disconnected from " + remote() + " by us"));
    }

    @Override
    public void closeHandler(Handler<RuntimeException> handler) {
        closeHandler = handler;
        if (down != null) {
            handler.handle(down);
        }
    }

    /** Registers who hears, once, that it is down and its last message was read or dropped. */
    public void endHandler(Handler<Void> handler) {
        endHandler = handler;
    }

    /** After what was written, unless its peer does not read: closing would wait for it. */
    @Override
    public void close(RuntimeException cause) {
        if (socket().writeQueueFull()) {
            socket().abort(cause);
        } else {
            socket().close(cause);
        }
    }

    @Override
    public void event(FramedMessage message) {
        listener.received(this, message.payload());
    }

    /** Has room again, or its peer is gone while messages of it wait for their reader. */
    @Override
    public void drained() {
        if (socket().isDown()) {
            gone(new CallException(CallException.Reason.CONNECTION_LOST, "closed by the peer " + remote()));
        }
        while (!waiting.isEmpty() && !socket().writeQueueFull()) {
            waiting.remove().write();
        }
    }

    @Override
    public void closed(RuntimeException cause) {
        gone(cause);
        endHandler.handle(null);
        listener.closed(this, cause);
    }

    private void gone(RuntimeException cause) {
        if (down != null) {
            return;
        }
        down = cause;
        waitingBytes = 0;
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            next.written.fail(notSent(cause));
        }
        if (closeHandler != null) {
            closeHandler.handle(cause);
        }
    }

    private boolean isFree() {
        return down == null && waiting.isEmpty() && !socket().writeQueueFull();
    }

    private Sending waitFor(Buffer frame) {
        try {
            machine.limits().checkFrame(frame);
            requireRoom(frame.length());
        } catch (ProtocolException unfit) {
            return Sending.begun(Future.failedFuture(refusal(unfit)));
        } catch (CallException no) {
            return Sending.begun(Future.failedFuture(no));
        }
        Waiting message = new Waiting(frame);
        return new Sending(message.written.future(), message::giveUp);
    }

    /** What is written together has one future, and one translation of its failure. */
    private Future<Void> flush() {
        Future<Void> flush = socket().flush();
        if (flush != flushed) {
            flushed = flush;
            written = flush.recover(broken -> Future.failedFuture(new CallException(
                    CallException.Reason.UNKNOWN_OUTCOME, "connection lost while writing to " + remote(), broken)));
        }
        return written;
    }

    private void requireRoom(int bytes) {
        if (down != null) {
            throw notSent(down);
        }
        long maxBytes = machine.limits().maxFrameBytes();
        if (!waiting.isEmpty() && waitingBytes + bytes > maxBytes) {
            throw new CallException(
                    CallException.Reason.OVERLOADED,
                    "bytes that wait for " + remote() + ": " + waitingBytes + " (expected: <= " + maxBytes + ")");
        }
    }

    private static CallException refusal(ProtocolException unfit) {
        return new CallException(
                unfit.kind() == ProtocolException.Kind.LIMIT
                        ? CallException.Reason.LIMIT_EXCEEDED
                        : CallException.Reason.BAD_REQUEST,
                unfit.getMessage(),
                unfit);
    }

    private static CallException notSent(RuntimeException cause) {
        return cause instanceof CallException ours && ours.reason() == CallException.Reason.SHUTTING_DOWN
                ? ours
                : new CallException(CallException.Reason.CONNECTION_LOST, cause.getMessage(), cause);
    }

    private MachineSocket<FramedMessage> socket() {
        if (socket == null) {
            throw new IllegalStateException("not on a socket yet");
        }
        return socket;
    }
}
