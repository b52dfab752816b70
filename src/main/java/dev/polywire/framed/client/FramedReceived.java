package dev.polywire.framed.client;

import io.vertx.core.buffer.Buffer;

/** The result of {@link FramedConnection#receive}. The end is distinct from every message, a codec's null too. */
public sealed interface FramedReceived {

    /** A message. @param payload its bytes, may be empty */
    record Message(Buffer payload) implements FramedReceived {}

    /**
     * A message that wants a reply; with {@code maxOutstanding} only.
     *
     * @param id for {@link FramedConnection#reply}, unsigned
     */
    record Request(long id, Buffer payload) implements FramedReceived {}

    /** The peer has closed after its last message; every further call gives this again. */
    record End() implements FramedReceived {}
}
