package dev.polywire.eventstore.session;

import static dev.polywire.eventstore.session.ClientAtWork.LONG_MILLIS;
import static dev.polywire.eventstore.session.ClientAtWork.read;
import static dev.polywire.eventstore.session.ClientAtWork.target;
import static dev.polywire.eventstore.session.ClientAtWork.write;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.AllowedNetworks;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.EventStoreServerOptions;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.server.ListeningNode;
import dev.polywire.eventstore.server.LocalEventStore;
import dev.polywire.eventstore.server.NodeEndpoints;
import dev.polywire.eventstore.server.NodeRole;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.LeaderInfo;
import dev.polywire.eventstore.wire.NodePreference;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that is not the leader says who is. */
@Timeout(60)
class EventStoreRedirectTest {

    private static final long SHORT_MILLIS = 400;
    private static final EventStoreClusterOptions FOLLOWER =
            EventStoreClusterOptions.NONE.preferring(NodePreference.FOLLOWER);

    private final LocalEventStore store = LocalEventStore.start(
            EventStoreServerOptions.DEFAULT,
            NodeEndpoints.loopback(),
            NodeEndpoints.loopback(),
            NodeEndpoints.loopback());
    private final List<ListeningNode> nodes = store.server().nodes();
    private final ListeningNode leader = nodes.get(0);
    private final ListeningNode follower = nodes.get(1);

    @AfterEach
    void close() {
        store.close();
    }

    /** The read is under way at the follower when its connection retires, and is answered there. */
    @Test
    void theConnectionMovesAndWhatIsInFlightIsAnswered() throws InterruptedException {
        try (ClientAtWork work =
                ClientAtWork.at(follower.port(), EventStoreClusterOptions.NONE).start()) {
            Outcome.value(work.send(write("s", -1, 1)));
            assertEquals(1, work.on(work.client()::repeated));
        }
        try (ClientAtWork work =
                ClientAtWork.at(follower.port(), EventStoreClusterOptions.NONE).start()) {
            BlockingQueue<Object> heard = work.subscribed("s", false);
            assertEquals(at(follower), target(next(heard)));
            assertInstanceOf(SubscriptionMessage.SubscriptionConfirmation.class, next(heard));
            Outcome.value(follower.fail(
                    FaultPlan.NONE.command(TcpCommand.READ_STREAM_EVENTS_FORWARD, 1, new CommandFault.Delay(1_000))));
            Future<EventStoreMessage> slow = work.send(read("s", 10, false));
            Future<EventStoreMessage> written = work.send(write("s", 0, 1));

            CallException lost = assertInstanceOf(CallException.class, next(heard));
            assertEquals(
                    "127.0.0.1:" + follower.port() + " is not the leader, " + at(leader) + " is", lost.getMessage());
            assertEquals(at(leader), target(next(heard)));
            Outcome.value(written);
            assertTrue(!slow.isComplete());
            assertEquals(
                    2,
                    ((ReadMessage.ReadStreamEventsCompleted) Outcome.value(slow))
                            .events()
                            .size());
            assertEquals(1, work.on(work.client()::repeated), "the write alone");
            assertEquals(
                    List.of(Link.State.CONNECTING, Link.State.READY, Link.State.RECOVERING, Link.State.READY),
                    List.copyOf(work.states));
            await().until(() -> store.server().counters().openConnections() == 1);
        }
    }

    /** The subscription stays where it is; what the leader does goes by a second connection. */
    @Test
    void whoPrefersAFollowerStaysThere() throws InterruptedException {
        try (ClientAtWork work = ClientAtWork.at(follower.port(), FOLLOWER).start()) {
            BlockingQueue<Object> heard = work.subscribed("s", false);
            assertEquals(at(follower), target(next(heard)));
            assertInstanceOf(SubscriptionMessage.SubscriptionConfirmation.class, next(heard));
            Outcome.value(work.send(write("s", -1, 1)));
            assertInstanceOf(SubscriptionMessage.StreamEventAppeared.class, next(heard));
            Outcome.value(work.send(write("s", 0, 1)));
            assertInstanceOf(SubscriptionMessage.StreamEventAppeared.class, next(heard));
            assertEquals(2, store.server().counters().openConnections());
            assertEquals(List.of(Link.State.CONNECTING, Link.State.READY), List.copyOf(work.states));
        }
    }

    /** Nobody needs the connection to the leader any more, and then somebody does. */
    @Test
    void theConnectionToTheLeaderIsClosedWhenItIsIdle() {
        try (ClientAtWork work = preferringFollowers(20).start()) {
            for (int i = 0; i < 3; i++) {
                Outcome.value(work.send(write("s", i - 1, 1)));
                await().until(() -> store.server().counters().openConnections() == 1);
                assertEquals(2 + i, store.server().counters().acceptedConnections());
            }
        }
    }

    /** With a follower it stays, however long its operations are over. */
    @Test
    void theConnectionToTheLeaderStaysForWhoFollows() throws InterruptedException {
        try (ClientAtWork work = preferringFollowers(1).start()) {
            BlockingQueue<Object> heard = work.subscribed("s", true);
            next(heard);
            for (int i = 0; i < 20; i++) {
                Outcome.value(work.send(write("s", i - 1, 1)));
                Outcome.value(work.vertx.timer(1));
            }
            assertEquals(2, store.server().counters().openConnections());
            assertTrue(store.server().counters().acceptedConnections() <= 3, "it has moved to the leader, once");
        }
    }

    private ClientAtWork preferringFollowers(long leaderIdleMillis) {
        return new ClientAtWork(
                EndpointOptions.of("127.0.0.1", follower.port()),
                FOLLOWER,
                EventStoreClientOptions.of(null),
                QuickPauses.idle(leaderIdleMillis));
    }

    /** A persistent subscription is told in its conversation, and follows the leader from then on. */
    @Test
    void whoFollowsTheLeaderIsMovedThere() throws InterruptedException {
        try (ClientAtWork work = ClientAtWork.at(follower.port(), FOLLOWER).start()) {
            BlockingQueue<Object> heard = work.subscribed("s", true);
            Object first = next(heard);
            assertEquals(at(follower), target(first));
            assertInstanceOf(SubscriptionMessage.SubscriptionConfirmation.class, next(heard));
            assertTrue(work.on(() -> work.client()
                    .notLeader(
                            (EventStoreConnection) first,
                            new LeaderInfo("127.0.0.1", leader.port(), "127.0.0.1", leader.httpPort(), null, null))));
            assertInstanceOf(CallException.class, next(heard));
            assertEquals(at(leader), target(next(heard)));
            assertEquals(2, store.server().counters().openConnections());
        }
    }

    /** The leader has changed: the old one names the new one. */
    @Test
    void anElectionIsFollowed() {
        try (ClientAtWork work =
                ClientAtWork.at(leader.port(), EventStoreClusterOptions.NONE).start()) {
            Outcome.value(work.send(write("s", -1, 1)));
            Outcome.value(nodes.get(2).become(NodeRole.LEADER));
            Outcome.value(work.send(write("s", 0, 1)));
            Outcome.value(follower.become(NodeRole.LEADER));
            Outcome.value(work.send(write("s", 1, 1)));
            assertEquals(2, work.on(work.client()::repeated));
        }
    }

    /** Two nodes that each name the other one, for ever: calls end at their deadline, and the client does not spin. */
    @Test
    void aLoopIsBounded() {
        Outcome.value(leader.fail(notLeader(follower)));
        Outcome.value(follower.fail(notLeader(leader)));
        try (ClientAtWork work =
                ClientAtWork.at(leader.port(), EventStoreClusterOptions.NONE).start()) {
            EventStoreException why = assertInstanceOf(
                    EventStoreException.class,
                    Outcome.failure(work.send(write("s", -1, 1), Repetition.SAME_IDS, SHORT_MILLIS)));
            assertEquals(EventStoreException.Reason.NOT_LEADER, why.reason());
            long repeated = work.on(work.client()::repeated);
            assertTrue(repeated > 1 && repeated < 20, () -> "repeated " + repeated);
        }
    }

    private static FaultPlan notLeader(ListeningNode named) {
        FaultPlan plan = FaultPlan.NONE;
        for (int i = 1; i <= 100; i++) {
            plan = plan.command(
                    TcpCommand.WRITE_EVENTS,
                    i,
                    new CommandFault.Answer(new ConnectionMessage.NotHandled(
                            NotHandledReason.NOT_LEADER,
                            new LeaderInfo("127.0.0.1", named.port(), "127.0.0.1", named.httpPort(), null, null))));
        }
        return plan;
    }

    /** E20 */
    @Test
    void aNameOutsideOfTheAllowedNetworksIsNotDialled() {
        EventStoreClusterOptions careful = new EventStoreClusterOptions(
                List.of(),
                null,
                null,
                NodePreference.LEADER,
                AllowedNetworks.of(List.of("10.0.0.0/8")),
                EventStoreClusterOptions.GOSSIP_TIMEOUT_MILLIS);
        try (ClientAtWork work = ClientAtWork.at(follower.port(), careful).start()) {
            EventStoreException why = assertInstanceOf(
                    EventStoreException.class,
                    Outcome.failure(work.send(write("s", -1, 1), Repetition.SAME_IDS, SHORT_MILLIS)));
            assertEquals(EventStoreException.Reason.NOT_LEADER, why.reason());
            assertEquals(1, store.server().counters().openConnections());
            assertEquals(List.of(Link.State.CONNECTING, Link.State.READY), List.copyOf(work.states));
        }
    }

    /** It names a leader that is gone: the client comes back, and does not run there again and again. */
    @Test
    void aLeaderThatIsGoneIsNotSoughtAgainAtOnce() {
        Outcome.value(leader.close());
        try (ClientAtWork work =
                ClientAtWork.at(follower.port(), EventStoreClusterOptions.NONE).start()) {
            assertInstanceOf(
                    EventStoreException.class,
                    Outcome.failure(work.send(write("s", -1, 1), Repetition.SAME_IDS, SHORT_MILLIS)));
            assertInstanceOf(EventStoreException.class, Outcome.failure(work.send(read("s", 1, false))), "NoStream");
            Outcome.value(follower.become(NodeRole.LEADER));
            assertInstanceOf(WriteMessage.WriteEventsCompleted.class, Outcome.value(work.send(write("s", -1, 1))));
        }
    }

    /** A read-only replica names the leader to those who want it, and nobody to the others. */
    @Test
    void whoIsReadOnlyRefuses() {
        Outcome.value(follower.become(NodeRole.READ_ONLY_REPLICA));
        try (ClientAtWork work =
                ClientAtWork.at(follower.port(), EventStoreClusterOptions.NONE).start()) {
            EventStoreException why =
                    assertInstanceOf(EventStoreException.class, Outcome.failure(work.send(write("s", -1, 1, false))));
            assertEquals(EventStoreException.Reason.IS_READ_ONLY, why.reason());
            assertEquals(0, work.on(work.client()::repeated));
            Outcome.value(work.send(write("s", -1, 1)));
        }
    }

    private static String at(ListeningNode node) {
        return "127.0.0.1:" + node.port();
    }

    private static Object next(BlockingQueue<Object> heard) throws InterruptedException {
        return heard.poll(LONG_MILLIS, TimeUnit.MILLISECONDS);
    }
}
