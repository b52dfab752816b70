package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One side of one connection of a protocol, without the connection: bytes and the time go in, events and bytes come out.
 *
 * <pre>
 *   bytes -> receive ->  machine  -> nextEvent  -> events
 *   time  -> tick    ->           -> takeOutput -> bytes
 * </pre>
 *
 * <p>Requests are typed methods of the concrete machine. After {@link #receive}, {@link #peerClosed}, {@link #tick} or a
 * request, ask for events until null, then for output until null, then for the deadline.
 *
 * <p>Bytes are decoded when an event is asked for, and each frame gives one event: a caller bounds the work of one turn by
 * counting events, and undecoded bytes wait in the machine (up to what it was given), never decoded ones.
 *
 * <p>A {@link ProtocolException} out of {@link #nextEvent} or {@link #tick} is final: the machine then takes no bytes, gives
 * no event and has no deadline, and what output it still has (a farewell) may be sent before the socket is closed. One out of
 * a request is not. A message that is bad while the framing is intact is an event that names its operation, and the machine
 * goes on.
 *
 * <p>Not thread safe: a machine belongs to the context of its connection.
 *
 * @param <E> the events of this machine, a sealed type
 */
public abstract class Machine<E> {

    protected static final long NEVER = Long.MAX_VALUE;

    /** Sees every frame, in either direction. */
    protected final FrameTap tap;

    private final Output output;
    private boolean peerClosed;
    private boolean over;

    protected Machine(Output output, FrameTap tap) {
        this.output = output;
        this.tap = tap;
    }

    /** The connection is there, and nothing was received: what this side says first, and from when its deadlines count. */
    public void start(long nowMillis) {}

    /** Whether nothing is read from the peer at the moment, so that its silence says nothing. */
    public void hold(boolean held, long nowMillis) {}

    /** Takes bytes from the peer, cut anywhere. Keeps the buffer, which must not be changed afterwards. */
    public final void receive(Buffer bytes, long nowMillis) {
        if (!over) {
            arrived(bytes, nowMillis);
        }
    }

    /** The peer has closed its side: nothing will be received any more. */
    public final void peerClosed(long nowMillis) {
        peerClosed = true;
    }

    /** The next event, or null when more bytes (or time) are needed. */
    public final @Nullable E nextEvent() {
        if (over) {
            return null;
        }
        try {
            E event = next();
            return event == null && peerClosed && !over ? ended() : event;
        } catch (ProtocolException violation) {
            throw failed(violation);
        }
    }

    /** The next bytes to send, or null. Small writes come out joined, a body of 8 KiB or more comes out uncopied. */
    public final @Nullable Buffer takeOutput() {
        return output.take();
    }

    /** What {@link #takeOutput} gave has left, and nobody looks at it any more: its memory may be used again. */
    public final void written(Buffer bytes) {
        output.written(bytes);
    }

    /** How many bytes {@link #takeOutput} has still to give. */
    public final long outputBytes() {
        return output.bytes();
    }

    /** When {@link #tick} must be called, on the clock of {@code nowMillis}; {@link Long#MAX_VALUE}: never. */
    public final long deadlineMillis() {
        return over || peerClosed ? NEVER : dueMillis();
    }

    /**
     * Time has passed. Early and repeated calls are harmless.
     *
     * @param nowMillis milliseconds of a monotonic clock with an arbitrary origin
     */
    public final void tick(long nowMillis) {
        long deadlineMillis = deadlineMillis();
        if (deadlineMillis != NEVER && nowMillis >= deadlineMillis) {
            try {
                due(nowMillis);
            } catch (ProtocolException late) {
                throw failed(late);
            }
        }
    }

    /** Whether it takes nothing and gives nothing any more, but for its last output. */
    public final boolean isOver() {
        return over;
    }

    /** Bytes of the peer's that wait here: undecoded, unfinished, or behind a request that is worked on. */
    public abstract long heldBytes();

    // ---- what a protocol says

    /** Bytes have come. */
    protected abstract void arrived(Buffer bytes, long nowMillis);

    /**
     * Decodes one frame, or as many as say nothing.
     *
     * @return its event; null: more bytes are needed
     * @throws ProtocolException which is final
     */
    protected abstract @Nullable E next();

    /**
     * The peer has closed, and there is no further event: {@link #finish}, unless something is still to be said.
     *
     * @return a last event or null
     * @throws ProtocolException FRAMING when the peer has stopped in the middle of something
     */
    protected abstract @Nullable E ended();

    /** The protocol was broken, once: what state that is, and what the peer is told of it. */
    protected void farewell(ProtocolException violation) {}

    /** When {@link #due} is to be called. */
    protected long dueMillis() {
        return NEVER;
    }

    /** It is time. @throws ProtocolException SILENCE, which is final */
    protected void due(long nowMillis) {}

    /** From now on it is over, in order. */
    protected final void finish() {
        over = true;
    }

    private ProtocolException failed(ProtocolException violation) {
        if (!over) {
            over = true;
            farewell(violation);
        }
        return violation;
    }
}
