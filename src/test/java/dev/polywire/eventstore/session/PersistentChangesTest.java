package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.client.EventStoreException.Reason;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.PersistentMessage.CreateResult;
import dev.polywire.eventstore.wire.PersistentSubscriptionSettings;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.UserCredentials;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups that are created, updated and deleted: the seed's cases, and what it did not have. */
@Timeout(60)
class PersistentChangesTest {

    private final PersistentRoom room = new PersistentRoom();

    @AfterEach
    void close() {
        room.close();
    }

    /** B2: created; AlreadyExists. */
    @Test
    void aGroupIsCreatedOnce() {
        room.create(PersistentRoom.settings());
        EventStoreException again = refused(create(PersistentRoom.settings()));
        assertEquals(Reason.ALREADY_EXISTS, again.reason());
        assertEquals("Group 'g' already exists.", again.text());
    }

    /** B2: access denied. */
    @Test
    void whoIsNobodyMayNotCreate() {
        EventStoreClient anonymous = room.client(null);
        PersistentChanges changes = new PersistentChanges(anonymous);
        EventStoreException why =
                refused(room.failure(() -> changes.create(PersistentRoom.settings(), null, room.deadline())));
        assertEquals(Reason.ACCESS_DENIED, why.reason());
        room.on(() -> changes.create(
                PersistentRoom.settings(), new UserCredentials.Password("ops", "changeit"), room.deadline()));
    }

    /** B3, 13: update and delete. */
    @Test
    void aGroupThatIsNotThereIsNotChanged() {
        assertEquals(
                Reason.DOES_NOT_EXIST,
                refused(room.failure(() -> room.changes.update(PersistentRoom.settings(), null, room.deadline())))
                        .reason());
        assertEquals(
                Reason.DOES_NOT_EXIST,
                refused(room.failure(() -> room.changes.delete("s", "g", null, room.deadline())))
                        .reason());
        room.create(PersistentRoom.settings());
        room.on(() -> room.changes.update(PersistentRoom.settings(), null, room.deadline()));
        room.on(() -> room.changes.delete(PersistentRoom.STREAM, PersistentRoom.GROUP, null, room.deadline()));
        room.create(PersistentRoom.settings());
    }

    @Test
    void aServerThatFailsIsRefusing() {
        room.fail(FaultPlan.NONE.command(
                TcpCommand.CREATE_PERSISTENT_SUBSCRIPTION,
                1,
                new CommandFault.Answer(
                        new PersistentMessage.CreatePersistentSubscriptionCompleted(CreateResult.FAIL, "why"))));
        EventStoreException why = refused(create(PersistentRoom.settings()));
        assertEquals(Reason.FAIL, why.reason());
        assertEquals("Fail: why", why.getMessage());
    }

    /** Servers would take some of these and break, or say nothing. B3, 10: the spelling of DispatchToSingle. */
    @Test
    void whatIsWrongIsNotSent() {
        List<PersistentSubscriptionSettings> wrong = List.of(
                PersistentRoom.settings(30_000, 0, "DisptchToSingle", 100, 500),
                PersistentRoom.settings(30_000, 0, "roundrobin", 100, 500),
                PersistentRoom.settings(30_000, 0, "\ud83d", 100, 500),
                PersistentRoom.settings(30_000, 0, "RoundRobin", 500, 500),
                PersistentRoom.settings(30_000, 0, "RoundRobin", 0, 500),
                PersistentRoom.settings(30_000, 0, "RoundRobin", 4_097, 5_000),
                PersistentRoom.settings(-1, 0, "RoundRobin", 100, 500),
                PersistentRoom.settings(30_000, -1, "RoundRobin", 100, 500));
        long before = room.relay.bytesFromClients();
        for (PersistentSubscriptionSettings each : wrong) {
            CallException why = assertInstanceOf(CallException.class, create(each));
            assertEquals(CallException.Reason.BAD_REQUEST, why.reason());
        }
        assertInstanceOf(CallException.class, room.failure(() -> room.changes.delete("", "g", null, room.deadline())));
        assertEquals(before, room.relay.bytesFromClients());
        for (String strategy : List.of("", "RoundRobin", "DispatchToSingle", "Pinned")) {
            room.create(PersistentRoom.settings(30_000, 0, strategy, 100, 500));
            room.on(() -> room.changes.delete(PersistentRoom.STREAM, PersistentRoom.GROUP, null, room.deadline()));
        }
    }

    /** A group of this name is there, with whosever settings. */
    @Test
    void aCreationWhoseAnswerIsLostIsUnknown() {
        room.fail(FaultPlan.NONE.command(TcpCommand.CREATE_PERSISTENT_SUBSCRIPTION, 1, new CommandFault.CutAnswer(0)));
        CallException why = assertInstanceOf(CallException.class, create(PersistentRoom.settings()));
        assertTrue(why.isUnknown());
        assertEquals(Reason.ALREADY_EXISTS, refused(why.getCause()).reason());
    }

    @Test
    void aDeletionWhoseAnswerIsLostIsDone() {
        room.create(PersistentRoom.settings());
        room.fail(FaultPlan.NONE.command(TcpCommand.DELETE_PERSISTENT_SUBSCRIPTION, 1, new CommandFault.CutAnswer(0)));
        room.on(() -> room.changes.delete(PersistentRoom.STREAM, PersistentRoom.GROUP, null, room.deadline()));
        room.create(PersistentRoom.settings());
    }

    private Throwable create(PersistentSubscriptionSettings settings) {
        return room.failure(() -> room.changes.create(settings, null, room.deadline()));
    }

    private static EventStoreException refused(Throwable why) {
        return assertInstanceOf(EventStoreException.class, why);
    }
}
