package dev.polywire.framed.wire;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A payload is its bytes: a {@link Buffer}. */
public final class RawCodec implements PayloadCodec {

    @Override
    public Buffer decode(Buffer payload) {
        return payload;
    }

    @Override
    public Buffer encode(@Nullable Object value) {
        if (value instanceof Buffer bytes) {
            return bytes;
        } else if (value instanceof byte[] bytes) {
            return Buffer.buffer(bytes);
        }
        throw new IllegalArgumentException("not bytes (expected: bytes)");
    }
}
