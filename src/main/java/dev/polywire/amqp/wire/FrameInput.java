package dev.polywire.amqp.wire;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** What the machine of either side receives: frames and the methods in them, with a tap on all of it. */
final class FrameInput implements Intake {

    private static final Buffer NOTHING = Buffer.buffer();

    private final FrameReader frames;
    private final AssemblyBudget budget;
    private final FrameTap tap;
    private final AmqpReader arguments = AmqpReader.ofMany();
    private int reading = -1;

    /** @param contents of which the first, the limit on a frame, is not used */
    FrameInput(int maxFrameBytes, AmqpLimits contents, FrameTap tap) {
        this.frames = new FrameReader(maxFrameBytes);
        this.budget = new AssemblyBudget(contents);
        this.tap = tap;
    }

    void receive(Buffer bytes) {
        frames.receive(bytes);
    }

    void limit(int maxFrameBytes) {
        frames.limit(maxFrameBytes);
    }

    /** Of bytes that are in no frame yet, and of unfinished contents. */
    @Override
    public long heldBytes() {
        return frames.heldBytes() + budget.heldBytes();
    }

    /** Counts a content's body. Frames have their own limit, which is negotiated. */
    @Override
    public void cap(int maxBytes) {
        budget.cap(maxBytes);
    }

    /** The next byte; -1 if none is here. */
    int peek() {
        return frames.peek();
    }

    /** The first eight bytes of a connection; null if incomplete. */
    @Nullable
    Buffer header() {
        Buffer header = frames.exactly(ProtocolHeader.BYTES);
        if (header != null) {
            tap.frame(false, "protocol header", header, false);
        }
        return header;
    }

    /** Goes to the next frame; as {@link FrameReader#next}. */
    boolean next() {
        reading = -1;
        if (!frames.next()) {
            // An idle connection does not keep its last read.
            arguments.on(NOTHING, 0, 0);
            return false;
        }
        reading = channel();
        if (tap != FrameTap.NONE && type() != FrameReader.METHOD) {
            tap.frame(false, name(), frames.frame(), false);
        }
        return true;
    }

    int type() {
        return frames.type();
    }

    int channel() {
        return frames.channel();
    }

    int size() {
        return frames.end() - frames.start();
    }

    /** The channel of the frame from {@link #next}; -1 if there is none. */
    int reading() {
        return reading;
    }

    /** The kind of the frame, if it has no method. */
    String name() {
        return switch (type()) {
            case FrameReader.HEADER -> "content header";
            case FrameReader.BODY -> "content body";
            default -> "heartbeat";
        };
    }

    /** The method in the frame. */
    AmqpMethod method() {
        AmqpMethod method = null;
        try {
            method = AmqpMethod.read(payload());
            return method;
        } catch (ProtocolException bad) {
            throw bad.kind() == ProtocolException.Kind.FRAMING
                    ? new Violation(ReplyCode.COMMAND_INVALID, String.valueOf(bad.getMessage()))
                    : bad;
        } finally {
            if (tap != FrameTap.NONE) {
                // An unreadable frame may hold anything, a password too.
                boolean secret = method == null || Credentials.in(method);
                tap.frame(false, method == null ? "method" : method.name(), frames.frame(), secret);
            }
        }
    }

    /** For the contents of one channel. */
    ContentAssembler assembler() {
        return new ContentAssembler(budget);
    }

    /** Adds a content's frame to an assembler; returns the message after the last frame. */
    @Nullable
    Content addTo(ContentAssembler contents) {
        return type() == FrameReader.HEADER
                ? contents.header(payload())
                : contents.body(frames.bytes(), frames.start(), frames.end());
    }

    private AmqpReader payload() {
        return arguments.on(frames.bytes(), frames.start(), frames.end());
    }
}
