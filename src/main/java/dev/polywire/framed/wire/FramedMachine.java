package dev.polywire.framed.wire;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
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
 * <p>Between two messages silence is legal, for up to {@code idleTimeoutMillis}. A message must be complete within a time
 * limit after its first byte. Time while reading is paused counts for neither.
 */
public final class FramedMachine extends TimedMachine<FramedMessage, FramedMachine.Timer> {

    enum Timer {
        /** The message that has begun must be complete. */
        MESSAGE,
        /** One of the two sides must have sent something. */
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
    /** The time of the last bytes in either direction, without pauses; NEVER before the first byte or pause. */
    private long activeMillis = NEVER;
    /** Bytes were sent since then; the time is not known here, so the next tick counts as that time. */
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
     * @throws ProtocolException LIMIT when the payload is over the limit; nothing is sent, and the machine continues
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

    /** A message in its wire form, for {@link #sendFrame}. */
    public static Buffer frame(Buffer payload) {
        return Buffer.buffer(HEADER_BYTES + payload.length())
                .appendInt(payload.length())
                .appendBuffer(payload);
    }

    /**
     * Sends one message that is already framed, perhaps for many connections. It is written unchanged.
     *
     * @throws ProtocolException LIMIT when its payload is over the limit, FRAMING when it is not one whole frame; nothing
     *     is sent, and the machine continues
     */
    public void sendFrame(Buffer frame) {
        limits.checkFrame(frame);
        spoke = true;
        output.add(frame);
        tap.frame(true, "message", frame, false);
    }

    /** From now on no events are read, so an unfinished message is not the peer's fault. */
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
    protected Intake intake() {
        return input;
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

    /** Sets the time by which the message that has begun must be complete. */
    private void message(long byMillis) {
        messageMillis = byMillis;
        arm();
    }

    /** While reading is paused, no timeout runs. */
    private void arm() {
        boolean reading = pausedMillis == NEVER;
        timers.set(Timer.MESSAGE, reading ? messageMillis : NEVER);
        timers.set(Timer.IDLE, reading ? idleMillis() : NEVER);
    }

    /** The time at which it has been idle for too long. */
    private long idleMillis() {
        return limits.idleTimeoutMillis() == 0 || activeMillis == NEVER
                ? NEVER
                : activeMillis + limits.idleTimeoutMillis();
    }
}
