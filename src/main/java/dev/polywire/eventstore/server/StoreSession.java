package dev.polywire.eventstore.server;

import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.WriteMessage;
import java.util.UUID;

/**
 * One client of a node: what it says is authenticated, may be refused by the node, and goes to the part of the server that
 * answers. Knows no socket.
 */
final class StoreSession {

    /** Where packages go. */
    interface Outlet {

        /** Sends; nothing happens when the client is gone. */
        void send(UUID correlationId, EventStoreMessage message);

        /** Closes, after what was sent is written. */
        void close();
    }

    private final EventStoreNode node;
    private final Outlet outlet;

    StoreSession(EventStoreNode node, Outlet outlet) {
        this.node = node;
        this.outlet = outlet;
    }

    /** The client has sent a package. */
    void event(EventStoreEvent event) {
        StoreRequest request = new StoreRequest(this, event.sent().correlationId(), User.ANONYMOUS);
        try {
            if (!(event instanceof EventStoreEvent.Message received)) {
                throw new BadRequestException("");
            }
            handle(request, received.message());
        } catch (BadRequestException bad) {
            request.answer(badRequest(event.sent(), String.valueOf(bad.getMessage())));
        }
    }

    /** The client is gone. */
    void end() {
        node.database().subscriptions().end(this);
        node.database().groups().end(this);
    }

    /** Whether this client knows event numbers of 64 bits. */
    boolean knowsLongNumbers() {
        return false;
    }

    void send(UUID correlationId, EventStoreMessage message) {
        outlet.send(correlationId, message);
    }

    private void handle(StoreRequest request, EventStoreMessage message) {
        EventStoreDatabase database = node.database();
        if (message instanceof WriteMessage write) {
            database.writes().handle(request, write);
        } else if (message instanceof ReadMessage read) {
            database.reads().handle(request, read);
        } else if (message instanceof SubscriptionMessage subscription) {
            database.subscriptions().handle(request, subscription);
            if (subscription instanceof SubscriptionMessage.UnsubscribeFromStream) {
                database.groups().unsubscribe(request.correlationId());
            }
        } else if (message instanceof PersistentMessage persistent) {
            database.groups().handle(request, persistent);
        } else if (message instanceof ConnectionMessage.Ping ping) {
            request.answer(new ConnectionMessage.Pong(ping.data()));
        }
    }

    private static ConnectionMessage.BadRequest badRequest(TcpPackage sent, String why) {
        String command = sent.command() == null
                ? Integer.toString(sent.commandNumber())
                : sent.command().protocolName();
        return new ConnectionMessage.BadRequest(
                "Could not unwrap network package for command " + command + ".\n" + why);
    }
}
