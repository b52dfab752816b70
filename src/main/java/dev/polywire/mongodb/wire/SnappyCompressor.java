package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.vertx.core.buffer.Buffer;

/** {@code snappy}, number 1: the raw block format, not the framed one. Needs {@code io.airlift:aircompressor}. */
public final class SnappyCompressor implements Compressor {

    /** A copy of 64 bytes takes three: more is a lie, and is not allocated. */
    private static final long MOST_EXPANSION = 22;

    private final AirCompressor air =
            new AirCompressor("snappy", new io.airlift.compress.snappy.SnappyCompressor(), new SnappyDecompressor());

    @Override
    public int id() {
        return 1;
    }

    @Override
    public String name() {
        return "snappy";
    }

    @Override
    public Buffer compress(Buffer bytes) {
        return air.compress(bytes);
    }

    @Override
    public Buffer decompress(Buffer compressed, int uncompressedBytes) {
        long announcedBytes = preamble(compressed);
        if (announcedBytes > uncompressedBytes) {
            throw ProtocolException.limit("snappy: " + announcedBytes + " bytes (expected: " + uncompressedBytes + ")");
        }
        if (announcedBytes < uncompressedBytes || announcedBytes > compressed.length() * MOST_EXPANSION) {
            throw ProtocolException.framing("uncompressedSize: " + uncompressedBytes + " (expected: " + announcedBytes
                    + " of snappy, <= " + compressed.length() * MOST_EXPANSION + ")");
        }
        return air.decompress(compressed, uncompressedBytes);
    }

    /** The length that stands before the block: seven bits in each byte, the lowest first, of at most five bytes. */
    private static long preamble(Buffer compressed) {
        long value = 0;
        for (int at = 0; at < Math.min(5, compressed.length()); at++) {
            int next = compressed.getByte(at);
            value |= (next & 0x7fL) << (7 * at);
            if (next >= 0) {
                return value;
            }
        }
        throw ProtocolException.framing("snappy: no length (expected: at its start)");
    }
}
