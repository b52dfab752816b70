package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.Limits;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** {@code zlib}, number 2 (RFC 1950), of the JDK. */
public final class ZlibCompressor implements Compressor {

    /** zlib's own choice, which is 6. */
    public static final int DEFAULT_LEVEL = Deflater.DEFAULT_COMPRESSION;

    /** Deflate makes at most 258 bytes of two bits: more is a lie, and is not allocated. */
    private static final long MOST_EXPANSION = 1_032;

    private final Deflater deflater;
    private final Inflater inflater = new Inflater();

    /** @param level -1 (zlib's default) or 0 (none) to 9 (smallest): zlibCompressionLevel */
    public ZlibCompressor(int level) {
        Limits.range("zlibCompressionLevel", level, DEFAULT_LEVEL, Deflater.BEST_COMPRESSION);
        deflater = new Deflater(level);
    }

    @Override
    public int id() {
        return 2;
    }

    @Override
    public String name() {
        return "zlib";
    }

    @Override
    public Buffer compress(Buffer bytes) {
        deflater.reset();
        deflater.setInput(bytes.getBytes());
        deflater.finish();
        Buffer compressed = Buffer.buffer(bytes.length() / 2 + 64);
        byte[] part = new byte[Math.min(bytes.length() + 64, 8 * 1024)];
        while (!deflater.finished()) {
            compressed.appendBytes(part, 0, deflater.deflate(part));
        }
        return compressed;
    }

    @Override
    public Buffer decompress(Buffer compressed, int uncompressedBytes) {
        if (uncompressedBytes > compressed.length() * MOST_EXPANSION) {
            throw wrong(uncompressedBytes, "<= " + compressed.length() * MOST_EXPANSION);
        }
        inflater.reset();
        inflater.setInput(compressed.getBytes());
        // The byte too much shows that there is more, and is all that is inflated of it.
        byte[] bytes = new byte[uncompressedBytes + 1];
        int count = inflated(bytes);
        if (count > uncompressedBytes) {
            throw wrong(uncompressedBytes, "more");
        }
        if (!inflater.finished()) {
            throw ProtocolException.framing("zlib: no end (expected: within " + compressed.length() + " bytes)");
        }
        if (count < uncompressedBytes) {
            throw wrong(uncompressedBytes, Integer.toString(count));
        }
        if (inflater.getRemaining() > 0) {
            throw ProtocolException.framing("bytes behind zlib: " + inflater.getRemaining() + " (expected: 0)");
        }
        return Buffer.buffer(count).appendBytes(bytes, 0, count);
    }

    private int inflated(byte[] bytes) {
        try {
            int count = 0;
            while (count < bytes.length && !inflater.finished()) {
                int more = inflater.inflate(bytes, count, bytes.length - count);
                if (more == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
                    break;
                }
                count += more;
            }
            return count;
        } catch (DataFormatException bad) {
            throw ProtocolException.framing("zlib: not such data");
        }
    }

    private static ProtocolException wrong(int declaredBytes, String expected) {
        return ProtocolException.framing("uncompressedSize: " + declaredBytes + " (expected: " + expected + ")");
    }
}
