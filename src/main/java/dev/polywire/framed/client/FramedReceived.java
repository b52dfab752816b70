package dev.polywire.framed.client;

import io.vertx.core.buffer.Buffer;

/** What {@link FramedConnection#receive} gives. The end is no message, whatever a codec's null is. */
public sealed interface FramedReceived {

    /** A message. @param payload its bytes, maybe none */
    record Message(Buffer payload) implements FramedReceived {}

    /**
     * A message that wants a reply; with {@code maxOutstanding} only.
     *
     * @param id for {@link FramedConnection#reply}, unsigned
     */
    record Request(long id, Buffer payload) implements FramedReceived {}

    /** The peer has closed behind its last message; every further call gives this again. */
    record End() implements FramedReceived {}
}
