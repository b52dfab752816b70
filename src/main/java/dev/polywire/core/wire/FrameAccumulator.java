package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames. A frame that arrives within one read is a slice of that read; a frame that arrives in
 * several is gathered in pieces, and made one array of its size when it is whole.
 * A length is checked as soon as its last byte has arrived.
 *
 * <p>A frame may share memory with its neighbours: code that keeps a small frame beyond the event copies it.
 */
public final class FrameAccumulator implements Intake {

    private final ReceivedBytes in = new ReceivedBytes();
    private final LengthPrefix layout;
    private int limitBytes;
    private long capBytes = Long.MAX_VALUE;

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

    /** Counts the whole frame. {@link #limit} does not raise it. */
    @Override
    public void cap(int maxBytes) {
        this.capBytes = maxBytes;
    }

    /** The smaller of {@link #limit} and {@link #cap}, where the layout counts whole frames: the bound of what one makes. */
    public int mostBytes() {
        return (int) Math.min(limitBytes, capBytes);
    }

    /** Adds received bytes. */
    public void append(Buffer more) {
        in.append(more);
    }

    /**
     * The next whole frame, header and trailer included, or null.
     *
     * @throws ProtocolException when its length is illegal or above the limit
     */
    public @Nullable Buffer nextFrame() {
        if (!in.peek(layout.headerBytes())) {
            return null;
        }
        long frameBytes = layout.frameBytes(in.bytes(), in.start(), limitBytes);
        if (frameBytes > capBytes) {
            throw ProtocolException.limit("frame: " + frameBytes + " bytes (expected: <= " + capBytes + ")");
        }
        if (!in.take(frameBytes)) {
            return null;
        }
        Buffer bytes = in.bytes();
        int start = in.start();
        return frameBytes == bytes.length() ? bytes : bytes.slice(start, start + (int) frameBytes);
    }

    /** The length in the header of the frame that {@link #nextFrame} has just refused, as a signed number. */
    public int refusedLength() {
        return layout.length(in.bytes(), in.start());
    }

    /**
     * The beginning of the frame that {@link #nextFrame} has just refused.
     *
     * @param bytes so many, at most 64
     * @return a copy; null: they have not all arrived
     */
    public @Nullable Buffer refusedHead(int bytes) {
        return in.peek(bytes) ? in.bytes().getBuffer(in.start(), in.start() + bytes) : null;
    }

    /**
     * The peer has closed.
     *
     * @param what the name of a frame, for people
     * @throws ProtocolException a truncation when the peer has stopped in the middle of a frame
     */
    public void requireFinished(String what) {
        if (waitingBytes() > 0) {
            throw ProtocolException.truncated(
                    what + ": truncated by the peer after " + waitingBytes() + " bytes of its frame");
        }
    }

    /** Drops all bytes that are not part of a returned frame. */
    public void clear() {
        in.clear();
    }

    /** Appended bytes that are not part of a returned frame. */
    public long waitingBytes() {
        return in.waitingBytes();
    }

    @Override
    public long heldBytes() {
        return in.heldBytes();
    }
}
