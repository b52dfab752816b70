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
 * <p>A {@link ProtocolException} thrown by any method is the machine's final state: it gives no further event, and what
 * output it still has (a farewell) may be sent before the socket is closed. A message that is bad while the framing is
 * intact is an event that names its operation, and the machine goes on.
 *
 * <p>Not thread safe: a machine belongs to the context of its connection.
 *
 * @param <E> the events of this machine, a sealed type
 */
public interface Machine<E> {

    /** Takes bytes from the peer, cut anywhere. Keeps the buffer, which must not be changed afterwards. */
    void receive(Buffer bytes, long nowMillis);

    /** The peer has closed its side: nothing will be received any more. */
    void peerClosed(long nowMillis);

    /** The next event, or null when more bytes (or time) are needed. */
    @Nullable
    E nextEvent();

    /** The next bytes to send, or null. Small writes come out joined, a body of 8 KiB or more comes out uncopied. */
    @Nullable
    Buffer takeOutput();

    /** What {@link #takeOutput} gave has left, and nobody looks at it any more: its memory may be used again. */
    default void written(Buffer bytes) {}

    /** How many bytes {@link #takeOutput} has still to give. */
    long outputBytes();

    /** When {@link #tick} must be called, on the clock of {@code nowMillis}; {@link Long#MAX_VALUE}: never. */
    default long deadlineMillis() {
        return Long.MAX_VALUE;
    }

    /**
     * Time has passed. Early and repeated calls are harmless.
     *
     * @param nowMillis milliseconds of a monotonic clock with an arbitrary origin
     */
    default void tick(long nowMillis) {}
}
