package dev.polywire.embedded;

import io.vertx.core.Future;

/** A server in this process. */
public interface EmbeddedServer {

    /** What it is and where it listens, for people. */
    String description();

    Future<Void> close();
}
