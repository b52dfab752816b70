package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.server.GroupRoom.Wish;
import dev.polywire.eventstore.store.Resolved;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.wire.NakAction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which client is given an event. */
class ConsumerStrategyTest {

    private final Wish wish = new Wish();

    private GroupRoom room(String strategy) {
        wish.strategy = strategy;
        return GroupRoom.of(wish);
    }

    @Test
    void roundRobinGivesEachTheNextOneAndLeavesOutWhoIsFull() {
        GroupRoom room = room("RoundRobin");
        GroupConsumer first = room.consumer(1);
        GroupConsumer second = room.consumer(10);
        GroupConsumer third = room.consumer(10);
        room.write(1, 2, 3, 4, 5, 6);
        assertEquals(List.of("1"), first.given());
        assertEquals(List.of("2", "4", "6"), second.given());
        assertEquals(List.of("3", "5"), third.given());
    }

    @Test
    void dispatchToSingleFillsOneBeforeTheNext() {
        GroupRoom room = room("DispatchToSingle");
        GroupConsumer first = room.consumer(2);
        GroupConsumer second = room.consumer(2);
        room.write(1, 2, 3);
        assertEquals(List.of("1", "2"), first.given());
        assertEquals(List.of("3"), second.given());
        first.ack(1, 2);
        room.write(4, 5);
        assertEquals(List.of("4"), second.given(), "it is filled first");
        assertEquals(List.of("5"), first.given());
    }

    @Test
    void aPinnedStreamStaysWithItsClientWhileOthersGoOn() {
        GroupRoom room = pinned("Pinned");
        GroupConsumer first = room.consumer(1);
        GroupConsumer second = room.consumer(1);
        link(room, 1, 0, "a");
        link(room, 2, 0, "b");
        assertEquals(List.of("1"), first.given());
        assertEquals(List.of("2"), second.given());
        link(room, 3, 1, "a");
        link(room, 4, 1, "b");
        second.ack(12);
        assertEquals(List.of(), first.given(), "it is full, and its own event waits");
        assertEquals(List.of("4"), second.given(), "others need not wait for that");
        first.ack(11);
        assertEquals(List.of("3"), first.given());
    }

    @Test
    void aLostClientsStreamsGoToAnother() {
        GroupRoom room = pinned("Pinned");
        GroupConsumer first = room.consumer(10);
        GroupConsumer second = room.consumer(10);
        link(room, 1, 0, "a");
        link(room, 2, 0, "b");
        first.session.end();
        link(room, 3, 1, "a");
        assertEquals(List.of("2", "1*", "3"), second.given());
    }

    @Test
    void aNewClientTakesItsShareOfTheStreams() {
        GroupRoom room = pinned("Pinned");
        GroupConsumer first = room.consumer(1_000);
        IntStream.range(0, 40).forEach(each -> link(room, each + 1, 0, "s" + each));
        first.ack(IntStream.range(0, 40).mapToLong(each -> each + 11).toArray());
        assertEquals(40, first.given().size());
        GroupConsumer second = room.consumer(1_000);
        IntStream.range(0, 40).forEach(each -> link(room, each + 101, 1, "s" + each));
        int mine = first.given().size();
        int others = second.given().size();
        assertEquals(40, mine + others);
        assertTrue(Math.abs(mine - others) <= 4, mine + " and " + others + ", some of which share a bucket");
    }

    /** Each may be given one: what the strategy counts as room, others would count themselves. */
    @Test
    void pinnedClientsThatComeAndGoLeaveNoRoomBehind() {
        GroupRoom room = pinned("Pinned");
        for (int round = 0; round < 3; round++) {
            GroupConsumer client = room.consumer(1);
            link(room, 10 * round + 1, round, "a");
            assertEquals(1, client.given().size());
            client.session.end();
        }
        GroupConsumer last = room.consumer(3);
        assertEquals(3, last.given().size());
        link(room, 40, 3, "a");
        assertEquals(List.of(), last.given());
        last.ack(11);
        assertEquals(List.of("40"), last.given());
    }

    @Test
    void aPinnedEventIsTriedAgainWithTheSameClient() {
        GroupRoom room = pinned("Pinned");
        GroupConsumer first = room.consumer(10);
        room.consumer(10);
        link(room, 1, 0, "a");
        first.nak(NakAction.RETRY, "", 11);
        assertEquals(List.of("1", "1*"), first.given());
    }

    @Test
    void aLinkToNothingIsPinnedByTheStreamItNames() {
        GroupRoom room = pinned("Pinned");
        List<GroupConsumer> clients = List.of(room.consumer(10), room.consumer(10));
        for (int number = 0; number < 4; number++) {
            room.write(GroupRoom.STREAM, GroupRoom.event("$>", number, number + "@gone", ""));
        }
        List<Integer> given = new ArrayList<>();
        clients.forEach(each -> given.add(each.given().size()));
        assertEquals(List.of(4, 0), given);
    }

    @Test
    void eventsOfOneCorrelationStayTogetherInLaterVersions() {
        wish.strategy = "PinnedByCorrelation";
        GroupRoom room = new GroupRoom(ServerVersion.V20_10);
        room.ask(GroupRoom.ADMIN, wish.create());
        GroupConsumer first = room.consumer(10);
        GroupConsumer second = room.consumer(10);
        String[] metadata = {
            "{\"$correlationId\":\"x\"}", "{\"$correlationId\":\"y\"}", "", "[", "{\"$correlationId\":5}"
        };
        for (int round = 0; round < 2; round++) {
            for (int each = 0; each < metadata.length; each++) {
                room.write(
                        GroupRoom.STREAM,
                        GroupRoom.event("t", 10 * round + each, Integer.toString(each), metadata[each]));
            }
        }
        List<String> mine = first.given();
        List<String> others = second.given();
        assertEquals(10, mine.size() + others.size());
        assertEquals(List.of(), mine.stream().filter(others::contains).toList(), "none is with both");
        assertNotEquals(List.of(), others);
    }

    /** The other values of the metadata are as many as a client likes, and take much more memory than on the wire. */
    @ParameterizedTest
    @CsvSource({"9_000, x", "11_000, s"})
    void metadataOfNoOrdinarySizeHasNoCorrelation(String values, String expected) {
        int many = Integer.parseInt(values.replace("_", ""));
        String metadata = "{\"$correlationId\":\"x\",\"a\":[" + "0,".repeat(many - 1) + "0]}";
        StreamStore store = new StreamStore(() -> 0);
        store.write("s", -2, List.of(GroupRoom.event("t", 1, "", metadata)));
        assertEquals(
                expected,
                PinnedStrategy.correlation(Resolved.plain(store.page("s", 0, 1).get(0))));
    }

    private GroupRoom pinned(String strategy) {
        wish.links = true;
        return room(strategy);
    }

    /** Writes an event to a stream, with this number as its data, and a link to it, whose id is 10 more. */
    private static void link(GroupRoom room, int data, int number, String stream) {
        room.write(stream, "t", data);
        room.write(GroupRoom.STREAM, GroupRoom.event("$>", data + 10, number + "@" + stream, ""));
    }
}
