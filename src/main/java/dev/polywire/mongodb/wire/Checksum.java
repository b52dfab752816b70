package dev.polywire.mongodb.wire;

import io.vertx.core.buffer.Buffer;
import java.util.zip.CRC32C;

/** The checksum of {@link OpMsg}: CRC-32C (Castagnoli) of everything before it, header included. */
final class Checksum {

    private static final int PART_BYTES = 8 * 1024;

    private Checksum() {}

    /** The checksum of the bytes before {@code end}. */
    static int crc32c(Buffer bytes, int end) {
        CRC32C crc = new CRC32C();
        byte[] part = new byte[Math.min(PART_BYTES, end)];
        for (int at = 0; at < end; at += part.length) {
            int count = Math.min(part.length, end - at);
            bytes.getBytes(at, at + count, part);
            crc.update(part, 0, count);
        }
        return (int) crc.getValue();
    }
}
