package dev.polywire.framed.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * CBOR (RFC 8949). Tag 258 is a set, tags 2 and 3 are integers, other tags stay what they are; {@code undefined} reads as
 * null. There are no tuples.
 */
public final class CborCodec implements PayloadCodec {

    /** Levels of containers that a payload may have. As JSON a level is up to three, and writing is recursive. */
    static final int MAX_DEPTH = 500;

    private final long maxValueBytes;

    /** @param maxValueBytes of memory that the values of one payload may take, by estimate */
    public CborCodec(long maxValueBytes) {
        this.maxValueBytes = maxValueBytes;
    }

    @Override
    public @Nullable Object decode(Buffer payload) {
        try {
            return new CborReader(payload, new ValueBudget(maxValueBytes)).read();
        } catch (ProtocolException bad) {
            throw ProtocolException.of(bad.kind(), "cbor: " + bad.getMessage());
        }
    }

    @Override
    public Buffer encode(@Nullable Object value) {
        return new CborWriter().write(value);
    }
}
