package dev.polywire.core.net;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * One connection, dialled or accepted: it receives the events of the machine on its socket, and begins and ends once.
 *
 * <pre>{@code
 *   ready() | close(cause)                the outcome of the handshake, where there is one
 *   event(e) ...
 *   ended(cause)                          once: nothing can be sent any more, and what is on its way fails
 *   closed(cause)                         once, at the same time or later: the socket is closed
 * }</pre>
 *
 * <p>Created in the turn of the event loop in which its socket opened; the first event follows after its constructor has
 * returned. Everything happens on the context of the socket.
 *
 * @param <E> the events of its machine
 */
public abstract class Connection<E> implements Link.Breakable {

    private final MachineSocket<E> socket;
    private final Spi spi;
    private final Promise<Void> ready = Promise.promise();
    private @Nullable RuntimeException ended;
    private @Nullable Handler<RuntimeException> closeHandler;

    protected Connection(OpenSocket<E> socket) {
        this.socket = new MachineSocket<>(socket, this);
        this.spi = socket.spi;
    }

    /** The other end, as text for people. */
    public final String target() {
        return socket.target();
    }

    /** Whether nothing can be sent any more. Earlier bytes may still be read, if their reader was slow. */
    public final boolean isClosed() {
        return ended != null;
    }

    /** Closes the connection after its output is written; calls in flight fail as {@code cause} requires. */
    @Override
    public void close(RuntimeException cause) {
        socket.close(cause);
    }

    /**
     * Gives up a peer that is silent. Calls in flight fail as {@code cause} requires, and what has not reached the peer never
     * does: a network that comes back would deliver requests whose callers were told long ago that there is no answer.
     */
    public final void drop(RuntimeException cause) {
        socket.drop(cause);
    }

    /** Stops reading, or reads again; while it is held, the peer's writes accumulate. */
    public final void hold(boolean held) {
        if (held) {
            socket.pause();
        } else {
            socket.resume();
        }
    }

    /**
     * Since when something that the peer has sent has waited because the connection is held, on {@link Monotonic}'s clock;
     * {@link Long#MAX_VALUE}: nothing waits. After the close it tells what was lost with it.
     */
    public long unreadSinceMillis() {
        return socket.input().unreadSinceMillis();
    }

    /** Whether it is read at the moment: it is not held, and there is memory for what the peer sends. */
    public final boolean isRead() {
        return !socket.input().isStopped();
    }

    /** Whether it is not read for want of memory, though nobody holds it. */
    public final boolean isStarved() {
        return socket.input().isStopped() && socket.input().isWanted();
    }

    /** Whether the peer, or the network, has ended it, and not this side. */
    public final boolean isEndedByPeer() {
        return socket.isEndedByPeer();
    }

    /** Whether it is held and the rest of what the peer sends stays in the kernel: its end too, which nobody notices. */
    public final boolean isStuck() {
        return socket.input().isFull();
    }

    @Override
    public final void closeHandler(Handler<RuntimeException> handler) {
        closeHandler = handler;
        if (ended != null) {
            handler.handle(ended);
        }
    }

    // ---- what a protocol implements

    /** Whether the connection becomes {@link #ready} only on an event of the machine: only those that we dialled do. */
    protected boolean hasHandshake() {
        return false;
    }

    /** The machine's next event. A {@link ProtocolException} thrown here closes the connection with it. */
    protected abstract void event(E event);

    /** Nothing can be sent any more; called once. @param cause mostly a protocol exception or a {@link CallException} */
    protected abstract void ended(RuntimeException cause);

    /** The socket is closed; called once, after {@link #ended}. */
    protected void closed(RuntimeException cause) {}

    /** The write queue was full and has room again; or the peer is gone, and no further output arrives. */
    protected void drained() {}

    /** Some output has been written: {@link MachineSocket#unwrittenBytes} is smaller now. */
    protected void written() {}

    /** Bytes have arrived, and their events were delivered; some may still wait in the machine. */
    protected void received() {}

    /**
     * Bytes held for this connection beside those in its machine and its output: requests without an answer, say. After a
     * change {@link MachineSocket#count} is called.
     */
    protected long heldBytes() {
        return 0;
    }

    /** Whether some of {@link #heldBytes} are a part of an answer, whose rest is read next. */
    protected boolean isGathering() {
        return false;
    }

    // ---- what a protocol uses

    protected final MachineSocket<E> socket() {
        return socket;
    }

    /** Its metrics and traces. */
    public final Spi spi() {
        return spi;
    }

    /** Why nothing can be sent any more; null: sending is possible. */
    protected final @Nullable RuntimeException whyClosed() {
        return ended;
    }

    /** The handshake is done. Its caller may now send or close; the effects of both follow after the beginning. */
    protected final void ready() {
        if (!ready.future().isComplete()) {
            spi.connected(socket.protocol(), socket.target());
            ready.complete();
        }
    }

    /** From now on nothing is sent, though the socket may still be open: the protocol ends, or the peer is gone. */
    protected final void end(RuntimeException cause) {
        if (ended == null) {
            ended = cause;
            ready.tryFail(notReady(cause));
            ended(cause);
            if (closeHandler != null) {
                closeHandler.handle(cause);
            }
        }
    }

    // ---- what a socket, a dialer and an acceptor use

    /** Whether its handshake is done. */
    final boolean isReady() {
        return ready.future().succeeded();
    }

    /** The machine complains. Where we dialled, a peer that is silent has callers of ours who gave up. */
    final void violated(ProtocolException violation) {
        if (violation.isSilence() && hasHandshake()) {
            drop(violation);
        } else {
            socket.close(socket.input().first().end(violation));
        }
    }

    /** Starts the connection. @return completes with its handshake, or fails with the reason why there is none */
    final Future<Void> begin() {
        socket.begin();
        if (!hasHandshake()) {
            ready();
        }
        return ready.future();
    }

    final void socketClosed(RuntimeException cause) {
        if (isReady()) {
            spi.disconnected(socket.protocol(), socket.target());
        }
        end(cause);
        closed(cause);
    }

    /** A peer that is silent, or was cut off, counts as absent; only an answer can violate the protocol. */
    private RuntimeException notReady(RuntimeException cause) {
        return cause instanceof ProtocolException absent && !Call.isViolation(absent)
                ? new CallException(CallException.Reason.UNAVAILABLE, target() + ": " + cause.getMessage(), cause)
                : cause;
    }
}
