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
 * <p>Bytes are decoded when the next event is requested, and each frame gives one event: a caller limits the work of one
 * turn by counting events; the machine holds undecoded bytes (up to those received), never decoded ones.
 *
 * <p>A {@link ProtocolException} from {@link #nextEvent} or {@link #tick} is final: the machine then takes no bytes, gives
 * no event and has no deadline; its remaining output (a farewell) may be sent before the socket is closed. An exception from
 * a request is not final. A bad message in intact framing is an event that names its operation, and the machine continues.
 *
 * <p>Not thread safe: a machine belongs to the context of its connection.
 *
 * @param <E> the events of this machine, a sealed type
 */
public abstract class Machine<E> {

    protected static final long NEVER = Long.MAX_VALUE;

    /** Observes every frame, in both directions. */
    protected final FrameTap tap;

    private final Output output;
    private boolean peerClosed;
    private boolean over;

    protected Machine(Output output, FrameTap tap) {
        this.output = output;
        this.tap = tap;
    }

    /** The connection is open, and nothing was received: produces this side's first output, and starts its deadlines. */
    public void start(long nowMillis) {}

    /** Whether reading from the peer is suspended, so that its silence does not count. */
    public void hold(boolean held, long nowMillis) {}

    /** Takes bytes from the peer, cut anywhere. Keeps the buffer, which must not be changed afterwards. */
    public final void receive(Buffer bytes, long nowMillis) {
        if (!over) {
            arrived(bytes, nowMillis);
        }
    }

    /** The peer has closed its side: no further bytes will be received. */
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

    /** The next bytes to send, or null. Small writes are joined; a body of 8 KiB or more is not copied. */
    public final @Nullable Buffer takeOutput() {
        return output.take();
    }

    /** The bytes from {@link #takeOutput} were written and are no longer in use: their memory may be reused. */
    public final void written(Buffer bytes) {
        output.written(bytes);
    }

    /** How many bytes of output remain. */
    public final long outputBytes() {
        return output.bytes();
    }

    /** Memory that is kept for output to come, and has none in it. */
    public final long spareBytes() {
        return output.spareBytes();
    }

    /** Memory is short: gives back what {@link #spareBytes} counts. */
    public final void shed() {
        output.shed();
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

    /** Whether the machine accepts no input and gives no event any more; output may remain. */
    public final boolean isOver() {
        return over;
    }

    /**
     * The size of all buffers that are kept alive by bytes from the peer: undecoded, unfinished, or waiting for the request in
     * progress. A small remainder of a large read is copied when the next event is null.
     */
    public final long heldBytes() {
        return intake().heldBytes();
    }

    /**
     * Caps the size of one received message (frame, content), whatever the options or the peer allow: a longer one is LIMIT as
     * soon as its length is known. Called before {@link #start}, if at all.
     */
    public final void limitMessage(int maxBytes) {
        intake().cap(maxBytes);
    }

    // ---- what a protocol implements

    /** What was received and is not decoded. */
    protected abstract Intake intake();

    /** Bytes have arrived. */
    protected abstract void arrived(Buffer bytes, long nowMillis);

    /**
     * Decodes one frame, or several frames if the first ones give no event.
     *
     * @return its event; null: more bytes are needed
     * @throws ProtocolException which is final
     */
    protected abstract @Nullable E next();

    /**
     * The peer has closed, and there is no further event: calls {@link #finish}, unless output is still to come.
     *
     * @return a last event or null
     * @throws ProtocolException FRAMING when the peer has stopped in the middle of something
     */
    protected abstract @Nullable E ended();

    /** The protocol was violated, once: sets the final state, and the output that notifies the peer. */
    protected void farewell(ProtocolException violation) {}

    /** When {@link #due} is to be called. */
    protected long dueMillis() {
        return NEVER;
    }

    /** The time has come. @throws ProtocolException SILENCE, which is final */
    protected void due(long nowMillis) {}

    /** Ends the machine in the regular way. */
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
