package dev.polywire.framed.client;

import io.vertx.core.buffer.Buffer;

/** Hears what happens on the connections of a framed connector, on its context. */
public interface FramedListener {

    /** A connection is up, and paused. */
    void opened(FramedConnection connection);

    /** A message came in. */
    void received(FramedConnection connection, Buffer payload);

    /** A connection is down. */
    void closed(FramedConnection connection, RuntimeException cause);
}
