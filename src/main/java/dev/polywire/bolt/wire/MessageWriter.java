package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.PackStream.SHORTS;

import dev.polywire.core.wire.Output;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages to send, in the largest possible chunks, one after the other until they are taken.
 */
final class MessageWriter implements Output {

    static final int MAX_CHUNK_BYTES = 0xffff;
    private static final int SIZE_BYTES = 2;

    private final PackStreamWriter out;
    private int limitBytes;

    MessageWriter(ValueDialect dialect, int limitBytes) {
        this.out = new PackStreamWriter(dialect, Integer.MAX_VALUE);
        this.limitBytes = limitBytes;
    }

    void dialect(ValueDialect dialect) {
        out.dialect(dialect);
    }

    /** The most bytes of one message, without chunk headers. */
    void limit(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Bytes before all chunks, for handshakes; and NOOPs. */
    void raw(byte... bytes) {
        out.limit(Integer.MAX_VALUE);
        out.raw(bytes, 0, bytes.length);
    }

    /**
     * Appends a message; a message that cannot be written leaves no bytes.
     *
     * @param seen is given the message, without chunk headers; null: not wanted
     */
    void write(Consumer<PackStreamWriter> message, @Nullable Consumer<Buffer> seen) {
        int start = out.position();
        try {
            out.limit(Integer.MAX_VALUE);
            out.skip(SIZE_BYTES);
            out.limit((int) Math.min((long) start + SIZE_BYTES + limitBytes, Integer.MAX_VALUE));
            message.accept(out);
        } catch (RuntimeException bad) {
            out.truncate(start);
            throw bad;
        }
        int length = out.position() - start - SIZE_BYTES;
        if (seen != null) {
            seen.accept(Buffer.buffer(length).appendBytes(out.array(), start + SIZE_BYTES, length));
        }
        cutIntoChunks(start + SIZE_BYTES, length);
    }

    private void cutIntoChunks(int from, int length) {
        int more = (length - 1) / MAX_CHUNK_BYTES;
        out.limit(Integer.MAX_VALUE);
        out.skip(more * SIZE_BYTES + SIZE_BYTES);
        byte[] bytes = out.array();
        // The last chunk moves first; each moves by the sizes before it.
        for (int i = more; i >= 0; i--) {
            int at = from + i * MAX_CHUNK_BYTES;
            int size = Math.min(MAX_CHUNK_BYTES, length - i * MAX_CHUNK_BYTES);
            int to = at + i * SIZE_BYTES;
            if (i > 0) {
                System.arraycopy(bytes, at, bytes, to, size);
            }
            SHORTS.set(bytes, to - SIZE_BYTES, (short) size);
        }
        SHORTS.set(bytes, out.position() - SIZE_BYTES, (short) 0);
    }

    @Override
    public long bytes() {
        return out.position();
    }

    /** All output, or null. */
    @Override
    public @Nullable Buffer take() {
        return out.position() == 0 ? null : out.take();
    }
}
