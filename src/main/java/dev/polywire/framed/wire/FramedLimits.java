package dev.polywire.framed.wire;

import dev.polywire.core.wire.Limits;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * What one framed connection may cost. The protocol itself has no limits: a length goes up to 4 GiB, and a message may
 * take for ever.
 *
 * @param maxFrameBytes most bytes of a payload, in both directions, 1 to 256 MiB
 * @param frameTimeoutMillis from the first byte of a message to its last, while it is read; 1 to 86,400,000
 */
public record FramedLimits(int maxFrameBytes, long frameTimeoutMillis) {

    /** Large for a message, small beside a heap. */
    public static final int DEFAULT_MAX_FRAME_BYTES = 16 * 1024 * 1024;

    public static final int GREATEST_MAX_FRAME_BYTES = 256 * 1024 * 1024;
    /** The largest message at a slow 2 Mbit/s; one who sends a byte now and then has no use for a connection. */
    public static final long DEFAULT_FRAME_TIMEOUT_MILLIS = 60_000;

    public static final long GREATEST_FRAME_TIMEOUT_MILLIS = 86_400_000;

    public static final FramedLimits DEFAULT = new FramedLimits(DEFAULT_MAX_FRAME_BYTES, DEFAULT_FRAME_TIMEOUT_MILLIS);

    public FramedLimits {
        Limits.range("maxFrameBytes", maxFrameBytes, 1, GREATEST_MAX_FRAME_BYTES);
        Limits.range("frameTimeoutMillis", frameTimeoutMillis, 1, GREATEST_FRAME_TIMEOUT_MILLIS);
    }

    /** @throws ProtocolException LIMIT when {@code payload} is too long for one message */
    public void check(Buffer payload) {
        if (payload.length() > maxFrameBytes) {
            throw ProtocolException.limit("payload: " + payload.length() + " (expected: <= " + maxFrameBytes + ")");
        }
    }

    /** @throws ProtocolException FRAMING when {@code frame} is not one whole frame, LIMIT when it is too long */
    public void checkFrame(Buffer frame) {
        int payloadBytes = frame.length() - FramedMachine.HEADER_BYTES;
        if (payloadBytes < 0 || frame.getInt(0) != payloadBytes) {
            throw ProtocolException.framing("frame: " + frame.length() + " bytes that are not one frame");
        }
        if (payloadBytes > maxFrameBytes) {
            throw ProtocolException.limit("payload: " + payloadBytes + " (expected: <= " + maxFrameBytes + ")");
        }
    }
}
