package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.eventstore.server.GroupRoom.Wish;
import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.NakAction;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How events go to clients, again, and away. */
class PersistentGroupTest {

    private final Wish wish = new Wish();

    @Test
    void aClientIsGivenNoMoreThanItAllows() {
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2, 3, 4);
        GroupConsumer client = room.consumer(2);
        assertEquals(List.of("1", "2"), client.given());
        client.ack(1);
        assertEquals(List.of("3"), client.given());
        client.ack(2, 3);
        assertEquals(List.of("4"), client.given());
    }

    @Test
    void aClientThatAllowsNothingIsGivenNothing() {
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        GroupConsumer client = room.consumer(0);
        room.pass(60_000);
        assertEquals(List.of(), client.given());
        assertEquals(List.of("1"), room.consumer(1).given());
    }

    @Test
    void anEventIsSettledOnce() {
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2, 3);
        GroupConsumer client = room.consumer(1);
        client.ack(1, 1);
        client.ack(1);
        assertEquals(List.of("1", "2"), client.given());
    }

    @Test
    void anEventThatIsNotSettledInTimeIsGivenAgainAtTheNextSecond() {
        wish.timeoutMillis = 1_500;
        GroupRoom room = GroupRoom.of(wish);
        room.pass(400);
        GroupConsumer client = room.consumer(10);
        room.write(1);
        assertEquals(List.of("1"), client.given());
        room.pass(1_500);
        assertEquals(List.of(), client.given(), "due at 1,900, looked at at 1,000 and 2,000");
        room.pass(100);
        assertEquals(List.of("1*"), client.given());
        client.ack(1);
        room.pass(60_000);
        assertEquals(List.of(), client.given());
    }

    @ParameterizedTest
    @CsvSource({"0, ", "-1, 1*"})
    void timesThatAreNone(int timeoutMillis, String again) {
        wish.timeoutMillis = timeoutMillis;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        GroupConsumer client = room.consumer(10);
        client.messages();
        room.pass(1_000);
        assertEquals(again == null ? List.of() : List.of(again), client.given());
    }

    @Test
    void anEventThatWasGivenTooOftenIsParked() {
        wish.timeoutMillis = 1_000;
        wish.maxRetries = 2;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        GroupConsumer client = room.consumer(10);
        room.pass(60_000);
        assertEquals(List.of("1", "1*", "1**"), client.given());
        assertEquals(List.of("0@ponies"), room.parked());
    }

    @Test
    void whatIsParkedSaysWhy() {
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        GroupConsumer client = room.consumer(10);
        room.pass(250);
        client.nak(NakAction.PARK, "no \"pony\"", 1);
        assertEquals(
                "{\n  \"added\": \"2026-11-18T11:06:40.25+00:00\","
                        + "\n  \"reason\": \"Client explicitly NAK'ed message.\\nno \\\"pony\\\"\"\n}",
                room.events("$persistentsubscription-ponies::g-parked")
                        .get(0)
                        .metadata()
                        .toString());
    }

    @Test
    void aLongReasonIsCut() {
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        room.consumer(10).nak(NakAction.PARK, "q".repeat(100_000), 1);
        long kept = room.events("$persistentsubscription-ponies::g-parked")
                .get(0)
                .metadata()
                .toString()
                .chars()
                .filter(each -> each == 'q')
                .count();
        assertEquals(10_000, kept);
    }

    @ParameterizedTest
    @EnumSource(
            value = NakAction.class,
            names = {"UNKNOWN", "RETRY"})
    void whatAClientCouldNotDoIsTriedAgain(NakAction action) {
        wish.maxRetries = 1;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2);
        GroupConsumer client = room.consumer(1);
        client.nak(action, "", 1);
        assertEquals(List.of("1", "1*"), client.given(), "before what comes behind it");
        client.nak(action, "", 1);
        assertEquals(List.of("2"), client.given());
        assertEquals(List.of("0@ponies"), room.parked());
    }

    @ParameterizedTest
    @EnumSource(
            value = NakAction.class,
            names = {"SKIP", "STOP"})
    void whatAClientDoesNotWantIsDoneWith(NakAction action) {
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        GroupConsumer client = room.consumer(1);
        client.nak(action, "", 1);
        client.session.end();
        assertEquals(List.of(), room.consumer(10).given());
        assertEquals(List.of(), room.parked());
    }

    @Test
    void whatALostClientHadGoesToOthersInTheOrderOfTheStream() {
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer first = room.consumer(10);
        GroupConsumer second = room.consumer(10);
        room.write(1, 2, 3, 4, 5);
        second.nak(NakAction.RETRY, "", 2);
        assertEquals(List.of("1", "3", "5"), first.given().subList(0, 3));
        second.messages();
        first.session.end();
        assertEquals(
                List.of("1*", "3*", "5*"),
                second.given().stream().filter(each -> !each.startsWith("2")).toList());
    }

    @Test
    void losingAClientNeverParks() {
        wish.maxRetries = 0;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        for (int i = 0; i < 5; i++) {
            GroupConsumer client = room.consumer(1);
            assertEquals(List.of(i == 0 ? "1" : "1*"), client.given());
            client.session.end();
        }
        assertEquals(List.of(), room.parked());
    }

    @Test
    void aClientMayBeLostByWhatItIsGiven() {
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer breaking = room.consumer(10);
        GroupConsumer other = room.consumer(10);
        breaking.breaksBy = PersistentMessage.PersistentSubscriptionStreamEventAppeared.class::isInstance;
        room.write(1, 2, 3);
        assertEquals(List.of("1*", "2", "3"), other.given());
    }

    /** It follows what is parked, too, and is lost by the first one: the second one is given to the other, once. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientMayBeLostByWhatIsParked(boolean byTime) {
        wish.timeoutMillis = 1_000;
        wish.maxRetries = 0;
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer client = room.consumer(2);
        room.database
                .subscriptions()
                .handle(
                        new StoreRequest(client.session, client.id, GroupRoom.ADMIN),
                        new SubscriptionMessage.SubscribeToStream("$persistentsubscription-ponies::g-parked", false));
        client.breaksBy = SubscriptionMessage.StreamEventAppeared.class::isInstance;
        room.write(1, 2);
        if (byTime) {
            room.pass(1_000);
        } else {
            client.nak(NakAction.PARK, "", 1, 2);
        }
        assertEquals(List.of("0@ponies"), room.parked());
        GroupConsumer other = room.consumer(1);
        assertEquals(List.of("2*"), other.given());
        other.ack(2);
        assertEquals(List.of(), other.given());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RoundRobin", "Pinned"})
    void aClientMayBeLostByWhatItIsTold(String strategy) {
        wish.strategy = strategy;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        GroupConsumer client = room.client();
        client.breaksBy = PersistentMessage.PersistentSubscriptionConfirmation.class::isInstance;
        client.connect(1);
        assertEquals(List.of(), client.given());
        GroupConsumer next = room.consumer(1);
        assertEquals(List.of("1"), next.given());
        next.breaksBy = SubscriptionMessage.SubscriptionDropped.class::isInstance;
        room.database.groups().unsubscribe(next.id);
        GroupConsumer last = room.consumer(2);
        room.write(2);
        assertEquals(List.of("1*", "2"), last.given());
    }

    @Test
    void aBufferThatIsFullIsReadFromTheStreamLater() {
        wish.buffer = 30;
        wish.readBatch = 10;
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer client = room.consumer(1);
        room.write(LongStream.rangeClosed(1, 200).toArray());
        for (long number = 1; number <= 200; number++) {
            assertEquals(List.of(Long.toString(number)), client.given());
            client.ack(number);
        }
        room.write(201);
        assertEquals(List.of("201"), client.given());
    }

    /** As on a real server: what it has taken from the stream, it gives, even if the stream has let go of it. */
    @Test
    void whatIsInTheBufferIsGivenThoughItCanNoLongerBeRead() {
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer client = room.consumer(1);
        room.write(1, 2, 3);
        room.write("$$ponies", GroupRoom.metadata("{\"$maxCount\":1}"));
        client.ack(1);
        client.ack(2);
        assertEquals(List.of("1", "2", "3"), client.given());
    }

    @Test
    void aBatchThatDoesNotFitIntoTheBufferIsNeverRead() {
        wish.readBatch = 20;
        wish.buffer = 20;
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer client = room.consumer(10);
        room.write(1);
        room.pass(5_000);
        assertEquals(List.of(), client.given());
        wish.from = -1;
        room.ask(GroupRoom.ADMIN, wish.update());
        GroupConsumer live = room.consumer(10);
        room.write(2);
        assertEquals(List.of("2"), live.given(), "nothing is to be read");
    }

    @Test
    void anEventWhoseIdIsInFlightIsPassedOver() {
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        GroupConsumer client = room.consumer(10);
        room.database.store().write(GroupRoom.STREAM, 0, List.of(GroupRoom.event("t", 1, "again", "")));
        room.write(2);
        assertEquals(List.of("1", "2"), client.given());
        client.ack(1);
        room.database.store().write(GroupRoom.STREAM, 2, List.of(GroupRoom.event("t", 1, "later", "")));
        assertEquals(List.of("later"), client.given());
    }

    @Test
    void parkedEventsAreReplayedWithTheirLinkAndForgotten() {
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2);
        GroupConsumer client = room.consumer(10);
        client.nak(NakAction.PARK, "", 2);
        client.nak(NakAction.PARK, "", 1);
        client.messages();
        assertEquals(List.of("1@ponies", "0@ponies"), room.parked());
        assertTrue(room.database.groups().replayParked(GroupRoom.STREAM, GroupRoom.GROUP));
        assertEquals(List.of("1", "2"), client.given());
        assertEquals(List.of(), room.parked());
        room.database.groups().replayParked(GroupRoom.STREAM, GroupRoom.GROUP);
        assertEquals(List.of(), client.given());
        client.ack(1, 2);
        client.session.end();
        List<UUID> links = room.consumer(10)
                .appeared()
                .map(each -> Objects.requireNonNull(each.event().link()).eventId())
                .toList();
        assertEquals(2, links.size(), "the events' own ids settle nothing");
        room.client()
                .tell(new PersistentMessage.PersistentSubscriptionAckEvents(
                        GroupRoom.KEY, links.stream().map(DotNetGuid::bytes).toList()));
        GroupConsumer last = room.consumer(10);
        room.pass(60_000);
        assertEquals(List.of(), last.given());
    }

    @Test
    void aReplayedEventIsParkedAsWhatItWas() {
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        GroupConsumer client = room.consumer(10);
        client.nak(NakAction.PARK, "", 1);
        client.messages();
        room.database.groups().replayParked(GroupRoom.STREAM, GroupRoom.GROUP);
        UUID link = client.appeared()
                .map(each -> Objects.requireNonNull(each.event().link()).eventId())
                .findFirst()
                .orElseThrow();
        client.tell(new PersistentMessage.PersistentSubscriptionNakEvents(
                GroupRoom.KEY, List.of(DotNetGuid.bytes(link)), null, NakAction.PARK.ordinal()));
        assertEquals(List.of("0@ponies"), room.parked());
    }

    @Test
    void noGroupHoldsMoreThanItsBound() {
        wish.buffer = Integer.MAX_VALUE;
        wish.readBatch = 5_000;
        GroupRoom room = GroupRoom.of(wish);
        int many = HeldEvents.MAX_HELD_BY_GROUP + 5;
        GroupConsumer client = room.consumer(Integer.MAX_VALUE);
        room.write(LongStream.rangeClosed(1, many).toArray());
        assertEquals(HeldEvents.MAX_HELD_BY_GROUP, client.given().size());
        client.ack(1, 2, 3);
        assertEquals(List.of("10001", "10002", "10003"), client.given());
    }
}
