package dev.polywire.embedded;

import io.vertx.core.Future;

/** A server in this process. */
public interface EmbeddedServer {

    /** The server's name and port, as text for people. */
    String description();

    Future<Void> close();
}
