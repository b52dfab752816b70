package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.store.StoreBounds;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.PersistentSubscriptionSettings;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.eventstore.wire.WriteMessage;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What nodes do by their roles, beyond what the recordings show. */
class EventStoreNodeTest {

    private static final PersistentSubscriptionSettings SETTINGS = new PersistentSubscriptionSettings(
            "g", "s", false, 0, 30_000, false, 500, 20, 500, 10, true, 2_000, 1_000, 10, 0, "RoundRobin");

    private long nowMillis;
    private final EventStoreDatabase database =
            new EventStoreDatabase(ServerVersion.V5_0_11, () -> 1_795_000_000_000L + nowMillis, () -> nowMillis);
    private final EventStoreCluster cluster = new EventStoreCluster(database);
    private final EventStoreNode leader = node(1113);
    private final EventStoreNode other = node(2113);
    private final NodeClient client = new NodeClient(other);

    private EventStoreNode node(int port) {
        EventStoreNode made = new EventStoreNode(cluster, new UUID(0, port));
        made.address(new NodeAddress("127.0.0.1", port, 0, port + 1000));
        return made;
    }

    @Test
    void theFirstNodeLeadsAndTheNextOnesFollow() {
        assertEquals(NodeRole.LEADER, leader.role());
        assertEquals(NodeRole.FOLLOWER, other.role());
        assertEquals(List.of(notLeader(leader)), client.ask(write("s", true)));
    }

    @Test
    void aNewLeaderTakesTheRoleOfTheOldOne() {
        other.role(NodeRole.LEADER);

        assertEquals(NodeRole.FOLLOWER, leader.role());
        assertEquals(List.of(OperationResult.SUCCESS), results(client.ask(write("s", true))));
        assertEquals(List.of(notLeader(other)), new NodeClient(leader).ask(write("s", true)));
    }

    @Test
    void aNodeThatIsNotReadyRefusesEachWrite() {
        other.role(NodeRole.NOT_READY);

        assertEquals(List.of(notReady()), client.ask(write("s", true)));
        assertEquals(List.of(notReady()), client.ask(write("s", false)));
        assertEquals(List.of(notReady()), client.ask(group()));
        assertEquals(List.of(), client.ask(settlement()));
        assertEquals(
                List.of(new ConnectionMessage.Pong(Buffer.buffer("x"))),
                client.ask(new ConnectionMessage.Ping(Buffer.buffer("x"))));
        assertEquals(-1, database.store().lastNumber("s"));
    }

    @Test
    void aFollowerWithoutLeaderIsNotReady() {
        leader.role(NodeRole.FOLLOWER);

        assertEquals(List.of(notReady()), client.ask(write("s", false)));
        assertEquals(List.of(notReady()), client.ask(group()));
    }

    @Test
    void aReadOnlyReplicaTakesNoWrites() {
        other.role(NodeRole.READ_ONLY_REPLICA);

        assertEquals(List.of(notLeader(leader)), client.ask(write("s", true)));
        assertEquals(
                List.of(new ConnectionMessage.NotHandled(
                        NotHandledReason.IS_READ_ONLY, leader.address().leaderInfo())),
                client.ask(write("s", false)));
        assertEquals(List.of(notLeader(leader)), client.ask(group()));
    }

    @Test
    void whatALeaderDoesNotHearIsAnsweredInItsPlace() {
        leader.reachable(false);

        assertEquals(List.of(), client.ask(write("s", false)));
        pass(EventStoreCluster.FORWARD_TIMEOUT_MILLIS - 1);
        assertEquals(List.of(), client.told());
        pass(1);
        assertEquals(List.of(OperationResult.FORWARD_TIMEOUT), results(client.told()));
        assertEquals(-1, database.store().lastNumber("s"));
        assertEquals(List.of(notLeader(leader)), client.ask(write("s", true)), "nobody has told it yet");
    }

    @Test
    void withoutAMajorityAWriteIsCommittedAfterItsAnswer() {
        cluster.majority(false);

        assertEquals(List.of(), client.ask(write("s", false)));
        pass(EventStoreCluster.COMMIT_TIMEOUT_MILLIS);
        assertEquals(List.of(OperationResult.COMMIT_TIMEOUT), results(client.told()));
        assertEquals(-1, database.store().lastNumber("s"));

        client.ask(write("s", false));
        cluster.majority(true);
        assertEquals(1, database.store().lastNumber("s"));
        assertEquals(List.of(OperationResult.SUCCESS), results(client.told()), "of the second one only");
        pass(EventStoreCluster.COMMIT_TIMEOUT_MILLIS);
        assertEquals(List.of(), client.told());
    }

    @Test
    void whoLeadsNoMoreHasNoGroupsEither() {
        NodeClient subscriber = new NodeClient(leader);
        subscriber.ask(
                new PersistentMessage.CreatePersistentSubscription(SETTINGS),
                new UserCredentials.Password("admin", "changeit"));
        assertEquals(
                List.of(PersistentMessage.PersistentSubscriptionConfirmation.class),
                subscriber.ask(group()).stream().map(Object::getClass).toList());

        other.role(NodeRole.LEADER);

        assertEquals(
                List.of(new SubscriptionMessage.SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED)),
                subscriber.told());
        client.ask(write("s", true));
        assertEquals(List.of(), subscriber.told());
    }

    @Test
    void writesThatWaitForAMajorityAreBounded() {
        cluster.majority(false);
        for (int i = 0; i < EventStoreCluster.MAX_WAITING_COMMITS; i++) {
            client.ask(write("s", false));
        }

        assertEquals(
                List.of(new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null)),
                client.ask(write("s", false)));
        assertEquals(1, database.counters().tooBusyAnswers());
    }

    @Test
    void whatWritesThatWaitForAMajorityHoldIsBounded() {
        EventStoreDatabase small = new EventStoreDatabase(
                new EventStoreServerOptions(ServerVersion.V5_0_11, 10, new StoreBounds(100, 2_000, 10, 10)),
                () -> 0,
                () -> 0);
        EventStoreCluster alone = new EventStoreCluster(small);
        NodeClient writer = new NodeClient(new EventStoreNode(alone, UUID.randomUUID()));
        alone.majority(false);
        assertEquals(List.of(), writer.ask(write("s", 900)));
        assertEquals(List.of(), writer.ask(write("s", 700)));

        EventStoreMessage busy = new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null);
        assertEquals(List.of(busy), writer.ask(write("s", 900)));
        assertEquals(1, small.counters().tooBusyAnswers());

        alone.majority(true);
        assertEquals(2, writer.told().size());
        alone.majority(false);
        assertEquals(List.of(), writer.ask(write("s", 900)), "there is room again");
    }

    private static WriteMessage.WriteEvents write(String stream, int dataBytes) {
        NewEvent event = new NewEvent(
                UUID.randomUUID(), "t", NewEvent.BINARY, Buffer.buffer(new byte[dataBytes]), Buffer.buffer());
        return new WriteMessage.WriteEvents(stream, -2, List.of(event), false);
    }

    private void pass(long millis) {
        nowMillis += millis;
        database.tick(nowMillis);
    }

    private static List<OperationResult> results(List<EventStoreMessage> answers) {
        return answers.stream()
                .map(each -> ((WriteMessage.WriteEventsCompleted) each).result())
                .toList();
    }

    private static EventStoreMessage notReady() {
        return new ConnectionMessage.NotHandled(NotHandledReason.NOT_READY, null);
    }

    private static EventStoreMessage notLeader(EventStoreNode leader) {
        return new ConnectionMessage.NotHandled(
                NotHandledReason.NOT_LEADER, leader.address().leaderInfo());
    }

    static WriteMessage.WriteEvents write(String stream, boolean requireLeader) {
        NewEvent event = new NewEvent(UUID.randomUUID(), "t", NewEvent.JSON, Buffer.buffer("{}"), Buffer.buffer());
        return new WriteMessage.WriteEvents(stream, -2, List.of(event), requireLeader);
    }

    private static EventStoreMessage group() {
        return new PersistentMessage.ConnectToPersistentSubscription("g", "s", 10);
    }

    private static EventStoreMessage settlement() {
        return new PersistentMessage.PersistentSubscriptionAckEvents("s::g", List.of(Buffer.buffer(new byte[16])));
    }
}
