package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.ReceivedBytes;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts received bytes into frames (AMQP 0-9-1, 2.3.5).
 *
 * <pre>
 *   01  00 01  00 00 00 04  00 14 00 29  ce      type, channel, size, payload, end
 * </pre>
 *
 * <p>A frame that arrives in one read stays there; only any other is gathered. A header is checked as soon as it is complete.
 */
final class FrameReader {

    static final int METHOD = 1;
    static final int HEADER = 2;
    static final int BODY = 3;
    static final int HEARTBEAT = 8;

    static final int HEADER_BYTES = 7;
    /** The bytes of a frame beside its payload; {@code frame-max} counts it. */
    static final int OVERHEAD_BYTES = HEADER_BYTES + 1;

    static final int END = 0xce;

    private final ReceivedBytes in = new ReceivedBytes();
    private int maxFrameBytes;
    private int type;
    private int channel;
    private int start;
    private int end;

    FrameReader(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /** Another limit, from the next frame on. */
    void limit(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    void receive(Buffer more) {
        in.append(more);
    }

    /** The size of all buffers that are kept alive by bytes in no frame yet. */
    long heldBytes() {
        return in.heldBytes();
    }

    /**
     * Goes to the next whole frame.
     *
     * @return false: more bytes are needed
     * @throws ProtocolException FRAMING when the bytes are not a frame, or it is too long
     */
    boolean next() {
        if (!in.peek(HEADER_BYTES)) {
            return false;
        }
        int frameBytes = frameBytes(in.bytes(), in.start());
        if (!in.take(frameBytes)) {
            return false;
        }
        give(in.bytes(), in.start(), frameBytes);
        return true;
    }

    /** Exactly {@code count} bytes before all frames; null if incomplete. */
    @Nullable
    Buffer exactly(int count) {
        return in.take(count) ? in.bytes().getBuffer(in.start(), in.start() + count) : null;
    }

    /** The next byte; -1 if none is here. */
    int peek() {
        return in.peek(1) ? in.bytes().getUnsignedByte(in.start()) : -1;
    }

    /** One of the four kinds of frames. */
    int type() {
        return type;
    }

    int channel() {
        return channel;
    }

    /** Where the payload is, from {@link #start} to {@link #end}. */
    Buffer bytes() {
        return in.bytes();
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** The whole frame, for the tap. */
    Buffer frame() {
        return in.bytes().slice(start - HEADER_BYTES, end + 1);
    }

    private int frameBytes(Buffer from, int index) {
        int kind = from.getUnsignedByte(index);
        if (kind != METHOD && kind != HEADER && kind != BODY && kind != HEARTBEAT) {
            throw ProtocolException.framing("frame type: " + kind + " (expected: 1, 2, 3 or 8)");
        }
        long size = from.getUnsignedInt(index + 3);
        if (size > maxFrameBytes - OVERHEAD_BYTES) {
            throw ProtocolException.framing(
                    "frame size: " + size + " (expected: <= " + (maxFrameBytes - OVERHEAD_BYTES) + ")");
        }
        return OVERHEAD_BYTES + (int) size;
    }

    private void give(Buffer from, int index, int frameBytes) {
        int last = from.getUnsignedByte(index + frameBytes - 1);
        if (last != END) {
            throw ProtocolException.framing("frame end: " + last + " (expected: " + END + ")");
        }
        type = from.getUnsignedByte(index);
        channel = from.getUnsignedShort(index + 1);
        start = index + HEADER_BYTES;
        end = index + frameBytes - 1;
    }
}
