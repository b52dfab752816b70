package dev.polywire.framed.client;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Link;
import dev.polywire.core.net.MachineSocket;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.FramedMachine;
import dev.polywire.framed.wire.FramedMessage;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
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
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable MachineSocket<FramedMessage> socket;
    private @Nullable Handler<RuntimeException> closeHandler;
    private @Nullable RuntimeException closed;

    private record Waiting(Buffer payload, Promise<Void> sent) {}

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
        socket.pause();
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

    /**
     * Sends one message; while the peer reads slower than we write it waits its turn.
     *
     * @return completes when the bytes were handed to the system. Fails with LIMIT_EXCEEDED (over the limit, nothing
     *     sent), CONNECTION_LOST (closed before it was sent), UNKNOWN_OUTCOME (closed while it was written), UNAVAILABLE
     *     (the peer did not read by the deadline, nothing sent)
     */
    public Future<Void> send(Buffer payload, Deadline deadline) {
        if (closed != null) {
            return Future.failedFuture(notSent(closed));
        }
        if (waiting.isEmpty() && !socket().writeQueueFull()) {
            return write(payload);
        }
        Waiting turn = new Waiting(payload, Promise.promise());
        waiting.add(turn);
        deadline.whenExpired(() -> {
            waiting.remove(turn);
            turn.sent.tryFail(new CallException(
                    CallException.Reason.UNAVAILABLE, "the peer " + remote() + " did not read by the deadline"));
        });
        return turn.sent.future();
    }

    /** Reads no further message until {@link #resume}. */
    public void pause() {
        socket().pause();
    }

    public void resume() {
        socket().resume();
    }

    @Override
    public void closeHandler(Handler<RuntimeException> handler) {
        closeHandler = handler;
        if (closed != null) {
            handler.handle(closed);
        }
    }

    @Override
    public void close(RuntimeException cause) {
        socket().close(cause);
    }

    @Override
    public void event(FramedMessage message) {
        listener.received(this, message.payload());
    }

    @Override
    public void drained() {
        Iterator<Waiting> turns = waiting.iterator();
        while (turns.hasNext() && !socket().writeQueueFull()) {
            Waiting turn = turns.next();
            turns.remove();
            write(turn.payload).onComplete(turn.sent);
        }
    }

    @Override
    public void closed(RuntimeException cause) {
        closed = cause;
        for (Waiting turn = waiting.poll(); turn != null; turn = waiting.poll()) {
            turn.sent.tryFail(notSent(cause));
        }
        if (closeHandler != null) {
            closeHandler.handle(cause);
        }
        listener.closed(this, cause);
    }

    private Future<Void> write(Buffer payload) {
        try {
            machine.send(payload);
        } catch (ProtocolException tooLong) {
            return Future.failedFuture(
                    new CallException(CallException.Reason.LIMIT_EXCEEDED, tooLong.getMessage(), tooLong));
        }
        return socket().flush()
                .recover(broken -> Future.failedFuture(new CallException(
                        CallException.Reason.UNKNOWN_OUTCOME, "connection lost while writing to " + remote(), broken)));
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
