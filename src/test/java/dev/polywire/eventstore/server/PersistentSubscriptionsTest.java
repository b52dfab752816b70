package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.eventstore.server.GroupRoom.Wish;
import dev.polywire.eventstore.store.StoredEvent;
import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.DotNetGuid;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.PersistentMessage.ChangeResult;
import dev.polywire.eventstore.wire.PersistentMessage.CreateResult;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage.SubscriptionDropped;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups are created, changed, connected to, and refused. */
class PersistentSubscriptionsTest {

    private static final String NOT_CREATE = "You do not have permissions to create streams";

    private final Wish wish = new Wish();

    @ParameterizedTest
    @EnumSource(ServerVersion.class)
    void onlyOperatorsMayChangeGroupsBefore5OnlyAdministrators(ServerVersion version) {
        GroupRoom room = new GroupRoom(version);
        EventStoreMessage denied = GroupRoom.created(CreateResult.ACCESS_DENIED, NOT_CREATE);
        EventStoreMessage done = GroupRoom.created(CreateResult.SUCCESS, "");
        assertEquals(List.of(denied), room.ask(User.ANONYMOUS, wish.create()));
        assertEquals(List.of(version == ServerVersion.V4_1_4 ? denied : done), room.ask(GroupRoom.OPS, wish.create()));
    }

    @Test
    void thereIsOneGroupOfAName() {
        GroupRoom room = GroupRoom.of(wish);
        assertEquals(
                List.of(GroupRoom.created(CreateResult.ALREADY_EXISTS, "Group 'g' already exists.")),
                room.ask(GroupRoom.ADMIN, wish.create()));
        wish.stream = "others";
        assertEquals(List.of(GroupRoom.created(CreateResult.SUCCESS, "")), room.ask(GroupRoom.ADMIN, wish.create()));
    }

    @Test
    void anUpdateEndsItsClientsSubscriptions() {
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer client = room.consumer(10);
        client.messages();
        wish.maxClients = 1;
        assertEquals(
                List.of(new PersistentMessage.UpdatePersistentSubscriptionCompleted(ChangeResult.SUCCESS, "")),
                room.ask(GroupRoom.ADMIN, wish.update()));
        assertEquals(List.of(new SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED)), client.messages());
        room.write(1);
        assertEquals(List.of(), client.messages());
        assertEquals(List.of("1"), room.consumer(10).given());
        assertEquals(
                List.of(new SubscriptionDropped(SubscriptionDropReason.SUBSCRIBER_MAX_COUNT_REACHED)),
                room.consumer(10).messages());
    }

    @Test
    void aClientIsToldWhereTheStreamIs() {
        GroupRoom room = GroupRoom.of(wish);
        room.write(1, 2);
        assertEquals(
                new PersistentMessage.PersistentSubscriptionConfirmation(
                        room.database.store().lastCommit(), GroupRoom.KEY, 1L),
                room.consumer(0).messages().get(0));
    }

    @Test
    void aTombstoneIsPushedAndHasTwoNumbers() {
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer client = room.consumer(10);
        client.messages();
        room.database.store().deleteForEver(GroupRoom.STREAM, -2);
        assertEquals(
                List.of((long) Integer.MAX_VALUE),
                client.appeared()
                        .map(each ->
                                Objects.requireNonNull(each.event().event()).eventNumber())
                        .toList());
        assertEquals(StoredEvent.TOMBSTONE, room.database.store().lastNumber(GroupRoom.STREAM));
        room.pass(5_000);
        wish.group = "late";
        room.ask(GroupRoom.ADMIN, wish.create());
        assertEquals(1, room.consumer(10).messages().size(), "a confirmation and no event");
    }

    @Test
    void aConnectionThatEndsASubscriptionOfAnotherEndsIt() {
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer client = room.consumer(10);
        client.messages();
        room.database.groups().unsubscribe(new UUID(9, 9));
        assertEquals(List.of(), client.messages());
        room.database.groups().unsubscribe(client.id);
        assertEquals(List.of(new SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED)), client.messages());
    }

    @Test
    void aServerThatGoesTellsItsClients() {
        GroupRoom room = GroupRoom.of(wish);
        GroupConsumer client = room.consumer(10);
        client.messages();
        room.database.groups().drop(client.session);
        assertEquals(List.of(new SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED)), client.messages());
    }

    /** On 5.0.11 it breaks all groups of the server; here only itself. */
    @Test
    void aGroupWithANegativeLiveBufferTakesClientsAndGivesNothing() {
        wish.liveBuffer = -1;
        wish.maxClients = 1;
        GroupRoom room = GroupRoom.of(wish);
        room.write(1);
        GroupConsumer client = room.consumer(10);
        assertEquals(1, client.messages().size(), "the confirmation");
        room.pass(60_000);
        room.write(2);
        assertEquals(List.of(), client.messages());
        room.database.groups().unsubscribe(client.id);
        assertEquals(List.of(new SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED)), client.messages());
        assertEquals(1, room.consumer(10).messages().size());
    }

    @Test
    void laterVersionsSayNothingAboutABatchThatDoesNotFitIntoTheBuffer() {
        wish.buffer = 20;
        GroupRoom room = new GroupRoom(ServerVersion.V20_10);
        assertEquals(List.of(), room.ask(GroupRoom.ADMIN, wish.create()));
        assertEquals(
                List.of(GroupRoom.created(CreateResult.ACCESS_DENIED, NOT_CREATE)),
                room.ask(User.ANONYMOUS, wish.create()));
        assertEquals(
                List.of(new SubscriptionDropped(SubscriptionDropReason.NOT_FOUND)),
                room.consumer(10).messages());
    }

    private static Stream<PersistentMessage> bad() {
        Buffer id = DotNetGuid.bytes(new UUID(1, 1));
        return Stream.of(
                new PersistentMessage.ConnectToPersistentSubscription("g", "ponies", -1),
                new PersistentMessage.ConnectToPersistentSubscription("", "ponies", 10),
                new PersistentMessage.PersistentSubscriptionAckEvents("", List.of(id)),
                new PersistentMessage.PersistentSubscriptionAckEvents("ponies::g", List.of()),
                new PersistentMessage.PersistentSubscriptionAckEvents("ponies::g", List.of(id, Buffer.buffer("15"))),
                new PersistentMessage.PersistentSubscriptionNakEvents("ponies::g", List.of(), "", 1),
                new PersistentMessage.PersistentSubscriptionNakEvents("ponies::g", List.of(id), "", 5),
                new PersistentMessage.PersistentSubscriptionNakEvents("ponies::g", List.of(id), "", -1));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatNoServerUnderstandsIsABadRequest(PersistentMessage message) {
        GroupConsumer client = GroupRoom.of(wish).client();
        assertThrows(BadRequestException.class, () -> client.tell(message));
    }

    @Test
    void groupsAndClientsHaveBounds() {
        GroupRoom room = new GroupRoom(ServerVersion.V5_0_11);
        for (int i = 0; i < GroupRegistry.MAX_GROUPS; i++) {
            wish.group = "g" + i;
            room.ask(GroupRoom.ADMIN, wish.create());
        }
        wish.group = "one more";
        assertEquals(
                List.of(new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null)),
                room.ask(GroupRoom.ADMIN, wish.create()));
        assertEquals(
                List.of(GroupRoom.created(CreateResult.ACCESS_DENIED, NOT_CREATE)),
                room.ask(User.ANONYMOUS, wish.create()));
        wish.group = "g1";
        assertEquals(
                List.of(GroupRoom.created(CreateResult.ALREADY_EXISTS, "Group 'g1' already exists.")),
                room.ask(GroupRoom.ADMIN, wish.create()));
        PersistentMessage connect = new PersistentMessage.ConnectToPersistentSubscription("g1", GroupRoom.STREAM, 1);
        GroupConsumer client = room.client();
        for (int i = 0; i < PersistentSubscriptions.MAX_CLIENTS; i++) {
            client.id = new UUID(3, i);
            client.tell(connect);
        }
        client.messages();
        assertEquals(
                List.of(new SubscriptionDropped(SubscriptionDropReason.SUBSCRIBER_MAX_COUNT_REACHED)),
                room.client().ask(GroupRoom.ADMIN, connect));
        assertEquals(2, room.database.counters().tooBusyAnswers());
        client.session.end();
        assertEquals(1, room.client().ask(GroupRoom.ADMIN, connect).size());
    }

    @Test
    void namesHaveABound() {
        wish.group = "g".repeat(GroupRegistry.MAX_KEY_CHARACTERS - "ponies::".length());
        GroupRoom room = GroupRoom.of(wish);
        wish.group = "";
        assertEquals(
                List.of(new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null)),
                room.ask(GroupRoom.ADMIN, wish.create()));
    }

    @Test
    void thereIsNothingToReplayWhereThereIsNoGroup() {
        assertFalse(new GroupRoom(ServerVersion.V5_0_11).database.groups().replayParked("ponies", "g"));
    }

    /** As in the recording: what is 0 is left out. */
    @Test
    void theServerWritesDownWhatGroupsThereAre() {
        wish.links = true;
        wish.from = 5;
        GroupRoom room = GroupRoom.of(wish);
        assertEquals("""
                {
                  "version": "2",
                  "updated": "2026-11-18T11:06:40+00:00",
                  "updatedBy": "admin",
                  "entries": [
                    {
                      "stream": "ponies",
                      "group": "g",
                      "resolveLinkTos": true,
                      "messageTimeout": 30000,
                      "startFrom": 5,
                      "liveBufferSize": 500,
                      "historyBufferSize": 500,
                      "maxRetryCount": 10,
                      "readBatchSize": 20,
                      "checkPointAfter": 2000,
                      "minCheckPointCount": 10,
                      "maxCheckPointCount": 1000,
                      "namedConsumerStrategy": "RoundRobin"
                    }
                  ]
                }\
                """, room.data("$persistentSubscriptionConfig").get(0));
        room.ask(
                GroupRoom.ADMIN, new PersistentMessage.DeletePersistentSubscription(GroupRoom.GROUP, GroupRoom.STREAM));
        assertEquals(
                "{\n  \"version\": \"2\",\n  \"updated\": \"2026-11-18T11:06:40+00:00\",\n  \"updatedBy\": \"admin\",\n"
                        + "  \"entries\": []\n}",
                room.data("$persistentSubscriptionConfig").get(1));
    }
}
