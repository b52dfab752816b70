package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames. A frame that arrives within one read is a slice of that read; a frame that arrives in
 * pieces is gathered in an array that grows with the received bytes, never with the announced length.
 * A length is checked as soon as its last byte has arrived.
 *
 * <p>A frame may share memory with its neighbours: code that keeps a small frame beyond the event copies it.
 */
public final class FrameAccumulator {

    private static final Buffer NOTHING = Buffer.buffer();

    private final LengthPrefix layout;
    private int limitBytes;
    private Buffer bytes = NOTHING;
    private int start;
    /** Whether {@link #bytes} belongs to this object and may grow; a buffer that was passed in, or cut, does not. */
    private boolean gathering;

    /**
     * @param layout the position of the length
     * @param limitBytes the largest length accepted, as the layout counts it
     */
    public FrameAccumulator(LengthPrefix layout, int limitBytes) {
        this.layout = layout;
        this.limitBytes = limitBytes;
    }

    /** Sets the limit from the next unfinished frame on (before and after authentication or negotiation). */
    public void limit(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Adds received bytes. */
    public void append(Buffer more) {
        int waiting = waitingBytes();
        if (waiting == 0) {
            bytes = more;
            start = 0;
            gathering = false;
        } else if (gathering && start == 0) {
            bytes.appendBuffer(more);
        } else {
            // Frames cut from the old buffer may still be in use, so the rest moves to a new buffer.
            bytes = Buffer.buffer(waiting + more.length())
                    .appendBuffer(bytes, start, waiting)
                    .appendBuffer(more);
            start = 0;
            gathering = true;
        }
    }

    /**
     * The next whole frame, header and trailer included, or null.
     *
     * @throws ProtocolException when its length is illegal or above the limit
     */
    public @Nullable Buffer nextFrame() {
        int waiting = waitingBytes();
        if (waiting < layout.headerBytes()) {
            return null;
        }
        long frameBytes = layout.frameBytes(bytes, start, limitBytes);
        return waiting < frameBytes ? null : take((int) frameBytes);
    }

    /** Exactly {@code count} bytes, or null; for handshakes without a length. */
    public @Nullable Buffer exactly(int count) {
        return waitingBytes() < count ? null : take(count);
    }

    /** A view of the next {@code count} bytes, which remain, or null. */
    public @Nullable Buffer peek(int count) {
        return waitingBytes() < count ? null : bytes.slice(start, start + count);
    }

    /**
     * The peer has closed.
     *
     * @param what the name of a frame, for people
     * @throws ProtocolException FRAMING when the peer has stopped in the middle of a frame
     */
    public void requireFinished(String what) {
        if (waitingBytes() > 0) {
            throw ProtocolException.framing(
                    what + ": truncated by the peer after " + waitingBytes() + " bytes of its frame");
        }
    }

    /** Appended bytes that are not part of a returned frame. */
    public int waitingBytes() {
        return bytes.length() - start;
    }

    private Buffer take(int count) {
        if (count == 0) {
            return Buffer.buffer();
        }
        Buffer frame = start == 0 && count == bytes.length() ? bytes : bytes.slice(start, start + count);
        start += count;
        if (start == bytes.length()) {
            bytes = NOTHING;
            start = 0;
        }
        gathering = false;
        return frame;
    }
}
