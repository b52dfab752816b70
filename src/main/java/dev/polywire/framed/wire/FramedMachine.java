package dev.polywire.framed.wire;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.LengthPrefix;
import dev.polywire.core.wire.Machine;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * One side of a framed connection; both sides are alike.
 *
 * <pre>
 *   00 00 00 05  68 65 6c 6c 6f      "hello"
 *   00 00 00 00                      an empty message
 * </pre>
 */
public final class FramedMachine implements Machine<FramedMessage> {

    /** Most bytes of a payload when nobody says: large for a message, small beside a heap. */
    public static final int DEFAULT_MAX_FRAME_BYTES = 16 * 1024 * 1024;

    private static final LengthPrefix LAYOUT =
            new LengthPrefix(0, false, LengthPrefix.Counts.FOLLOWING, 0, 0, ProtocolException.Kind.LIMIT);
    private static final int HEADER_BYTES = 4;

    private final FrameAccumulator input;
    private final OutputQueue output = new OutputQueue();
    private final int maxFrameBytes;
    private final FrameTap tap;
    private FramedState state = FramedState.OPEN;

    /** @param maxFrameBytes most bytes of a payload, in both directions */
    public FramedMachine(int maxFrameBytes, FrameTap tap) {
        this.input = new FrameAccumulator(LAYOUT, maxFrameBytes);
        this.maxFrameBytes = maxFrameBytes;
        this.tap = tap;
    }

    public FramedState state() {
        return state;
    }

    /**
     * Sends one message.
     *
     * @throws ProtocolException LIMIT when the payload is over the limit; nothing is sent, and the machine goes on
     */
    public void send(Buffer payload) {
        if (payload.length() > maxFrameBytes) {
            throw ProtocolException.limit("payload: " + payload.length() + " (expected: <= " + maxFrameBytes + ")");
        }
        Buffer header = Buffer.buffer(HEADER_BYTES).appendInt(payload.length());
        output.add(header);
        output.add(payload);
        if (tap != FrameTap.NONE) {
            tap.frame(true, "message", header.copy().appendBuffer(payload), false);
        }
    }

    @Override
    public void receive(Buffer bytes, long nowMillis) {
        input.append(bytes);
    }

    @Override
    public void peerClosed(long nowMillis) {
        if (state == FramedState.OPEN) {
            state = FramedState.ENDED;
        }
    }

    @Override
    public @Nullable FramedMessage nextEvent() {
        if (state == FramedState.FAILED) {
            return null;
        }
        Buffer frame = frame();
        if (frame != null) {
            tap.frame(false, "message", frame, false);
            return new FramedMessage(frame.slice(HEADER_BYTES, frame.length()));
        }
        if (state == FramedState.ENDED && input.waitingBytes() > 0) {
            state = FramedState.FAILED;
            throw ProtocolException.framing(
                    "message: truncated by the peer after " + input.waitingBytes() + " bytes of its frame");
        }
        return null;
    }

    @Override
    public @Nullable Buffer takeOutput() {
        return output.take();
    }

    @Override
    public long outputBytes() {
        return output.bytes();
    }

    private @Nullable Buffer frame() {
        try {
            return input.nextFrame();
        } catch (ProtocolException tooLong) {
            state = FramedState.FAILED;
            throw tooLong;
        }
    }
}
