package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/** {@code noop}, number 0: bytes as they are. For tests of servers; no driver offers it. */
public final class NoopCompressor implements Compressor {

    @Override
    public int id() {
        return 0;
    }

    @Override
    public String name() {
        return "noop";
    }

    @Override
    public Buffer compress(Buffer bytes) {
        return bytes;
    }

    @Override
    public Buffer decompress(Buffer compressed, int uncompressedBytes) {
        if (compressed.length() != uncompressedBytes) {
            throw ProtocolException.framing(
                    "uncompressedSize: " + uncompressedBytes + " (expected: " + compressed.length() + ")");
        }
        return compressed;
    }
}
