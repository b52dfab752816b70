package dev.polywire.framed.wire;

import dev.polywire.core.wire.Limits;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * The limits of one framed connection. The protocol itself has no limits: a length goes up to 4 GiB, and a message may take
 * any time.
 *
 * @param maxFrameBytes most bytes of a payload, in both directions, 1 to 256 MiB
 * @param frameTimeoutMillis from the first byte of a message to its last, while it is read; 1 to 86,400,000
 * @param idleTimeoutMillis how long both sides may be silent while it is read, 1 to 86,400,000; 0, the default: for ever,
 *     because the protocol has no heartbeat
 * @param maxOutputBytes that wait for a peer which reads slower than we write, 1 to 1 GiB; the default is the largest
 *     message. When nothing waits, a message of any size is accepted
 * @param slowPeerMillis how long such a peer may read nothing before it is dropped, 1 to 86,400,000
 * @param maxOutstanding requests without a reply on one connection, 1 to 100,000, when both sides use {@link
 *     FramedEnvelope}s; 0, the default: without envelopes, each payload is a message
 */
public record FramedLimits(
        int maxFrameBytes,
        long frameTimeoutMillis,
        long idleTimeoutMillis,
        int maxOutputBytes,
        long slowPeerMillis,
        int maxOutstanding) {

    /** Large for a message, small beside a heap. */
    public static final int DEFAULT_MAX_FRAME_BYTES = 16 * 1024 * 1024;

    public static final int GREATEST_MAX_FRAME_BYTES = 256 * 1024 * 1024;
    /** The largest message at a slow 2 Mbit/s; a peer that sends a byte now and then does not need one. */
    public static final long DEFAULT_FRAME_TIMEOUT_MILLIS = 60_000;

    public static final int GREATEST_MAX_OUTPUT_BYTES = 1024 * 1024 * 1024;
    /** As long as the largest message may take in the other direction. */
    public static final long DEFAULT_SLOW_PEER_MILLIS = DEFAULT_FRAME_TIMEOUT_MILLIS;
    /** As many as a connector accepts from the bus. */
    public static final int DEFAULT_MAX_OUTSTANDING = 1_000;

    public static final int GREATEST_MAX_OUTSTANDING = 100_000;
    /** A day. */
    public static final long GREATEST_MILLIS = 86_400_000;

    public static final FramedLimits DEFAULT = new FramedLimits(DEFAULT_MAX_FRAME_BYTES, DEFAULT_FRAME_TIMEOUT_MILLIS);

    public FramedLimits {
        Limits.range("maxFrameBytes", maxFrameBytes, 1, GREATEST_MAX_FRAME_BYTES);
        Limits.range("frameTimeoutMillis", frameTimeoutMillis, 1, GREATEST_MILLIS);
        Limits.range("idleTimeoutMillis", idleTimeoutMillis, 0, GREATEST_MILLIS);
        Limits.range("maxOutputBytes", maxOutputBytes, 1, GREATEST_MAX_OUTPUT_BYTES);
        Limits.range("slowPeerMillis", slowPeerMillis, 1, GREATEST_MILLIS);
        Limits.range("maxOutstanding", maxOutstanding, 0, GREATEST_MAX_OUTSTANDING);
    }

    /** The other limits have their defaults. */
    public FramedLimits(int maxFrameBytes, long frameTimeoutMillis) {
        this(maxFrameBytes, frameTimeoutMillis, 0, maxFrameBytes, DEFAULT_SLOW_PEER_MILLIS, 0);
    }

    /** The same, with an envelope around each message. @param maxOutstanding at least 1 */
    public FramedLimits correlated(int maxOutstanding) {
        return new FramedLimits(
                maxFrameBytes, frameTimeoutMillis, idleTimeoutMillis, maxOutputBytes, slowPeerMillis, maxOutstanding);
    }

    /** Whether a payload is an envelope. */
    public boolean isCorrelated() {
        return maxOutstanding > 0;
    }

    /** A message in its wire form, for any connection with these limits. */
    public Buffer frame(Buffer content) {
        return FramedMachine.frame(isCorrelated() ? FramedEnvelope.message(content) : content);
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
