package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * A way to make messages smaller, which client and server agree on in the hello. One object serves any number of connections
 * of one context, and may keep what it needs between two calls.
 */
public interface Compressor {

    /** The number in {@link OpCompressed}, 0 to 255. */
    int id();

    /** The name in the hello, such as {@code zlib}. */
    String name();

    /** The same bytes, compressed. */
    Buffer compress(Buffer bytes);

    /**
     * The bytes as they were. Must not allocate much more than {@code uncompressedBytes}, nor go on behind it.
     *
     * @param compressed what a peer has sent: anything
     * @param uncompressedBytes what the peer declares, within the limit of a message
     * @throws ProtocolException FRAMING or LIMIT when they are not exactly {@code uncompressedBytes}
     */
    Buffer decompress(Buffer compressed, int uncompressedBytes);
}
