package dev.polywire.core.net;

import io.vertx.core.buffer.Buffer;

/**
 * The answer of an HTTP server.
 *
 * @param status 100 to 999
 * @param contentType as the server says it; empty: it does not
 */
public record HttpResponse(int status, String contentType, Buffer body) {

    /** Without a body. */
    public static HttpResponse of(int status) {
        return new HttpResponse(status, "", Buffer.buffer());
    }

    /** Without what the peer has written. */
    @Override
    public String toString() {
        return status + ", " + body.length() + " bytes";
    }
}
