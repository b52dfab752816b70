package dev.polywire.amqp.wire;

import io.vertx.core.buffer.Buffer;

/**
 * A message.
 *
 * @param properties its metadata
 * @param body bytes, which the library does not interpret. A body received in one frame shares memory with the receive
 *     buffer: copy a small one to keep it
 */
public record Content(BasicProperties properties, Buffer body) {

    public Content(Buffer body) {
        this(BasicProperties.NONE, body);
    }

    /** Sizes only. */
    @Override
    public String toString() {
        return "Content[properties=" + properties + ", body=" + body.length() + " bytes]";
    }
}
