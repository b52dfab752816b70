package dev.polywire.eventstore.server;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Connection;
import dev.polywire.core.net.OpenSocket;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreEvent;
import dev.polywire.eventstore.wire.EventStoreMachine;
import dev.polywire.eventstore.wire.EventStoreMessage;
import io.vertx.core.Vertx;
import java.util.UUID;

/**
 * The socket of a client. One that does not read is closed, with a last word that it may read one day:
 *
 * <pre>
 *   1 MiB of answers wait for it        no further question is read; after 3 s in which it took nothing: closed
 *   10 MiB, or 50,000 packages          nothing more is pushed to it either: closed
 * </pre>
 */
final class StoreConnection extends Connection<EventStoreEvent> implements StoreSession.Outlet {

    /** As long as a client may leave a heartbeat unanswered, from the last word on. */
    static final long STALL_MILLIS = 3_000;

    private final EventStoreMachine machine;
    private final ServerCounters counters;
    private final StoreSession session;
    private final UnreadOutput unread = new UnreadOutput();
    private final Vertx vertx = Vertx.currentContext().owner();
    private long sentBytes;
    /** While further questions wait. */
    private boolean held;
    /** It is about to be closed. */
    private boolean refused;

    StoreConnection(OpenSocket<EventStoreEvent> socket, EventStoreMachine machine, EventStoreNode node) {
        super(socket);
        this.machine = machine;
        this.counters = node.database().counters();
        this.session = new StoreSession(node, this);
    }

    /** What its client has said. */
    StoreSession session() {
        return session;
    }

    @Override
    protected void event(EventStoreEvent event) {
        if (!refused) {
            session.event(event);
        }
    }

    @Override
    protected void received() {
        // Heartbeats are answered by the machine.
        if (unwritten() > UnreadOutput.MAX_BYTES) {
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
    }

    @Override
    public void send(UUID correlationId, EventStoreMessage message) {
        if (isClosed() || refused) {
            return;
        }
        String excess = unread.excess();
        if (excess != null) {
            refuse(excess);
            return;
        }
        long before = machine.outputBytes();
        machine.send(correlationId, message);
        unread.sent(machine.outputBytes() - before);
        sentBytes += machine.outputBytes() - before;
        socket().flush();
        if (!held && unwritten() > UnreadOutput.MUCH_BYTES) {
            held = true;
            hold(true);
            awaitReader(taken());
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
        vertx.setTimer(STALL_MILLIS, timer -> {
            if (held && !isClosed()) {
                if (taken() > takenBefore) {
                    awaitReader(taken());
                } else {
                    refuse("Nothing was read for " + STALL_MILLIS + " ms.");
                }
            }
        });
    }

    /** Not in the middle of what sends: a store may be telling all its clients something. */
    private void refuse(String words) {
        if (!refused) {
            refused = true;
            counters.overflowed();
            machine.send(EventStoreMachine.NO_CONVERSATION, new ConnectionMessage.BadRequest(words));
            socket().later(() -> close(CallException.lost("the client does not read")));
        }
    }
}
