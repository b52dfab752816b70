package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.FrameAccumulator;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Whole messages out of what was received, until the peer has closed and the last one is given out. */
final class MessageStream {

    private final FrameAccumulator frames;
    private boolean closed;

    MessageStream(int maxMessageBytes) {
        frames = new FrameAccumulator(MessageHeader.LENGTH_PREFIX, maxMessageBytes);
    }

    void limit(int maxMessageBytes) {
        frames.limit(maxMessageBytes);
    }

    void receive(Buffer bytes) {
        frames.append(bytes);
    }

    void close() {
        closed = true;
    }

    /** Whether the peer has closed; true of the end of the stream when {@link #next} gives null. */
    boolean isClosed() {
        return closed;
    }

    /**
     * The next whole message or null.
     *
     * @throws ProtocolException FRAMING for a bad length, and for a message that its sender cut short
     */
    @Nullable
    Buffer next() {
        Buffer frame = frames.nextFrame();
        if (frame == null && closed && frames.waitingBytes() > 0) {
            throw ProtocolException.framing("message: truncated after " + frames.waitingBytes() + " bytes");
        }
        return frame;
    }
}
