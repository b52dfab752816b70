package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.airlift.compress.Decompressor;
import io.vertx.core.buffer.Buffer;

/** The two of aircompressor: pure Java, arrays only. */
final class AirCompressor {

    private final String name;
    private final io.airlift.compress.Compressor compressor;
    private final Decompressor decompressor;

    AirCompressor(String name, io.airlift.compress.Compressor compressor, Decompressor decompressor) {
        this.name = name;
        this.compressor = compressor;
        this.decompressor = decompressor;
    }

    Buffer compress(Buffer bytes) {
        byte[] input = bytes.getBytes();
        byte[] output = new byte[compressor.maxCompressedLength(input.length)];
        int count = compressor.compress(input, 0, input.length, output, 0, output.length);
        return Buffer.buffer(count).appendBytes(output, 0, count);
    }

    /** Into an array of exactly that size, behind which the library does not write. */
    Buffer decompress(Buffer compressed, int uncompressedBytes) {
        // Zstandard takes an array of none for the end, whatever the data are.
        byte[] output = new byte[Math.max(uncompressedBytes, 1)];
        int count = inflated(compressed.getBytes(), output);
        if (count != uncompressedBytes) {
            throw ProtocolException.framing("uncompressedSize: " + uncompressedBytes + " (expected: " + count + ")");
        }
        return Buffer.buffer(count).appendBytes(output, 0, count);
    }

    private int inflated(byte[] input, byte[] output) {
        try {
            return decompressor.decompress(input, 0, input.length, output, 0, output.length);
        } catch (RuntimeException bad) {
            // Its own exception for most; some bytes lead to one of the JDK's.
            throw ProtocolException.framing(name + ": not such data, or more than " + output.length + " bytes");
        }
    }
}
