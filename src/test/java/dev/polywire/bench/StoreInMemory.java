package dev.polywire.bench;

import dev.polywire.core.net.EndpointOptions;
import dev.polywire.eventstore.server.EventStoreServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Our EventStore. */
final class StoreInMemory implements Server {

    @Override
    public Future<Integer> listen(Vertx vertx) {
        return new EventStoreServer(vertx, EndpointOptions.of("127.0.0.1", 0)).listen();
    }
}
