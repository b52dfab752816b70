package dev.polywire.eventstore.server;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.EventStoreMessage;
import java.util.UUID;

/** The socket of a client. */
final class StoreConnection extends Connection<EventStoreEvent> implements StoreSession.Outlet {

    private final EventStoreMachine machine;
    private final StoreSession session;

    StoreConnection(OpenSocket<EventStoreEvent> socket, EventStoreMachine machine, EventStoreNode node) {
        super(socket);
        this.machine = machine;
        this.session = new StoreSession(node, this);
    }

    @Override
    protected void event(EventStoreEvent event) {
        session.event(event);
    }

    @Override
    protected void ended(RuntimeException cause) {
        session.end();
    }

    @Override
    public void send(UUID correlationId, EventStoreMessage message) {
        if (!isClosed()) {
            machine.send(correlationId, message);
            socket().flush();
        }
    }

    @Override
    public void close() {
        close(CallException.lost("the client was refused"));
    }
}
