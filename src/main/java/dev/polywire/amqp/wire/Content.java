package dev.polywire.amqp.wire;

import io.vertx.core.buffer.Buffer;

/**
 * A message.
 *
 * @param properties what it says about itself
 * @param body bytes, which nobody here looks at. One that came in one piece shares memory with what was received: who keeps
 *     it copies it when it is small
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
