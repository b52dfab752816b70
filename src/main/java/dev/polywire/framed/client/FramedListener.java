package dev.polywire.framed.client;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * Hears what happens on the connections of a framed connector, on its context. What somebody asked for with {@link
 * FramedConnection#receive} goes to him instead.
 */
public interface FramedListener {

    /** A connection is up, and paused. */
    void opened(FramedConnection connection);

    /** A message came in. */
    void received(FramedConnection connection, Buffer payload);

    /** A request came in, with {@code maxOutstanding} only. @param id for {@link FramedConnection#reply}, unsigned */
    default void requested(FramedConnection connection, long id, Buffer payload) {}

    /** A reply came in after its caller had given up, or a second one; with {@code maxOutstanding} only. */
    default void lateReply(FramedConnection connection) {}

    /** A message came in that is no envelope, with {@code maxOutstanding} only; the connection goes on. */
    default void unreadable(FramedConnection connection, ProtocolException why) {}

    /** A connection is down; {@link FramedConnection#ending} says why in a word. */
    void closed(FramedConnection connection, RuntimeException cause);
}
