package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;

/** Bytes as they stand in a table. */
final class Bytes {

    private Bytes() {}

    static Buffer hex(String hex) {
        return Buffer.buffer(HexFormat.of().parseHex(hex));
    }

    static String hex(Buffer bytes) {
        return HexFormat.of().formatHex(bytes.getBytes());
    }
}
