package dev.polywire.framed.wire;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.LengthPrefix;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.TimedMachine;
import dev.polywire.core.wire.Timers;
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
public final class FramedMachine extends TimedMachine<FramedMessage, FramedMachine.Timer> {

    enum Timer {
        /** The message that was begun must end. */
        MESSAGE,
        /** One of both sides must have said something. */
        IDLE
    }

    private static final LengthPrefix LAYOUT =
            new LengthPrefix(0, false, LengthPrefix.Counts.FOLLOWING, 0, 0, ProtocolException.Kind.LIMIT);
    static final int HEADER_BYTES = 4;
    private final FrameAccumulator input;
    private final OutputQueue output;
    private final FramedLimits limits;
    private FramedState state = FramedState.OPEN;
    private long receivedMillis;
    private long messageMillis = NEVER;
    private long pausedMillis = NEVER;
    /** When somebody was last heard, the time of pauses left out; never yet, before the first byte or pause. */
    private long activeMillis = NEVER;
    /** Something was sent since then: by when is not known here, so the next tick counts as the moment. */
    private boolean spoke;

    public FramedMachine(FramedLimits limits, FrameTap tap) {
        this(limits, tap, new OutputQueue());
    }

    private FramedMachine(FramedLimits limits, FrameTap tap, OutputQueue output) {
        super(output, tap, new Timers<>(Timer.class));
        this.input = new FrameAccumulator(LAYOUT, limits.maxFrameBytes());
        this.limits = limits;
        this.output = output;
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
    @Override
    public void hold(boolean held, long nowMillis) {
        if (held && pausedMillis == NEVER) {
            pausedMillis = nowMillis;
            activeMillis = Math.min(activeMillis, nowMillis);
            arm();
        } else if (!held && pausedMillis != NEVER) {
            if (messageMillis != NEVER) {
                messageMillis += nowMillis - pausedMillis;
            }
            activeMillis += nowMillis - pausedMillis;
            pausedMillis = NEVER;
            receivedMillis = nowMillis;
            arm();
        }
    }

    @Override
    protected void arrived(Buffer bytes, long nowMillis) {
        input.append(bytes);
        receivedMillis = nowMillis;
        activeMillis = nowMillis;
        arm();
    }

    @Override
    public long heldBytes() {
        return input.waitingBytes();
    }

    @Override
    protected @Nullable FramedMessage next() {
        Buffer frame = input.nextFrame();
        if (frame != null) {
            message(NEVER);
            tap.frame(false, "message", frame, false);
            return new FramedMessage(frame.slice(HEADER_BYTES, frame.length()));
        }
        if (input.waitingBytes() > 0 && messageMillis == NEVER) {
            message(receivedMillis + limits.frameTimeoutMillis());
        }
        return null;
    }

    @Override
    protected @Nullable FramedMessage ended() {
        input.requireFinished("message");
        state = FramedState.ENDED;
        finish();
        return null;
    }

    @Override
    protected void farewell(ProtocolException violation) {
        if (state != FramedState.IDLE) {
            state = FramedState.FAILED;
        }
    }

    @Override
    protected void due(Timer timer, long nowMillis) {
        if (timer == Timer.MESSAGE) {
            throw ProtocolException.silence("message: unfinished after " + limits.frameTimeoutMillis() + " ms, "
                    + input.waitingBytes() + " bytes of its frame are here");
        }
        if (!spoke) {
            state = FramedState.IDLE;
            throw ProtocolException.silence("connection: idle for " + limits.idleTimeoutMillis() + " ms");
        }
        spoke = false;
        activeMillis = nowMillis;
        arm();
    }

    /** When the message that was begun must end. */
    private void message(long byMillis) {
        messageMillis = byMillis;
        arm();
    }

    /** While nobody reads, nobody can be blamed. */
    private void arm() {
        boolean reading = pausedMillis == NEVER;
        timers.set(Timer.MESSAGE, reading ? messageMillis : NEVER);
        timers.set(Timer.IDLE, reading ? idleMillis() : NEVER);
    }

    /** When it has been idle for too long. */
    private long idleMillis() {
        return limits.idleTimeoutMillis() == 0 || activeMillis == NEVER
                ? NEVER
                : activeMillis + limits.idleTimeoutMillis();
    }
}
