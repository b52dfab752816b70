package dev.polywire.framed.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The data types of Python's pickle: None, bool, int, float, str, bytes, list, tuple, dict and set. Reads protocols 2 to 5,
 * writes 4. An opcode that can name or build a class is refused by name, so nothing that a peer sends is ever run.
 *
 * <p>A {@code bytearray} reads as bytes. Without naming a class, protocols 2 and 3 cannot express sets, protocol 2 bytes,
 * and no protocol below 5 a {@code bytearray}: those are refused.
 */
public final class PickleCodec implements PayloadCodec {

    /** Levels of containers that a payload may have. As JSON a level is up to three, and writing is recursive. */
    static final int MAX_DEPTH = 500;

    private final long maxValueBytes;

    /** @param maxValueBytes of memory that the values of one payload may take, by estimate */
    public PickleCodec(long maxValueBytes) {
        this.maxValueBytes = maxValueBytes;
    }

    @Override
    public @Nullable Object decode(Buffer payload) {
        try {
            return new PickleReader(payload, new ValueBudget(maxValueBytes)).read();
        } catch (ProtocolException bad) {
            throw ProtocolException.of(bad.kind(), "pickle: " + bad.getMessage());
        }
    }

    @Override
    public Buffer encode(@Nullable Object value) {
        return new PickleWriter().write(value);
    }
}
