package dev.polywire.framed.client;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The peer answered a request with a failure. The message is the peer's own words. */
public final class RefusedByPeerException extends RuntimeException {

    RefusedByPeerException(Buffer words) {
        // What is no UTF-8 is replaced: it is for people.
        super(new String(words.getBytes(), StandardCharsets.UTF_8), null, false, false);
    }
}
