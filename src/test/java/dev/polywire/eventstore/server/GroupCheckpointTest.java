package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.server.GroupRoom.Wish;
import dev.polywire.eventstore.wire.NakAction;
import dev.polywire.eventstore.wire.PersistentMessage;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When a group writes down how far it has come, and where another one goes on. */
class GroupCheckpointTest {

    private final Wish wish = new Wish();

    @Test
    void manySettledEventsAreWrittenDownAtOnce() {
        wish.maxCheckpoint = 3;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2, 3, 4);
        GroupConsumer client = room.consumer(10);
        client.ack(1, 2);
        assertEquals(List.of(), room.checkpoints());
        client.ack(3);
        assertEquals(List.of("2"), room.checkpoints());
    }

    @Test
    void enoughAreWrittenDownAtASecondAndThenNotBeforeItsTime() {
        wish.minCheckpoint = 2;
        wish.checkpointMillis = 3_000;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2, 3, 4, 5);
        GroupConsumer client = room.consumer(10);
        client.ack(1);
        room.pass(5_000);
        assertEquals(List.of(), room.checkpoints(), "one is not enough");
        client.ack(2);
        assertEquals(List.of(), room.checkpoints(), "not before the second is over");
        room.pass(1_000);
        assertEquals(List.of("1"), room.checkpoints());
        client.ack(3, 4);
        room.pass(2_000);
        assertEquals(List.of("1"), room.checkpoints());
        room.pass(1_000);
        assertEquals(List.of("1", "3"), room.checkpoints());
        room.pass(60_000);
        assertEquals(List.of("1", "3"), room.checkpoints(), "nothing is new");
    }

    @Test
    void noneIsBehindAnEventThatIsNotSettled() {
        wish.maxCheckpoint = 1;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2, 3, 4);
        GroupConsumer client = room.consumer(3);
        client.ack(1, 3);
        assertEquals(List.of("0"), room.checkpoints());
        client.nak(NakAction.RETRY, "", 2);
        client.session.end();
        room.pass(1_000);
        assertEquals(List.of("0"), room.checkpoints(), "it waits to be given again");
        GroupConsumer next = room.consumer(10);
        next.ack(2, 4);
        assertEquals(List.of("0", "3"), room.checkpoints());
    }

    /** A pinned one waits for its busy client, while events behind it go to others. */
    @Test
    void noneIsBehindAnEventThatWaitsForItsClient() {
        wish.maxCheckpoint = 1;
        wish.strategy = "Pinned";
        wish.links = true;
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer first = room.consumer(1);
        GroupConsumer second = room.consumer(2);
        room.write("a", "t", 1, 2);
        room.write("b", "t", 3, 4);
        String[] links = {"0@a", "0@b", "1@a", "1@b"};
        for (int i = 0; i < links.length; i++) {
            room.write(GroupRoom.STREAM, GroupRoom.event("$>", 11 + i, links[i], ""));
        }
        assertEquals(List.of("1"), first.given());
        assertEquals(List.of("3", "4"), second.given());
        second.ack(12, 14);
        room.client().nak(NakAction.SKIP, "", 11);
        assertEquals(List.of("2"), first.given());
        assertEquals(List.of("1"), room.checkpoints());
        wish.from = -1;
        room.ask(GroupRoom.ADMIN, wish.update());
        assertEquals(List.of("2", "4"), room.consumer(10).given());
    }

    @Test
    void parkedEventsAreSettled() {
        wish.maxCheckpoint = 1;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2);
        GroupConsumer client = room.consumer(10);
        client.nak(NakAction.PARK, "", 1);
        assertEquals(List.of("0"), room.checkpoints());
        room.database.groups().replayParked(GroupRoom.STREAM, GroupRoom.GROUP);
        client.ack(2);
        assertEquals(List.of("0", "1"), room.checkpoints(), "a replayed one has no number here");
    }

    @Test
    void aGroupThatIsUpdatedGoesOnBehindItsCheckpoint() {
        wish.maxCheckpoint = 1;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2, 3);
        room.consumer(10).ack(1, 2);
        wish.from = -1;
        room.ask(GroupRoom.ADMIN, wish.update());
        assertEquals(List.of("3"), room.consumer(10).given());
    }

    @Test
    void aGroupThatIsDeletedHasNone() {
        wish.maxCheckpoint = 1;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2);
        GroupConsumer client = room.consumer(10);
        client.ack(1);
        client.nak(NakAction.PARK, "", 2);
        room.ask(
                GroupRoom.ADMIN, new PersistentMessage.DeletePersistentSubscription(GroupRoom.GROUP, GroupRoom.STREAM));
        assertEquals(List.of(), room.checkpoints());
        assertEquals(List.of(), room.parked());
        room.ask(GroupRoom.ADMIN, wish.create());
        assertEquals(List.of("1", "2"), room.consumer(10).given());
    }

    @Test
    void whatIsNoCheckpointIsPassedOver() {
        GroupRoom room = new GroupRoom(ServerVersion.V5_0_11);
        room.write("$persistentsubscription-" + GroupRoom.KEY + "-checkpoint", "t", 7);
        room.write(
                "$persistentsubscription-" + GroupRoom.KEY + "-checkpoint",
                GroupRoom.event("t", 8, "99999999999999999999", ""));
        room.write(1);
        room.ask(GroupRoom.ADMIN, wish.create());
        assertEquals(List.of("1"), room.consumer(10).given());
    }

    @Test
    void countsOfZeroFillNoStream() {
        wish.minCheckpoint = 0;
        wish.maxCheckpoint = 0;
        GroupRoom room = GroupRoom.of(wish);
        room.write(LongStream.rangeClosed(1, 3).toArray());
        room.consumer(10).ack(1, 2, 3);
        room.pass(3_600_000);
        assertEquals(List.of("2"), room.checkpoints());
    }
}
