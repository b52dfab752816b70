package dev.polywire.bolt.wire;

import dev.polywire.core.wire.Intake;
import dev.polywire.core.wire.Pieces;
import dev.polywire.core.wire.ProtocolException;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Received requests, not decoded, up to a number of them; a RESET is detected on arrival. A framing violation is thrown
 * after all requests before it.
 */
final class RequestQueue implements Intake {

    /** One message; a part of the received bytes, if it is no small part of them. */
    record Message(byte[] bytes, int start, int end) {

        static Message of(byte[] bytes, int start, int end) {
            return Pieces.isWorthCopying(end - start, bytes.length)
                    ? new Message(Arrays.copyOfRange(bytes, start, end), 0, end - start)
                    : new Message(bytes, start, end);
        }

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
    private long heldBytes;
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
        Message message = Message.of(in.bytes(), in.start(), in.end());
        in.release();
        heldBytes += sharesWith(waiting.peekLast(), message) ? 0 : message.bytes().length;
        waiting.add(message);
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
            heldBytes -= sharesWith(waiting.peek(), message) ? 0 : message.bytes().length;
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

    /** Of these requests and of the bytes after them. */
    @Override
    public long heldBytes() {
        Message last = waiting.peekLast();
        boolean twice = last != null && in.holds(last.bytes());
        return in.heldBytes() + heldBytes - (twice ? last.bytes().length : 0);
    }

    @Override
    public void cap(int maxBytes) {
        in.cap(maxBytes);
    }

    private static boolean sharesWith(@Nullable Message neighbour, Message message) {
        return neighbour != null && neighbour.bytes() == message.bytes();
    }
}
