package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.airlift.compress.zstd.ZstdDecompressor;
import io.vertx.core.buffer.Buffer;

/** {@code zstd}, number 3 (RFC 8878), at its default level. Needs {@code io.airlift:aircompressor}. */
public final class ZstdCompressor implements Compressor {

    /** A block of four bytes stands for 128 KiB: more is a lie, and is not allocated. */
    private static final long MOST_EXPANSION = 32 * 1024;

    private final AirCompressor air =
            new AirCompressor("zstd", new io.airlift.compress.zstd.ZstdCompressor(), new ZstdDecompressor());

    @Override
    public int id() {
        return 3;
    }

    @Override
    public String name() {
        return "zstd";
    }

    @Override
    public Buffer compress(Buffer bytes) {
        return air.compress(bytes);
    }

    @Override
    public Buffer decompress(Buffer compressed, int uncompressedBytes) {
        if (uncompressedBytes > compressed.length() * MOST_EXPANSION) {
            throw ProtocolException.framing("uncompressedSize: " + uncompressedBytes + " (expected: <= "
                    + compressed.length() * MOST_EXPANSION + ")");
        }
        return air.decompress(compressed, uncompressedBytes);
    }
}
