package dev.polywire.testing;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.LengthPrefix;
import dev.polywire.core.wire.Output;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.TimedMachine;
import dev.polywire.core.wire.Timers;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The smallest machine there is: texts with a length before them (four bytes, big endian). Enough to test what every
 * machine is run by. {@code "violate"} from the peer is a violation of the protocol, with a farewell.
 */
public final class TextMachine extends TimedMachine<String, TextMachine.Timer> {

    enum Timer {
        LATE
    }

    /** Throws once, if it was told to. */
    private static final class Trapped implements Output {

        private final OutputQueue texts = new OutputQueue();
        private @Nullable RuntimeException trap;

        @Override
        public @Nullable Buffer take() {
            RuntimeException bug = trap;
            trap = null;
            if (bug != null) {
                throw bug;
            }
            return texts.take();
        }

        @Override
        public long bytes() {
            return texts.bytes();
        }
    }

    public static final int MAX_TEXT_BYTES = 1 << 20;

    private static final LengthPrefix LAYOUT =
            new LengthPrefix(0, false, LengthPrefix.Counts.FOLLOWING, 0, 0, ProtocolException.Kind.LIMIT);

    private final FrameAccumulator frames = new FrameAccumulator(LAYOUT, MAX_TEXT_BYTES);
    private final Trapped output;
    private boolean late;

    public TextMachine() {
        this(new Trapped());
    }

    private TextMachine(Trapped output) {
        super(output, FrameTap.NONE, new Timers<>(Timer.class));
        this.output = output;
    }

    /** A text as it stands on the wire. */
    public static Buffer frame(String text) {
        Buffer bytes = Buffer.buffer(text);
        return Buffer.buffer(4 + bytes.length()).appendInt(bytes.length()).appendBuffer(bytes);
    }

    public void send(String text) {
        output.texts.add(frame(text));
    }

    /** From {@code deadlineMillis} on the event {@code "late"} is given, once. */
    public void expectBy(long deadlineMillis) {
        timers.set(Timer.LATE, deadlineMillis);
    }

    /** The next call for output throws: a bug. */
    public void trapOutput(RuntimeException bug) {
        output.trap = bug;
    }

    @Override
    protected void arrived(Buffer bytes, long nowMillis) {
        frames.append(bytes);
    }

    @Override
    protected Intake intake() {
        return frames;
    }

    @Override
    protected @Nullable String ended() {
        frames.requireFinished("text");
        finish();
        return null;
    }

    @Override
    protected @Nullable String next() {
        if (late) {
            late = false;
            return "late";
        }
        Buffer frame = frames.nextFrame();
        if (frame == null) {
            return null;
        }
        String text = frame.getString(4, frame.length());
        if (text.equals("violate")) {
            throw ProtocolException.framing("violate: not allowed");
        }
        return text;
    }

    @Override
    protected void farewell(ProtocolException violation) {
        send("farewell");
    }

    @Override
    protected void due(Timer timer, long nowMillis) {
        late = true;
    }
}
