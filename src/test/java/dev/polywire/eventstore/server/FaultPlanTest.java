package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Loop;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes wrong on purpose: commands on a virtual clock, connections on sockets. */
class FaultPlanTest {

    private static final EventStoreMessage PING = new ConnectionMessage.Ping(Buffer.buffer("ping"));
    private static final EventStoreMessage PONG = new ConnectionMessage.Pong(Buffer.buffer("ping"));
    /** Length, command, flags, correlation id, data. */
    private static final int PONG_BYTES = 4 + 1 + 1 + 16 + 4;

    private static final EventStoreMessage BUSY = new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null);
    private long nowMillis;
    private final EventStoreDatabase database =
            new EventStoreDatabase(ServerVersion.V5_0_11, () -> 1_795_000_000_000L + nowMillis, () -> nowMillis);
    private final EventStoreNode node = new EventStoreNode(database);
    private final NodeClient client = new NodeClient(node);
    private final NodeClient another = new NodeClient(node);

    @Test
    void aPlanCountsTheCommandsOfAllConnections() {
        node.faults().plan(FaultPlan.NONE.command(2, new CommandFault.Answer(BUSY)));

        assertEquals(List.of(PONG), client.ask(PING));
        assertEquals(List.of(BUSY), another.ask(PING));
        assertEquals(List.of(PONG), client.ask(PING));
        assertEquals(1, database.counters().appliedFaults());
    }

    @Test
    void aPlanCountsCommandsOfAKind() {
        node.faults().plan(FaultPlan.NONE.command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.Answer(BUSY)));

        assertEquals(List.of(PONG), client.ask(PING));
        assertEquals(List.of(BUSY), client.ask(write()));
        assertEquals(-1, last(), "nothing was written");
        client.ask(write());
        assertEquals(0, last());
    }

    @Test
    void anotherPlanCountsFromTheBeginning() {
        node.faults().plan(FaultPlan.NONE.command(1, new CommandFault.Answer(BUSY)));
        client.ask(PING);
        node.faults().plan(FaultPlan.NONE.command(1, new CommandFault.Ignore()));

        assertEquals(List.of(), client.ask(PING));

        node.faults().plan(FaultPlan.NONE);
        assertEquals(List.of(PONG), client.ask(PING));
    }

    @Test
    void aDelayHoldsOneCommandOnly() {
        node.faults().plan(FaultPlan.NONE.command(1, new CommandFault.Delay(700)));

        assertEquals(List.of(), client.ask(write()));
        assertEquals(List.of(PONG), client.ask(PING));
        pass(699);
        assertEquals(-1, last());
        pass(1);
        assertEquals(1, client.told().size());
        assertEquals(0, last());
    }

    @Test
    void anAnswerMayBeLostOrSayTheWrongThing() {
        WriteMessage.WriteEventsCompleted timeout = new WriteMessage.WriteEventsCompleted(
                OperationResult.COMMIT_TIMEOUT, "Commit phase timeout.", -1, -1, -1, -1, -1);
        node.faults()
                .plan(FaultPlan.NONE
                        .command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.LoseAnswer())
                        .command(TcpCommand.WRITE_EVENTS, 2, new CommandFault.AnswerInstead(timeout)));

        assertEquals(List.of(), client.ask(write()));
        assertEquals(0, last(), "it was written");
        assertEquals(List.of(timeout), client.ask(write()));
        assertEquals(1, last(), "it was written");
    }

    @Test
    void aCommandMayCloseItsConnection() {
        node.faults().plan(FaultPlan.NONE.command(1, new CommandFault.Close()));

        assertEquals(List.of(), client.ask(write()));

        assertTrue(client.isClosed());
        assertEquals(-1, last());
    }

    @Test
    void anAnswerMayBeCut() {
        try (LocalEventStore store = LocalEventStore.start()) {
            ListeningNode node = store.server().nodes().get(0);
            Loop.await(node.fail(FaultPlan.NONE.command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.CutAnswer(7))));
            try (StoreSocket client = StoreSocket.connect(store.port());
                    StoreSocket other = StoreSocket.connect(store.port())) {
                assertEquals(PONG, client.ask(PING));
                client.send(write());
                assertEquals(7, client.bytesToEnd());
                WriteMessage.WriteEventsCompleted second =
                        assertInstanceOf(WriteMessage.WriteEventsCompleted.class, other.ask(write()));
                assertEquals(1, second.firstEventNumber(), "the first one was done");
            }
        }
    }

    @Test
    void aConnectionMayBeSilent() {
        try (LocalEventStore store = LocalEventStore.start()) {
            ListeningNode node = store.server().nodes().get(0);
            Loop.await(node.fail(FaultPlan.NONE.connection(1, new ConnectionFault.Silence())));
            try (StoreSocket silent = StoreSocket.connect(store.port());
                    StoreSocket other = StoreSocket.connect(store.port())) {
                silent.send(PING);
                assertEquals(PONG, other.ask(PING));
                assertEquals(2, store.server().counters().openConnections());
                Loop.await(node.close());
                assertEquals(0, bytesToEndOrReset(silent));
            }
        }
    }

    /** The system resets a connection whose bytes were not read. */
    private static int bytesToEndOrReset(StoreSocket socket) {
        try {
            return socket.bytesToEnd();
        } catch (UncheckedIOException reset) {
            return 0;
        }
    }

    /** It would have hit the next event of the subscription, whose conversation it is. */
    @Test
    void whatIsNotAnsweredHasNoFaultsOfAnswers() {
        FaultPlan none = FaultPlan.NONE;
        for (TcpCommand each :
                List.of(TcpCommand.PERSISTENT_SUBSCRIPTION_ACK_EVENTS, TcpCommand.PERSISTENT_SUBSCRIPTION_NAK_EVENTS)) {
            assertThrows(IllegalArgumentException.class, () -> none.command(each, 1, new CommandFault.LoseAnswer()));
            assertThrows(
                    IllegalArgumentException.class, () -> none.command(each, 1, new CommandFault.AnswerInstead(BUSY)));
            assertThrows(IllegalArgumentException.class, () -> none.command(each, 1, new CommandFault.CutAnswer(1)));
            none.command(each, 1, new CommandFault.Ignore());
        }
        for (TcpCommand each : List.of(TcpCommand.HEARTBEAT_REQUEST, TcpCommand.HEARTBEAT_RESPONSE)) {
            assertThrows(IllegalArgumentException.class, () -> none.command(each, 1, new CommandFault.Ignore()));
        }
        node.faults().plan(none.command(1, new CommandFault.LoseAnswer()));
        client.ask(new PersistentMessage.PersistentSubscriptionAckEvents("s::g", List.of()));
        assertEquals(0, database.counters().appliedFaults());
    }

    @Test
    void connectionsAreRefusedOrCutByTheirNumber() {
        try (LocalEventStore store = LocalEventStore.start()) {
            ListeningNode node = store.server().nodes().get(0);
            // README
            node.fail(FaultPlan.NONE
                            .connection(2, new ConnectionFault.Refuse())
                            .connection(3, new ConnectionFault.CutAfter(31)) // bytes
                            .command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.LoseAnswer()))
                    .await();
            // README

            try (StoreSocket first = StoreSocket.connect(store.port());
                    StoreSocket second = StoreSocket.connect(store.port());
                    StoreSocket third = StoreSocket.connect(store.port())) {
                assertEquals(PONG, first.ask(PING));
                assertNull(second.read());
                assertEquals(PONG, third.ask(PING));
                third.send(PING);
                assertEquals(31 - PONG_BYTES, third.bytesToEnd());
                assertEquals(PONG, first.ask(PING));
            }
            assertEquals(2, store.server().counters().appliedFaults());
        }
    }

    @Test
    void numbersBeginWithOne() {
        assertThrows(IllegalArgumentException.class, () -> FaultPlan.NONE.connection(0, new ConnectionFault.Refuse()));
        assertThrows(IllegalArgumentException.class, () -> new CommandFault.Delay(-1));
        assertThrows(IllegalArgumentException.class, () -> new ConnectionFault.CutAfter(-1));
    }

    private void pass(long millis) {
        nowMillis += millis;
        database.tick(nowMillis);
    }

    private long last() {
        return database.store().lastNumber("s");
    }

    private static EventStoreMessage write() {
        return EventStoreNodeTest.write("s", false);
    }
}
