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
 *
 * <p>Between two messages silence is legal, for as long as {@code idleTimeoutMillis} says. A message that was begun must end
 * within a time limit. The time while its reader has paused does not count for either.
 */
public final class FramedMachine implements Machine<FramedMessage> {

    private static final LengthPrefix LAYOUT =
            new LengthPrefix(0, false, LengthPrefix.Counts.FOLLOWING, 0, 0, ProtocolException.Kind.LIMIT);
    static final int HEADER_BYTES = 4;
    private static final long NEVER = Long.MAX_VALUE;

    private final FrameAccumulator input;
    private final OutputQueue output = new OutputQueue();
    private final FramedLimits limits;
    private final FrameTap tap;
    private FramedState state = FramedState.OPEN;
    private long receivedMillis;
    private long deadlineMillis = NEVER;
    private long pausedMillis = NEVER;
    /** When somebody was last heard, the time of pauses left out; never yet, before the first byte or pause. */
    private long activeMillis = NEVER;
    /** Something was sent since then: by when is not known here, so the next tick counts as the moment. */
    private boolean spoke;

    public FramedMachine(FramedLimits limits, FrameTap tap) {
        this.input = new FrameAccumulator(LAYOUT, limits.maxFrameBytes());
        this.limits = limits;
        this.tap = tap;
    }

    public FramedState state() {
        return state;
    }

    public FramedLimits limits() {
        return limits;
    }

    /**
     * Sends one message.
     *
     * @throws ProtocolException LIMIT when the payload is over the limit; nothing is sent, and the machine goes on
     */
    public void send(Buffer payload) {
        limits.check(payload);
        spoke = true;
        output.addInt(payload.length());
        output.add(payload);
        if (tap != FrameTap.NONE) {
            tap.frame(true, "message", frame(payload), false);
        }
    }

    /** A message as it stands on the wire, for {@link #sendFrame}. */
    public static Buffer frame(Buffer payload) {
        return Buffer.buffer(HEADER_BYTES + payload.length())
                .appendInt(payload.length())
                .appendBuffer(payload);
    }

    /**
     * Sends one message that was framed before, for many connections perhaps. It is written as it is.
     *
     * @throws ProtocolException LIMIT when its payload is over the limit, FRAMING when it is not one whole frame; nothing is
     *     sent, and the machine goes on
     */
    public void sendFrame(Buffer frame) {
        limits.checkFrame(frame);
        spoke = true;
        output.add(frame);
        tap.frame(true, "message", frame, false);
    }

    /** From now on nobody asks for events, so the peer cannot be blamed for an unfinished message. */
    public void pause(long nowMillis) {
        if (pausedMillis == NEVER) {
            pausedMillis = nowMillis;
            activeMillis = Math.min(activeMillis, nowMillis);
        }
    }

    /** Events are asked for again. */
    public void resume(long nowMillis) {
        if (pausedMillis != NEVER) {
            if (deadlineMillis != NEVER) {
                deadlineMillis += nowMillis - pausedMillis;
            }
            activeMillis += nowMillis - pausedMillis;
            pausedMillis = NEVER;
            receivedMillis = nowMillis;
        }
    }

    @Override
    public void receive(Buffer bytes, long nowMillis) {
        input.append(bytes);
        receivedMillis = nowMillis;
        activeMillis = nowMillis;
    }

    @Override
    public void peerClosed(long nowMillis) {
        if (state == FramedState.OPEN) {
            state = FramedState.ENDED;
        }
    }

    @Override
    public @Nullable FramedMessage nextEvent() {
        if (state == FramedState.FAILED || state == FramedState.IDLE) {
            return null;
        }
        Buffer frame = frame();
        if (frame != null) {
            deadlineMillis = NEVER;
            tap.frame(false, "message", frame, false);
            return new FramedMessage(frame.slice(HEADER_BYTES, frame.length()));
        }
        if (input.waitingBytes() > 0) {
            unfinished();
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

    @Override
    public long deadlineMillis() {
        return pausedMillis == NEVER && state == FramedState.OPEN ? Math.min(deadlineMillis, idleMillis()) : NEVER;
    }

    @Override
    public void tick(long nowMillis) {
        if (nowMillis < deadlineMillis()) {
            return;
        }
        if (nowMillis >= deadlineMillis) {
            state = FramedState.FAILED;
            throw ProtocolException.limit("message: unfinished after " + limits.frameTimeoutMillis() + " ms, "
                    + input.waitingBytes() + " bytes of its frame are here");
        }
        if (!spoke) {
            state = FramedState.IDLE;
            throw ProtocolException.limit("connection: idle for " + limits.idleTimeoutMillis() + " ms");
        }
        spoke = false;
        activeMillis = nowMillis;
    }

    /** When it has been idle for too long. */
    private long idleMillis() {
        return limits.idleTimeoutMillis() == 0 || activeMillis == NEVER
                ? NEVER
                : activeMillis + limits.idleTimeoutMillis();
    }

    private @Nullable Buffer frame() {
        try {
            return input.nextFrame();
        } catch (ProtocolException tooLong) {
            state = FramedState.FAILED;
            throw tooLong;
        }
    }

    private void unfinished() {
        if (state == FramedState.ENDED) {
            state = FramedState.FAILED;
            throw ProtocolException.framing(
                    "message: truncated by the peer after " + input.waitingBytes() + " bytes of its frame");
        }
        if (deadlineMillis == NEVER) {
            deadlineMillis = receivedMillis + limits.frameTimeoutMillis();
        }
    }
}
