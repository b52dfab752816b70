package dev.polywire.testing;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.LengthPrefix;
import dev.polywire.core.wire.Machine;
import dev.polywire.core.wire.OutputQueue;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The smallest machine there is: texts with a length before them (four bytes, big endian). Enough to test what every
 * machine is run by. {@code "violate"} from the peer is a violation of the protocol, with a farewell.
 */
public final class TextMachine implements Machine<String> {

    public static final int MAX_TEXT_BYTES = 1 << 20;

    private static final LengthPrefix LAYOUT =
            new LengthPrefix(0, false, LengthPrefix.Counts.FOLLOWING, 0, 0, ProtocolException.Kind.LIMIT);

    private final FrameAccumulator frames = new FrameAccumulator(LAYOUT, MAX_TEXT_BYTES);
    private final OutputQueue output = new OutputQueue();
    private long deadlineMillis = Long.MAX_VALUE;
    private boolean late;
    private @Nullable RuntimeException trap;

    /** A text as it stands on the wire. */
    public static Buffer frame(String text) {
        Buffer bytes = Buffer.buffer(text);
        return Buffer.buffer(4 + bytes.length()).appendInt(bytes.length()).appendBuffer(bytes);
    }

    public void send(String text) {
        output.add(frame(text));
    }

    /** From {@code deadlineMillis} on the event {@code "late"} is given, once. */
    public void expectBy(long deadlineMillis) {
        this.deadlineMillis = deadlineMillis;
    }

    /** The next call for output throws: a bug. */
    public void trapOutput(RuntimeException bug) {
        trap = bug;
    }

    @Override
    public void receive(Buffer bytes, long nowMillis) {
        frames.append(bytes);
    }

    @Override
    public void peerClosed(long nowMillis) {
        if (frames.waitingBytes() > 0) {
            throw ProtocolException.framing("truncated by peer");
        }
    }

    @Override
    public @Nullable String nextEvent() {
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
            send("farewell");
            throw ProtocolException.framing("violate: not allowed");
        }
        return text;
    }

    @Override
    public @Nullable Buffer takeOutput() {
        if (trap != null) {
            RuntimeException bug = trap;
            trap = null;
            throw bug;
        }
        return output.take();
    }

    @Override
    public long outputBytes() {
        return output.bytes();
    }

    @Override
    public long deadlineMillis() {
        return deadlineMillis;
    }

    @Override
    public void tick(long nowMillis) {
        if (nowMillis >= deadlineMillis) {
            deadlineMillis = Long.MAX_VALUE;
            late = true;
        }
    }
}
