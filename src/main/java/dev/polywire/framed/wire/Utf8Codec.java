package dev.polywire.framed.wire;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A payload is strict UTF-8: a {@link String}. */
public final class Utf8Codec implements PayloadCodec {

    @Override
    public String decode(Buffer payload) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload.getBytes()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw ProtocolException.decode("not UTF-8");
        }
    }

    @Override
    public Buffer encode(@Nullable Object value) {
        if (value instanceof String text) {
            return utf8(text);
        }
        throw new IllegalArgumentException("not text (expected: a string)");
    }

    /** @throws IllegalArgumentException when {@code text} has no UTF-8 */
    static Buffer utf8(String text) {
        return Buffer.buffer(Utf8.encoded(text));
    }
}
