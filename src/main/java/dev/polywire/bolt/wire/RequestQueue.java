package dev.polywire.bolt.wire;

import dev.polywire.core.wire.ProtocolException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Received requests, not decoded, up to a number of them; a RESET is detected on arrival. A framing violation is thrown
 * after all requests before it.
 */
final class RequestQueue {

    /** One message; a part of the received bytes. */
    record Message(byte[] bytes, int start, int end) {

        boolean isReset() {
            return hasTag(BoltMessage.RESET.tag());
        }

        boolean isGoodbye() {
            return hasTag(BoltMessage.GOODBYE.tag());
        }

        private boolean hasTag(int tag) {
            return end - start == 2 && (bytes[start] & 0xff) == PackStream.TINY_STRUCTURE && bytes[start + 1] == tag;
        }
    }

    private final ChunkReader in;
    private final int maxWaiting;
    private final ArrayDeque<Message> waiting = new ArrayDeque<>();
    private int resets;
    private long waitingBytes;
    private @Nullable ProtocolException broken;

    RequestQueue(ChunkReader in, int maxWaiting) {
        this.in = in;
        this.maxWaiting = maxWaiting;
    }

    /** Takes the next message in; false: none has arrived, or there is no room. */
    boolean arrive() {
        if (broken != null || waiting.size() >= maxWaiting) {
            return false;
        }
        try {
            if (!in.next()) {
                return false;
            }
        } catch (ProtocolException violation) {
            broken = violation;
            return false;
        }
        Message message = new Message(in.bytes(), in.start(), in.end());
        in.release();
        waiting.add(message);
        waitingBytes += message.end() - message.start();
        resets += message.isReset() ? 1 : 0;
        return true;
    }

    @Nullable
    Message peek() {
        return waiting.peek();
    }

    /**
     * The next message, or null.
     *
     * @throws ProtocolException the framing violation after the last message
     */
    @Nullable
    Message next() {
        Message message = waiting.poll();
        if (message != null) {
            waitingBytes -= message.end() - message.start();
            resets -= message.isReset() ? 1 : 0;
        } else if (broken != null) {
            throw broken;
        }
        return message;
    }

    /** The number of RESETs that wait. */
    int resets() {
        return resets;
    }

    long waitingBytes() {
        return waitingBytes;
    }
}
