package dev.polywire.eventstore.server;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.WriteMessage;
import java.util.UUID;

/**
 * One client of a node: what it says is authenticated, may be refused by the node, and goes to the part of the server that
 * answers. Knows no socket.
 *
 * <pre>
 *   Authenticate, IdentifyClient     here; credentials of an IdentifyClient mean nothing
 *   anything else                    trusted? who? understood? -> the node -> the database
 * </pre>
 */
final class StoreSession {

    /** Where packages go. */
    interface Outlet {

        /** Of a client that hears nothing. */
        Outlet NOWHERE = new Outlet() {
            @Override
            public void send(UUID correlationId, EventStoreMessage message) {}

            @Override
            public void close() {}
        };

        /**
         * Sends; nothing happens when the client is gone.
         *
         * @throws ProtocolException LIMIT when the message is too long for a package; nothing was sent then
         */
        void send(UUID correlationId, EventStoreMessage message);

        /** Closes, after what was sent is written. */
        void close();

        /** Runs a step when what was received together with the present package was read. */
        default void later(Runnable step) {
            step.run();
        }
    }

    /** What .NET says about a place behind the end of a table: one of versions, one of commands. */
    private static final String NO_SUCH_PLACE = "Index was outside the bounds of the array.";

    private static final int COMMANDS_IN_TABLE = 0xff;
    private static final int VERSIONS_IN_TABLE = 2;

    private final EventStoreNode node;
    private final Outlet outlet;
    private final ClientLogin login;
    private int clientVersion;
    private boolean over;

    StoreSession(EventStoreNode node, Outlet outlet) {
        this.node = node;
        this.outlet = outlet;
        this.login = new ClientLogin(node);
    }

    /** The client has sent a package. */
    void event(EventStoreEvent event) {
        TcpPackage sent = event.sent();
        if (over) {
            return;
        }
        if (sent.command() == TcpCommand.IDENTIFY_CLIENT) {
            identify(event);
        } else if (sent.command() == TcpCommand.AUTHENTICATE) {
            login.authenticate(sent.credentials(), outlet::later, answer -> send(sent.correlationId(), answer));
        } else if (sent.trusted()) {
            send(
                    sent.correlationId(),
                    new ConnectionMessage.BadRequest("Trusted writes aren't accepted over the external TCP interface"));
            close();
        } else {
            User user = login.user(sent.credentials());
            if (user == null) {
                send(sent.correlationId(), ClientLogin.refused(sent.credentials()));
            } else {
                answer(event, new StoreRequest(this, sent.correlationId(), user));
            }
        }
    }

    /** The client is gone. */
    void end() {
        over = true;
        node.database().subscriptions().end(this);
        node.database().groups().end(this);
    }

    /** The node shuts down: the client is told that its subscriptions are over, then that it must go. */
    void shutDown() {
        if (!over) {
            node.database().subscriptions().drop(this);
            node.database().groups().drop(this);
            close();
        }
    }

    /** Whether this client knows event numbers of 64 bits. */
    boolean knowsLongNumbers() {
        return clientVersion == 1;
    }

    /** The number of an event as this client knows it: a tombstone has another one where it knows only 32 bits. */
    long number(long number) {
        return number == StoredEvent.TOMBSTONE && !knowsLongNumbers() ? Integer.MAX_VALUE : number;
    }

    /** Sends; a client whose answer does not fit into a package is told so. */
    void send(UUID correlationId, EventStoreMessage message) {
        try {
            outlet.send(correlationId, node.told(message));
        } catch (ProtocolException tooLong) {
            outlet.send(correlationId, new ConnectionMessage.BadRequest(String.valueOf(tooLong.getMessage())));
        }
    }

    /** A client of the same node, who hears nothing. */
    StoreSession unheard() {
        return new StoreSession(node, Outlet.NOWHERE);
    }

    private void close() {
        over = true;
        outlet.close();
    }

    /** Whatever it says, it is welcome; with an unknown version none of its packages will be understood. */
    private void identify(EventStoreEvent event) {
        if (event instanceof EventStoreEvent.Message received
                && received.message() instanceof ConnectionMessage.IdentifyClient client) {
            clientVersion = client.version();
            send(event.sent().correlationId(), new ConnectionMessage.ClientIdentified());
        }
    }

    private void answer(EventStoreEvent event, StoreRequest request) {
        TcpPackage sent = event.sent();
        refusing(sent, request, () -> {
            EventStoreMessage message = understood(event);
            if (!isAnswerOfNode(message)) {
                // At once, or when the node lets it: then nobody else catches what is thrown.
                node.handle(request, message, admitted -> refusing(sent, admitted, () -> handle(admitted, message)));
            }
        });
    }

    private void refusing(TcpPackage sent, StoreRequest request, Runnable step) {
        try {
            step.run();
        } catch (BadRequestException bad) {
            request.answer(badRequest(sent, String.valueOf(bad.getMessage())));
        } catch (ProtocolException bad) {
            request.answer(badRequest(sent, ""));
        }
    }

    private EventStoreMessage understood(EventStoreEvent event) {
        TcpPackage sent = event.sent();
        if (clientVersion < 0 || clientVersion >= VERSIONS_IN_TABLE || sent.commandNumber() >= COMMANDS_IN_TABLE) {
            throw new BadRequestException(NO_SUCH_PLACE);
        }
        if (!(event instanceof EventStoreEvent.Message received)
                || !knows(received.message().command())
                || sent.correlationId().equals(EventStoreMachine.NO_CONVERSATION)
                        && !(received.message() instanceof ConnectionMessage.Ping)) {
            throw new BadRequestException("");
        }
        return received.message();
    }

    /** Filters came with 20.6. */
    private boolean knows(TcpCommand command) {
        return switch (command) {
            case FILTERED_READ_ALL_EVENTS_FORWARD,
                    FILTERED_READ_ALL_EVENTS_FORWARD_COMPLETED,
                    FILTERED_READ_ALL_EVENTS_BACKWARD,
                    FILTERED_READ_ALL_EVENTS_BACKWARD_COMPLETED,
                    FILTERED_SUBSCRIBE_TO_STREAM,
                    CHECKPOINT_REACHED -> node.database().version().isAtLeast(ServerVersion.V20_10);
            default -> true;
        };
    }

    /** Nodes hear these from each other, and take them for that: a leader's answer to what a follower has passed on. */
    private static boolean isAnswerOfNode(EventStoreMessage message) {
        return message instanceof WriteMessage && message.command().sender() == TcpCommand.Sender.SERVER
                || message instanceof ConnectionMessage.NotHandled
                || message instanceof ConnectionMessage.BadRequest;
    }

    private void handle(StoreRequest request, EventStoreMessage message) {
        EventStoreDatabase database = node.database();
        if (message instanceof ConnectionMessage.Ping ping) {
            request.answer(new ConnectionMessage.Pong(ping.data()));
        } else if (message instanceof ConnectionMessage.ScavengeDatabase) {
            database.scavenges().start(request);
        } else if (message.command().sender() != TcpCommand.Sender.CLIENT) {
            throw new BadRequestException("");
        } else if (message instanceof WriteMessage write) {
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
        }
    }

    private ConnectionMessage.BadRequest badRequest(TcpPackage sent, String why) {
        TcpCommand command = sent.command();
        String name =
                command == null || !knows(command) ? Integer.toString(sent.commandNumber()) : command.protocolName();
        return new ConnectionMessage.BadRequest("Could not unwrap network package for command " + name + ".\n" + why);
    }
}
