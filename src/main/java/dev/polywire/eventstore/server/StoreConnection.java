package dev.polywire.eventstore.server;

import dev.polywire.core.net.Acceptor;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.TcpPackage;
import io.vertx.core.Vertx;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a client. One that does not read is closed, with a last word that it may read one day:
 *
 * <pre>
 *   1 MiB of answers wait for it        no further question is read; after 5 s in which it took nothing: closed
 *   10 MiB, or 50,000 packages          nothing more is pushed to it either: closed
 * </pre>
 */
final class StoreConnection extends Connection<EventStoreEvent> implements StoreSession.Outlet {

    /** Long, because of one large answer nobody hears how much was taken. */
    static final long STALL_MILLIS = 5_000;

    private final EventStoreMachine machine;
    private final ServerCounters counters;
    private final StoreSession session;
    private final ClientFaults faults;
    private final Runnable afterwards;
    private final UnreadOutput unread = new UnreadOutput();
    private final Vertx vertx = Vertx.currentContext().owner();
    /** Of answers, before the connection is cut. */
    private long restBytes;

    private long sentBytes;
    /** While further questions wait. */
    private boolean held;
    /** While a timer looks whether its client reads. It goes on over the next time that questions wait. */
    private boolean watched;
    /** It is about to be closed. */
    private boolean refused;

    private StoreConnection(
            OpenSocket<EventStoreEvent> socket,
            EventStoreMachine machine,
            EventStoreNode node,
            @Nullable ConnectionFault fault,
            Runnable afterwards) {
        super(socket);
        this.machine = machine;
        this.counters = node.database().counters();
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
        StoreConnection accepted =
                socket.attach(machine, open -> new StoreConnection(open, machine, node, fault, afterwards));
        if (fault instanceof ConnectionFault.Silence) {
            // Who reads nothing is not asked whether he is there, and does not ask.
            accepted.hold(true);
        }
        return accepted;
    }

    /** The server shuts down: its client is told, and must go. */
    void shutDown() {
        session.shutDown();
    }

    @Override
    protected void event(EventStoreEvent event) {
        if (!refused) {
            faults.received(event);
            afterwards.run();
        }
    }

    @Override
    protected void received() {
        // The machine answers heartbeats by itself.
        if (unwritten() - unread.bytes() > UnreadOutput.MAX_BYTES) {
            refuse("Connection pending send bytes is too large: " + unwritten() + ".");
        }
    }

    @Override
    protected void written() {
        unread.left(unwritten());
        if (held && unwritten() <= UnreadOutput.MUCH_BYTES) {
            held = false;
            hold(false);
        }
    }

    @Override
    protected void ended(RuntimeException cause) {
        session.end();
        afterwards.run();
    }

    @Override
    public void send(UUID correlationId, EventStoreMessage message) {
        EventStoreMessage told = isClosed() || refused ? null : faults.told(correlationId, message);
        String excess = told == null ? null : unread.excess();
        if (excess != null) {
            refuse(excess);
        } else if (told != null) {
            restBytes = Math.min(restBytes, faults.restBytes(correlationId));
            send(TcpPackage.of(correlationId, told, null));
        }
    }

    private void send(TcpPackage sent) {
        long bytes = sent.frameBytes();
        if (bytes > restBytes) {
            machine.sendBeginning(sent, (int) restBytes);
            leave("a fault plan has cut the connection");
            return;
        }
        machine.send(sent);
        restBytes -= bytes;
        unread.sent(bytes);
        sentBytes += bytes;
        socket().flush();
        if (!held && unwritten() > UnreadOutput.MUCH_BYTES) {
            held = true;
            hold(true);
            if (!watched) {
                awaitReader(taken());
            }
        }
    }

    @Override
    public void later(Runnable step) {
        socket().later(step);
    }

    @Override
    public void close() {
        close(CallException.lost("the client was refused"));
    }

    /** Bytes that have not left this machine. */
    private long unwritten() {
        return machine.outputBytes() + socket().unwrittenBytes();
    }

    /** Bytes of packages that have. */
    private long taken() {
        return sentBytes - unwritten();
    }

    private void awaitReader(long takenBefore) {
        watched = true;
        vertx.setTimer(STALL_MILLIS, timer -> {
            watched = false;
            if (held && !isClosed()) {
                if (taken() > takenBefore) {
                    awaitReader(taken());
                } else {
                    refuse("Nothing was read for " + STALL_MILLIS + " ms.");
                }
            }
        });
    }

    private void refuse(String words) {
        if (!refused) {
            counters.overflowed();
            machine.send(EventStoreMachine.NO_CONVERSATION, new ConnectionMessage.BadRequest(words));
            leave("the client does not read");
        }
    }

    /**
     * Its subscriptions end at once, since a store may be telling it a million events. The socket is not closed in the middle of what
     * sends.
     */
    private void leave(String why) {
        refused = true;
        session.end();
        socket().later(() -> close(CallException.lost(why)));
    }
}
