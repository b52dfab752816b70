package dev.polywire.eventstore.session;

import static dev.polywire.eventstore.session.ClientAtWork.write;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.LeaderInfo;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Relay;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that are not the leader, and what they say of it. */
@Timeout(60)
class NotLeaderTest {

    private static final long SHORT_MILLIS = 250;
    private static final int MANY = 20;

    private static LeaderInfo leader(int port) {
        return new LeaderInfo("127.0.0.1", port, "127.0.0.1", 1, null, null);
    }

    private static FaultPlan names(TcpCommand command, int times, int port) {
        FaultPlan plan = FaultPlan.NONE;
        for (int number = 1; number <= times; number++) {
            plan = plan.command(
                    command,
                    number,
                    new CommandFault.Answer(
                            new ConnectionMessage.NotHandled(NotHandledReason.NOT_LEADER, leader(port))));
        }
        return plan;
    }

    /** It has just become the leader. */
    @Test
    void aNodeThatNamesItselfIsAskedAgainOnTheSameConnection() {
        try (LocalEventStore store = LocalEventStore.start();
                ClientAtWork work = ClientAtWork.at(store.port(), EventStoreClusterOptions.NONE)
                        .start()) {
            Outcome.value(store.server().nodes().get(0).fail(names(TcpCommand.WRITE_EVENTS, 2, store.port())));
            Outcome.value(work.send(write("s", -1, 1)));
            assertEquals(1, store.server().counters().acceptedConnections());
            assertEquals(2, work.on(work.client()::repeated));
        }
    }

    /** The connection is there all the time. */
    @Test
    void aGroupAtANodeThatAlwaysNamesItselfIsLate() {
        try (PersistentRoom room = new PersistentRoom()) {
            room.create(PersistentRoom.settings());
            room.fail(names(TcpCommand.CONNECT_TO_PERSISTENT_SUBSCRIPTION, MANY, room.relay.port()));
            Attended client = new Attended(room, Attendance.MAX_HELD_BYTES, 1);
            CallException late = assertInstanceOf(
                    CallException.class,
                    room.failure(() -> PersistentConsumer.connect(
                            room.vertx,
                            room.client,
                            Attendance.of(PersistentRoom.STREAM, PersistentRoom.GROUP),
                            room.books,
                            client,
                            Deadline.after(room.vertx, SHORT_MILLIS))));
            assertEquals(CallException.Reason.TIMEOUT, late.reason(), late::getMessage);
        }
    }

    /** Another node was named while this one was dialled; hours later, when the connection is lost, that is no news. */
    @Test
    void whoWasNamedIsForgottenWhenTheConnectionIsUp() throws InterruptedException {
        try (LocalEventStore named = LocalEventStore.start();
                LocalEventStore store = LocalEventStore.start();
                Relay relay = new Relay(store.port());
                ClientAtWork other = ClientAtWork.at(named.port(), EventStoreClusterOptions.NONE)
                        .start();
                ClientAtWork work = ClientAtWork.at(relay.port(), EventStoreClusterOptions.NONE)) {
            EventStoreConnection elsewhere =
                    (EventStoreConnection) other.subscribed("s", false).poll(10, TimeUnit.SECONDS);
            long before = named.server().counters().acceptedConnections();
            work.on(() -> {
                work.client().start();
                return work.client().notLeader(elsewhere, leader(named.port()));
            });
            BlockingQueue<Object> ups = work.subscribed("s", false);
            Object first = ups.poll(10, TimeUnit.SECONDS);
            relay.reset();
            await().until(() -> ups.stream().anyMatch(EventStoreConnection.class::isInstance));
            assertInstanceOf(EventStoreConnection.class, first);
            assertEquals(before, named.server().counters().acceptedConnections());
            assertEquals(2, relay.connections());
        }
    }
}
