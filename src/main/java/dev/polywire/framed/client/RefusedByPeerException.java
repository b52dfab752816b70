package dev.polywire.framed.client;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The peer answered a request with a failure. The message is the peer's own text. */
public final class RefusedByPeerException extends RuntimeException {

    RefusedByPeerException(Buffer words) {
        // Bytes that are not UTF-8 are replaced: the text is for people.
        super(new String(words.getBytes(), StandardCharsets.UTF_8), null, false, false);
    }
}
