package dev.polywire.framed.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Translates the payloads of a connector. Pass a codec of your own to {@code FramedClientVerticle} or {@code
 * FramedServerVerticle}; it is called on that verticle's context only, for all of its connections.
 *
 * <p>Values are plain: null, {@link Boolean}, {@link Long}, {@link java.math.BigInteger} (integers beyond a long),
 * {@link Double}, {@link String}, {@link Buffer} (bytes), {@link java.util.List}, {@link java.util.Map} with strings as
 * keys, and {@link TypedValue} for the rest. {@code encode} should take any {@code Number}, {@code Map} or {@code Set} that
 * represents such a value.
 */
public interface PayloadCodec {

    /**
     * Decodes a payload, whose bytes a peer chose.
     *
     * @throws ProtocolException DECODE, or LIMIT when the value is over a bound; the connection continues
     */
    @Nullable
    Object decode(Buffer payload);

    /**
     * The payload for {@code value}.
     *
     * @throws IllegalArgumentException when this codec cannot carry it; the message reaches the caller
     */
    Buffer encode(@Nullable Object value);
}
