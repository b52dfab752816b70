package dev.polywire.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** What one contender does again and again, in a JVM and on a context of its own. Its class has a constructor without arguments. */
interface Load {

    /** Makes ready. @param port of the workload's server; 0: it has none */
    Future<?> start(Vertx vertx, int port);

    /** Makes the operations of a window, on the same context. */
    void run(Window window);
}
