package dev.polywire.core.net;

import dev.polywire.core.wire.Limits;

/**
 * What an HTTP message of a peer may take.
 *
 * @param lineBytes its first line; 64 to 1,048,576
 * @param headerBytes all its header fields together, and those behind a chunked body; 64 to 1,048,576
 * @param bodyBytes its body; 0 to 67,108,864
 */
public record HttpLimits(int lineBytes, int headerBytes, int bodyBytes) {

    /** Lines and headers of the size that most servers take; and a body of 1 MiB, many times the gossip of a large cluster. */
    public static final HttpLimits DEFAULT = new HttpLimits(4_096, 8_192, 1 << 20);

    public HttpLimits {
        Limits.range("lineBytes", lineBytes, 64, 1 << 20);
        Limits.range("headerBytes", headerBytes, 64, 1 << 20);
        Limits.range("bodyBytes", bodyBytes, 0, 1 << 26);
    }
}
