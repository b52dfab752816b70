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

    private final String id;
    private final FramedMachine machine;
    private final FramedListener listener;
    private final Instant since = Instant.now();
    private final ArrayDeque<Sending> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private @Nullable MachineSocket<FramedMessage> socket;
    private @Nullable Handler<RuntimeException> closeHandler;
    private Handler<Void> endHandler = ended -> {};
    private @Nullable RuntimeException down;

    /** One message on its way out. */
    public final class Sending {

        private final Buffer payload;
        private final Promise<Void> written = Promise.promise();

        private Sending(Buffer payload) {
            this.payload = payload;
        }

        /** See {@link FramedConnection#send(Buffer, Deadline)}; without {@link #giveUp} it waits as long as it takes. */
        public Future<Void> written() {
            return written.future();
        }

        /** Takes it back when it waits; what was begun goes on. */
        public void giveUp() {
            if (waiting.remove(this)) {
                waitingBytes -= payload.length();
                written.fail(new CallException(
                        CallException.Reason.UNAVAILABLE, "the peer " + remote() + " did not read by the deadline"));
            }
        }

        private void write() {
            machine.send(payload);
            socket().flush()
                    .recover(broken -> Future.failedFuture(new CallException(
                            CallException.Reason.UNKNOWN_OUTCOME,
                            "connection lost while writing to " + remote(),
                            broken)))
                    .onComplete(written);
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
        Sending sending = send(payload);
        deadline.whenExpired(sending::giveUp);
        return sending.written();
    }

    /** As {@link #send(Buffer, Deadline)}, for one message that goes to many: the caller says when it has waited enough. */
    public Sending send(Buffer payload) {
        Sending sending = new Sending(payload);
        CallException no = refusal(payload);
        if (no != null) {
            sending.written.fail(no);
        } else if (waiting.isEmpty() && !socket().writeQueueFull()) {
            sending.write();
        } else {
            waiting.add(sending);
            waitingBytes += payload.length();
        }
        return sending;
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
            Sending next = waiting.remove();
            waitingBytes -= next.payload.length();
            next.write();
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
        for (Sending next = waiting.poll(); next != null; next = waiting.poll()) {
            next.written.fail(notSent(cause));
        }
        if (closeHandler != null) {
            closeHandler.handle(cause);
        }
    }

    private @Nullable CallException refusal(Buffer payload) {
        if (down != null) {
            return notSent(down);
        }
        try {
            machine.limits().check(payload);
        } catch (ProtocolException tooLong) {
            return new CallException(CallException.Reason.LIMIT_EXCEEDED, tooLong.getMessage(), tooLong);
        }
        long maxBytes = machine.limits().maxFrameBytes();
        return waiting.isEmpty() || waitingBytes + payload.length() <= maxBytes
                ? null
                : new CallException(
                        CallException.Reason.OVERLOADED,
                        "bytes that wait for " + remote() + ": " + waitingBytes + " (expected: <= " + maxBytes + ")");
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
