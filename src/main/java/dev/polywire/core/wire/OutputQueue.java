package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What a machine has to send: small pieces are joined, a piece of {@link #WHOLE_BYTES} or more is passed on uncopied. */
public final class OutputQueue {

    /** From here on copying a piece costs more than one more write. */
    static final int WHOLE_BYTES = 8 * 1024;

    private final ArrayDeque<Buffer> pieces = new ArrayDeque<>();
    private long bytes;

    /** Adds a piece, which must not be changed afterwards. An empty one is nothing to send. */
    public void add(Buffer piece) {
        if (piece.length() > 0) {
            pieces.add(piece);
            bytes += piece.length();
        }
    }

    /** The next buffer to write, or null; see {@link Machine#takeOutput}. */
    public @Nullable Buffer take() {
        Buffer first = pieces.poll();
        if (first == null) {
            return null;
        }
        Buffer next = pieces.peek();
        if (first.length() < WHOLE_BYTES && next != null && next.length() < WHOLE_BYTES) {
            Buffer joined = Buffer.buffer(first.length() + next.length()).appendBuffer(first);
            while (next != null && next.length() < WHOLE_BYTES && joined.length() < 8 * WHOLE_BYTES) {
                joined.appendBuffer(next);
                pieces.remove();
                next = pieces.peek();
            }
            first = joined;
        }
        bytes -= first.length();
        return first;
    }

    /** Bytes that wait. */
    public long bytes() {
        return bytes;
    }
}
