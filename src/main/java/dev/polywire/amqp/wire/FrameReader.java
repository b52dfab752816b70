package dev.polywire.amqp.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts received bytes into frames (AMQP 0-9-1, 2.3.5).
 *
 * <pre>
 *   01  00 01  00 00 00 04  00 14 00 29  ce      type, channel, size, payload, end
 * </pre>
 *
 * <p>A complete frame stays in the receive buffer; only an incomplete frame is gathered, in a buffer that grows as bytes
 * arrive. A header is checked as soon as it is complete.
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

    private static final Buffer NOTHING = Buffer.buffer();

    private final ArrayDeque<Buffer> received = new ArrayDeque<>();
    private Buffer current = NOTHING;
    private int at;
    /** The received part of an incomplete frame. */
    private @Nullable Buffer gathered;

    private int maxFrameBytes;
    private Buffer bytes = NOTHING;
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
        if (more.length() > 0) {
            received.add(more);
        }
    }

    /** Received bytes that are in no frame yet. */
    long waitingBytes() {
        long waiting = current.length() - at;
        waiting += gathered == null ? 0 : gathered.length();
        for (Buffer each : received) {
            waiting += each.length();
        }
        return waiting;
    }

    /**
     * Goes to the next whole frame.
     *
     * @return false: more bytes are needed
     * @throws ProtocolException FRAMING when the bytes are not a frame, or it is too long
     */
    boolean next() {
        if (gathered == null) {
            int available = availableBytes();
            if (available == 0) {
                return false;
            }
            if (available >= HEADER_BYTES) {
                int frameBytes = frameBytes(current, at);
                if (available >= frameBytes) {
                    give(current, at, frameBytes);
                    at += frameBytes;
                    return true;
                }
            }
            gathered = Buffer.buffer(available);
        }
        return gather(gathered);
    }

    /** Exactly {@code count} bytes before all frames; null if incomplete. */
    @Nullable
    Buffer exactly(int count) {
        Buffer part = gathered == null ? Buffer.buffer(count) : gathered;
        gathered = part;
        if (!append(part, count)) {
            return null;
        }
        gathered = null;
        return part;
    }

    /** The next byte; -1 if none is here. */
    int peek() {
        if (gathered != null) {
            return gathered.getUnsignedByte(0);
        }
        return availableBytes() == 0 ? -1 : current.getUnsignedByte(at);
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
        return bytes;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }

    /** The whole frame, for the tap. */
    Buffer frame() {
        return bytes.slice(start - HEADER_BYTES, end + 1);
    }

    private boolean gather(Buffer part) {
        if (!append(part, HEADER_BYTES)) {
            return false;
        }
        int frameBytes = frameBytes(part, 0);
        if (!append(part, frameBytes)) {
            return false;
        }
        gathered = null;
        give(part, 0, frameBytes);
        return true;
    }

    /** Fills {@code part} up to {@code length} bytes; false if there are fewer. */
    private boolean append(Buffer part, int length) {
        while (part.length() < length) {
            int available = availableBytes();
            if (available == 0) {
                return false;
            }
            int count = Math.min(available, length - part.length());
            part.appendBuffer(current, at, count);
            at += count;
        }
        return true;
    }

    private int availableBytes() {
        while (at == current.length()) {
            Buffer next = received.poll();
            at = 0;
            current = next == null ? NOTHING : next;
            if (next == null) {
                return 0;
            }
        }
        return current.length() - at;
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
        bytes = from;
        type = from.getUnsignedByte(index);
        channel = from.getUnsignedShort(index + 1);
        start = index + HEADER_BYTES;
        end = index + frameBytes - 1;
    }
}
