package dev.polywire.framed.client;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;

/**
 * Receives the events of a framed connector's connections, on its context. A message for a caller of {@link
 * FramedConnection#receive} goes to that caller instead.
 */
public interface FramedListener {

    /** A connection is up, and paused. */
    void opened(FramedConnection connection);

    /** A message arrived. */
    void received(FramedConnection connection, Buffer payload);

    /** A request arrived, with {@code maxOutstanding} only. @param id for {@link FramedConnection#reply}, unsigned */
    default void requested(FramedConnection connection, long id, Buffer payload) {}

    /** A reply arrived after its caller had given up, or a second one; with {@code maxOutstanding} only. */
    default void lateReply(FramedConnection connection) {}

    /** A message arrived that is not an envelope, with {@code maxOutstanding} only; the connection continues. */
    default void unreadable(FramedConnection connection, ProtocolException why) {}

    /** A connection is down; {@link FramedConnection#ending} has the reason. */
    void closed(FramedConnection connection, RuntimeException cause);
}
