package dev.polywire.eventstore.server;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Monotonic;
import dev.polywire.core.net.Spi;
import dev.polywire.eventstore.wire.EventStoreMachine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.UUID;

/**
 * An EventStore server in memory. Belongs to the context it listens on.
 *
 * <pre>{@code
 *   EventStoreServer server = new EventStoreServer(vertx, EndpointOptions.of("127.0.0.1", 0));
 *   server.listen().onSuccess(port -> ...);
 *   server.close();
 * }</pre>
 */
public final class EventStoreServer {

    private final EventStoreDatabase database;
    private final EventStoreNode node;
    private final Acceptor acceptor;

    /** Like 5.0.11, with the defaults. */
    public EventStoreServer(Vertx vertx, EndpointOptions endpoint) {
        this.database = new EventStoreDatabase(ServerVersion.V5_0_11, System::currentTimeMillis, Monotonic::millis);
        this.node = new EventStoreNode(database);
        this.acceptor = new Acceptor(vertx, endpoint, "eventstore", Spi.NONE);
    }

    /** @return the port it listens on */
    public Future<Integer> listen() {
        return acceptor.listen(this::accept);
    }

    /** Stops listening and closes all connections. */
    public Future<Void> close() {
        return acceptor.close();
    }

    private void accept(Acceptor.Accepted socket) {
        EventStoreMachine machine = new EventStoreMachine(
                EventStoreMachine.Role.SERVER,
                database.version().credentials(),
                database.version().heartbeats(),
                UUID::randomUUID,
                socket.tap());
        socket.attach(machine, open -> new StoreConnection(open, machine, node));
    }
}
