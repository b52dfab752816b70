package dev.polywire.framed.wire;

import io.vertx.core.buffer.Buffer;

/**
 * One message.
 *
 * @param payload its bytes, without the length; may be empty
 */
public record FramedMessage(Buffer payload) {}
