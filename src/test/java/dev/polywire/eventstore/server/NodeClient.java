package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A client of a node, without a socket: it remembers what it is told. The node's fault plan applies. */
final class NodeClient implements StoreSession.Outlet {

    private final List<EventStoreMessage> told = new ArrayList<>();
    private final ClientFaults faults;
    private boolean closed;

    NodeClient(EventStoreNode node) {
        this.faults = new ClientFaults(node, new StoreSession(node, this), this);
    }

    /** Asks, and gives what it is told at once. */
    List<EventStoreMessage> ask(EventStoreMessage message) {
        return ask(message, null);
    }

    /** The same as somebody. */
    List<EventStoreMessage> ask(EventStoreMessage message, @Nullable UserCredentials credentials) {
        faults.received(new EventStoreEvent.Message(TcpPackage.of(UUID.randomUUID(), message, credentials), message));
        return told();
    }

    /** What it was told since the last call. */
    List<EventStoreMessage> told() {
        List<EventStoreMessage> all = List.copyOf(told);
        told.clear();
        return all;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void send(UUID correlationId, EventStoreMessage message) {
        EventStoreMessage heard = faults.told(correlationId, message);
        if (heard != null) {
            told.add(heard);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
