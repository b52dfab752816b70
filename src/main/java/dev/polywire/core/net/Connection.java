package dev.polywire.core.net;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * One connection, dialled or accepted: it hears what the machine on its socket says, and has one beginning and one end.
 *
 * <pre>{@code
 *   ready() | close(cause)                the outcome of the handshake, where there is one
 *   event(e) ...
 *   ended(cause)                          once: nothing can be sent any more, and what is on its way fails
 *   closed(cause)                         once, at the same time or later: the socket is closed
 * }</pre>
 *
 * <p>Made in the turn in which its socket came; nothing is heard before its constructor has returned. All of it happens on
 * the context of the socket.
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

    /** Who is at the other end, for people. */
    public final String target() {
        return socket.target();
    }

    /** Whether nothing can be sent any more. What came before may still be read, if its reader was slow. */
    public final boolean isClosed() {
        return ended != null;
    }

    /** Closes it, after what is written; what is on its way fails with what {@code cause} means for it. */
    @Override
    public void close(RuntimeException cause) {
        socket.close(cause);
    }

    /** Reads nothing more until it is told to; the peer's writes pile up. */
    public final void hold(boolean held) {
        if (held) {
            socket.pause();
        } else {
            socket.resume();
        }
    }

    @Override
    public final void closeHandler(Handler<RuntimeException> handler) {
        closeHandler = handler;
        if (ended != null) {
            handler.handle(ended);
        }
    }

    // ---- what a protocol says

    /** Whether it is {@link #ready} only when the machine has said so. */
    protected boolean hasHandshake() {
        return false;
    }

    /** The machine's next event. A {@link ProtocolException} thrown here closes the connection with it. */
    protected abstract void event(E event);

    /** Nothing can be sent any more, once. @param cause a {@link ProtocolException} or a {@link CallException}, mostly */
    protected abstract void ended(RuntimeException cause);

    /** The socket is closed, once, and behind {@link #ended}. */
    protected void closed(RuntimeException cause) {}

    /** The write queue was full and has room again; or the peer is gone, and nothing that is written arrives. */
    protected void drained() {}

    /** Some of what was written has left: {@link MachineSocket#unwrittenBytes} is smaller now. */
    protected void written() {}

    /** Bytes have come, and the events in them were given; some may wait in the machine. */
    protected void received() {}

    // ---- what a protocol uses

    protected final MachineSocket<E> socket() {
        return socket;
    }

    /** Who watches it. */
    public final Spi spi() {
        return spi;
    }

    /** Why nothing can be sent any more; null: it can. */
    protected final @Nullable RuntimeException whyClosed() {
        return ended;
    }

    /** The handshake is done. Who waits for it may send, or close it at once: of both one hears behind its beginning. */
    protected final void ready() {
        if (!ready.future().isComplete()) {
            spi.connected(socket.protocol(), socket.target());
            ready.complete();
        }
    }

    /** Nothing is sent from now on, though the socket may still be open: the protocol says goodbye, or the peer is gone. */
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

    /** Puts it to work. @return done when its handshake is; fails with why it has none */
    final Future<Void> begin() {
        socket.begin();
        if (!hasHandshake()) {
            ready();
        }
        return ready.future();
    }

    final void socketClosed(RuntimeException cause) {
        if (ready.future().succeeded()) {
            spi.disconnected(socket.protocol(), socket.target());
        }
        end(cause);
        closed(cause);
    }

    /** A peer that says nothing is not there; only an answer can break the protocol. */
    private RuntimeException notReady(RuntimeException cause) {
        return cause instanceof ProtocolException late && late.isSilence()
                ? new CallException(CallException.Reason.UNAVAILABLE, target() + ": " + cause.getMessage(), cause)
                : cause;
    }
}
