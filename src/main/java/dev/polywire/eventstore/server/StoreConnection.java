package dev.polywire.eventstore.server;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpPackage;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The socket of a client. */
final class StoreConnection extends Connection<EventStoreEvent> implements StoreSession.Outlet {

    private final EventStoreMachine machine;
    private final StoreSession session;
    private final ClientFaults faults;
    private final Runnable afterwards;
    /** Of answers, before the connection is cut. */
    private long restBytes;

    private StoreConnection(
            OpenSocket<EventStoreEvent> socket,
            EventStoreMachine machine,
            EventStoreNode node,
            @Nullable ConnectionFault fault,
            Runnable afterwards) {
        super(socket);
        this.machine = machine;
        this.session = new StoreSession(node, this);
        this.faults = new ClientFaults(node, session, this);
        this.afterwards = afterwards;
        this.restBytes = fault instanceof ConnectionFault.CutAfter cut ? cut.bytes() : Long.MAX_VALUE;
    }

    /**
     * Makes a connection of a socket.
     *
     * @param fault what will go wrong with it; null: nothing
     * @param afterwards is run when it may have given the database something to do
     */
    static StoreConnection accept(
            Acceptor.Accepted socket, EventStoreNode node, @Nullable ConnectionFault fault, Runnable afterwards) {
        ServerVersion version = node.database().version();
        EventStoreMachine machine = new EventStoreMachine(
                EventStoreMachine.Role.SERVER,
                version.credentials(),
                version.heartbeats(),
                UUID::randomUUID,
                socket.tap());
        return socket.attach(machine, open -> new StoreConnection(open, machine, node, fault, afterwards));
    }

    @Override
    protected void event(EventStoreEvent event) {
        faults.received(event);
        afterwards.run();
    }

    @Override
    protected void ended(RuntimeException cause) {
        session.end();
        afterwards.run();
    }

    @Override
    public void send(UUID correlationId, EventStoreMessage message) {
        EventStoreMessage told = isClosed() ? null : faults.told(correlationId, message);
        if (told != null) {
            TcpPackage sent = TcpPackage.of(correlationId, told, null);
            long bytes = sent.frameBytes();
            if (bytes <= restBytes) {
                machine.send(sent);
                restBytes -= bytes;
                socket().flush();
            } else {
                machine.sendBeginning(sent, (int) restBytes);
                close(CallException.lost("a fault plan has cut the connection"));
            }
        }
    }

    @Override
    public void close() {
        close(CallException.lost("the client was refused"));
    }
}
