package dev.polywire.eventstore.server;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.CredentialsLayout;
import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.eventstore.wire.UserCredentials;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A client without a socket, who says what a test wants with the credentials it wants. */
final class SessionClient implements StoreSession.Outlet {

    static final UserCredentials ADMIN = new UserCredentials.Password("admin", "changeit");
    static final UserCredentials OPS = new UserCredentials.Password("ops", "changeit");
    static final UUID ID = UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10");

    /** What it was told, and in which conversation. */
    record Told(UUID id, EventStoreMessage message) {}

    final StoreSession session;
    private final List<Told> told = new ArrayList<>();
    private final Queue<Runnable> steps = new ArrayDeque<>();
    /** Longer packages do not fit. */
    int maxBytes = TcpPackage.MAX_BYTES;

    boolean closed;
    /** What happens when it is told something. */
    Runnable onSend = () -> {};

    SessionClient(EventStoreNode node) {
        this.session = new StoreSession(node, this);
    }

    /** Of a node of its own. */
    static SessionClient of(ServerVersion version) {
        return new SessionClient(new EventStoreNode(database(version)));
    }

    static EventStoreDatabase database(ServerVersion version) {
        return new EventStoreDatabase(version, () -> 1_795_000_000_000L, () -> 0);
    }

    /** Says something, and gives what it was told since the last time. */
    List<EventStoreMessage> ask(EventStoreMessage message) {
        return ask(ID, message, null);
    }

    List<EventStoreMessage> ask(EventStoreMessage message, UserCredentials credentials) {
        return ask(ID, message, credentials);
    }

    List<EventStoreMessage> ask(UUID id, EventStoreMessage message, @Nullable UserCredentials credentials) {
        say(TcpPackage.of(id, message, credentials));
        return messages();
    }

    /** Says it without the rest of the turn. */
    void say(TcpPackage sent) {
        session.event(read(sent));
    }

    private static EventStoreEvent read(TcpPackage sent) {
        TcpCommand command = sent.command();
        try {
            return command == null
                    ? new EventStoreEvent.Unreadable(sent, ProtocolException.decode("command"))
                    : new EventStoreEvent.Message(sent, EventStoreMessage.read(command, sent.payload()));
        } catch (ProtocolException bad) {
            return new EventStoreEvent.Unreadable(sent, bad);
        }
    }

    /** What it was told since the last time; the turn is over. */
    List<EventStoreMessage> messages() {
        return told().stream().map(Told::message).toList();
    }

    List<Told> told() {
        steps.forEach(Runnable::run);
        steps.clear();
        List<Told> all = List.copyOf(told);
        told.clear();
        return all;
    }

    @Override
    public void send(UUID correlationId, EventStoreMessage message) {
        TcpPackage.of(correlationId, message, null).write(CredentialsLayout.PASSWORDS, maxBytes);
        onSend.run();
        told.add(new Told(correlationId, message));
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void later(Runnable step) {
        steps.add(step);
    }
}
