package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.client.EventStoreException.Reason;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.NakAction;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.WriteMessage;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of a group, at our own server: the seed's cases, and what it could not do. */
@Timeout(60)
class PersistentConsumerTest {

    private final PersistentRoom room = new PersistentRoom();

    @AfterEach
    void close() {
        room.close();
    }

    /** B2: connect request, confirmation, event. */
    @Test
    void aClientOfAGroupIsGivenItsEvents() {
        room.create(PersistentRoom.settings());
        room.write(3);
        Attended client = room.attend(57);
        client.awaits(3);
        assertEquals(List.of("0", "1", "2"), client.data());
        assertEquals(
                List.of(1L, 2L, 3L),
                client.given.stream().map(Attended.Gift::number).toList());
        assertEquals(3, client.with(PersistentConsumer::unsettled));
        assertEquals(1, room.count("connected"));
    }

    /** B2: dropped on connect. */
    @Test
    void whoIsNotLetInLearnsWhy() {
        assertEquals(Reason.NOT_FOUND, refused(attempt(10)));
        room.create(PersistentRoom.settings(30_000, 1, "RoundRobin", 100, 500));
        room.attend(1);
        assertEquals(Reason.SUBSCRIBER_MAX_COUNT_REACHED, refused(attempt(10)));
        onlyAdminsRead();
        Attended nobody = new Attended(room, 1_000, 10);
        EventStoreClient anonymous = room.client(null);
        assertEquals(Reason.ACCESS_DENIED, refused(room.failure(() -> nobody.begin(anonymous))));
        assertEquals(List.of(), nobody.endings);
    }

    /** B2: unsubscribed midway, which is what a deleted group says. */
    @Test
    void aGroupThatIsDeletedEndsItsClients() {
        room.create(PersistentRoom.settings());
        room.write(1);
        Attended client = room.attend(10);
        client.awaits(1);
        room.on(() -> room.changes.delete(PersistentRoom.STREAM, PersistentRoom.GROUP, null, room.deadline()));
        await().until(() -> !client.endings.isEmpty());
        assertEquals(Reason.NOT_FOUND, refused(client.endings.get(0)));
        assertEquals(List.of(1L), client.lapses);
        room.balance();
    }

    /** B2: access denied midway. */
    @Test
    void whoMayNoLongerReadIsTold() {
        room.create(PersistentRoom.settings());
        Attended client = new Attended(room, 1_000, 10);
        EventStoreClient anonymous = room.client(null);
        room.on(() -> client.begin(anonymous));
        onlyAdminsRead();
        update();
        await().until(() -> !client.endings.isEmpty());
        assertEquals(Reason.ACCESS_DENIED, refused(client.endings.get(0)));
    }

    /** B2: ack, by the subscription's id and the event's; B3, 7: of a server that knows who says it. */
    @Test
    void whatIsAcknowledgedIsNotGivenAgain() {
        room.create(PersistentRoom.settings());
        room.write(3);
        Attended client = room.attend(1);
        client.awaits(1);
        assertTrue(client.ack(1));
        client.awaits(2);
        assertFalse(client.ack(1), "it was settled before");
        client.close();
        Attended next = room.attend(10);
        next.awaits(2);
        assertEquals(List.of("1", "2"), next.data());
        assertEquals(
                List.of(1, 0),
                next.given.stream().map(Attended.Gift::retryCount).toList());
        assertEquals(1, room.count("acked"));
        assertEquals(1, room.count("lapsed"));
        assertEquals(1, room.count("lateSettlements"));
    }

    /** B2: after a second confirmation acks go to the new connection; those of the old one would go to nobody. */
    @Test
    void aLostConnectionLapsesWhatIsUnsettled() {
        room.create(PersistentRoom.settings());
        room.write(2);
        Attended client = room.attend(10);
        client.awaits(2);
        room.relay.reset();
        client.awaits(4);
        assertEquals(List.of("0", "1", "0", "1"), client.data());
        assertEquals(1, client.given.get(2).retryCount());
        assertEquals(List.of(1L, 2L), client.lapses);
        assertFalse(client.ack(1));
        assertTrue(client.ack(3));
        assertTrue(client.ack(4));
        assertEquals(2, room.data(PersistentRoom.STREAM).size(), "the server has read what was said before");
        room.relay.reset();
        await().until(() -> room.count("connected") == 3);
        room.write(1);
        client.awaits(5);
        assertEquals(List.of(1L, 2L), client.lapses);
        assertTrue(client.ack(5));
        await().until(() -> room.count("acked") == 3);
        room.balance();
    }

    /** B3, 3: a subscription that is over is not begun again. */
    @Test
    void whoHasEndedStaysAway() {
        room.create(PersistentRoom.settings());
        Attended client = room.attend(10);
        client.close();
        assertEquals(1, client.endings.size());
        room.relay.reset();
        room.write(1);
        Attended other = room.attend(10);
        other.awaits(1);
        assertEquals(List.of(), client.given);
        assertEquals(2, room.count("connected"));
    }

    @Test
    void anUpdateDropsItsClientsAndTheyGoOn() {
        room.create(PersistentRoom.settings());
        room.write(2);
        Attended client = room.attend(10);
        client.awaits(2);
        update();
        client.awaits(4);
        assertEquals(List.of("0", "1", "0", "1"), client.data());
        update();
        client.awaits(6);
        assertEquals(3, room.count("connected"));
        assertEquals(List.of(), client.endings);
    }

    /** While it comes back its place may be taken: it waits for another. */
    @Test
    void whoFindsItsPlaceTakenComesLater() {
        room.create(PersistentRoom.settings(30_000, 1, "RoundRobin", 100, 500));
        Attended client = room.attend(10);
        room.fail(FaultPlan.NONE.command(
                TcpCommand.CONNECT_TO_PERSISTENT_SUBSCRIPTION,
                1,
                new CommandFault.Answer(new SubscriptionMessage.SubscriptionDropped(
                        SubscriptionDropReason.SUBSCRIBER_MAX_COUNT_REACHED))));
        room.relay.reset();
        await().until(() -> room.count("connected") == 2);
        assertEquals(List.of(), client.endings);
    }

    /** A server whose groups are not started says nothing. */
    @Test
    void whoIsNotAnsweredAsksAgain() {
        room.create(PersistentRoom.settings());
        ignore();
        Attended impatient = new Attended(room, 1_000, 10);
        CallException late = assertInstanceOf(
                CallException.class, room.failure(() -> connect(60_000, impatient, Deadline.after(room.vertx, 100))));
        assertEquals(CallException.Reason.TIMEOUT, late.reason());
        ignore();
        room.on(() -> connect(100, impatient, room.deadline()));
        assertEquals(1, room.count("connected"));
    }

    private void ignore() {
        room.fail(FaultPlan.NONE.command(TcpCommand.CONNECT_TO_PERSISTENT_SUBSCRIPTION, 1, new CommandFault.Ignore()));
    }

    private Future<PersistentConsumer> connect(long answerMillis, Attended attended, Deadline deadline) {
        Attendance attendance = Attendance.of(PersistentRoom.STREAM, PersistentRoom.GROUP);
        return PersistentConsumer.connect(
                room.vertx, room.client, answerMillis, attendance, room.books, attended, deadline);
    }

    /** Its message timeout was over: an ack of the older one would be one of the newer. */
    @Test
    void anEventThatComesAgainLapsesTheOlderOne() {
        room.create(PersistentRoom.settings(1, 0, "RoundRobin", 100, 500));
        room.write(1);
        Attended client = room.attend(10);
        client.awaits(2);
        assertEquals(List.of(1L), client.lapses.subList(0, 1));
        assertFalse(client.ack(1));
        assertEquals(1, client.with(PersistentConsumer::unsettled));
        assertEquals(1, client.given.get(1).retryCount());
    }

    @Test
    void noMoreThanItMayHaveIsInFlight() {
        room.create(PersistentRoom.settings());
        Attended client = room.attend(7);
        client.acknowledges = true;
        room.write(200);
        client.awaits(200);
        assertTrue(client.mostUnsettled <= 7, () -> client.mostUnsettled + " in flight");
        await().until(() -> room.count("acked") == 200);
        room.balance();
    }

    /** The second package is not done: the last event comes again, and no other. */
    @Test
    void manyAcksGoOutInPackagesOfTwoThousand() {
        room.create(PersistentRoom.settings(30_000, 0, "RoundRobin", 2_000, 5_000));
        room.write(2_001);
        Attended client = room.attend(2_500);
        client.awaits(2_001);
        room.fail(FaultPlan.NONE.command(TcpCommand.PERSISTENT_SUBSCRIPTION_ACK_EVENTS, 2, new CommandFault.Ignore()));
        client.with(consumer -> IntStream.rangeClosed(1, 2_001).allMatch(consumer::ack));
        await().until(() -> room.count("acked") == 2_001);
        client.with(consumer -> {
            consumer.again();
            return true;
        });
        client.awaits(2_002);
        assertEquals("2000", client.given.get(2_001).data());
    }

    @Test
    void whatIsSaidOfEventsIsDone() {
        room.create(PersistentRoom.settings());
        room.write(5);
        Attended client = room.attend(10);
        client.awaits(5);
        client.with(consumer -> consumer.nak(1, NakAction.PARK, "no \ud83d\udc34")
                && consumer.nak(2, NakAction.RETRY, null)
                && consumer.nak(3, NakAction.SKIP, "why")
                && consumer.nak(4, NakAction.STOP, "\ud83d"));
        client.awaits(6);
        assertEquals("1", client.given.get(5).data());
        assertEquals(1, client.given.get(5).retryCount());
        await().until(() -> room.data(PersistentRoom.PARKED).equals(List.of("0@ponies")));
        assertEquals(
                List.of(1L, 1L, 1L, 1L),
                List.of(room.count("parked"), room.count("retried"), room.count("skipped"), room.count("stopped")));
        assertTrue(client.ack(5));
        client.close();
        assertEquals(1, room.count("lapsed"));
        room.balance();
    }

    @Test
    void whatWasNotGivenIsNotSettled() {
        room.create(PersistentRoom.settings());
        room.write(1);
        Attended client = room.attend(10);
        client.awaits(1);
        for (long wrong : List.of(0L, 2L, -1L)) {
            CallException why = assertInstanceOf(
                    CallException.class,
                    room.failure(() -> Future.succeededFuture(client.consumer().ack(wrong))));
            assertEquals(CallException.Reason.BAD_REQUEST, why.reason());
        }
    }

    /** A client that is given too much at once gives it back, untried, and takes half as many. */
    @Test
    void whoHoldsTooMuchTakesLess() {
        room.create(PersistentRoom.settings());
        Attended client = new Attended(room, 3_000, 64);
        client.connect();
        room.write(64);
        await().until(() -> room.count("connected") >= 4);
        await().until(() -> client.with(PersistentConsumer::unsettled) == 4);
        assertTrue(client.with(PersistentConsumer::heldBytes) <= 3_000);
        assertTrue(client.given.stream().allMatch(each -> each.retryCount() <= 1));
    }

    /** B2: a link is acknowledged by its own id. */
    @Test
    void aLinkIsAcknowledgedByItsOwnId() {
        room.create(PersistentRoom.settings());
        NewEvent target = PersistentRoom.event("far");
        room.ask(new WriteMessage.WriteEvents("elsewhere", -2, List.of(target), true));
        room.ask(new WriteMessage.WriteEvents(
                PersistentRoom.STREAM,
                -2,
                List.of(
                        new NewEvent(
                                UUID.randomUUID(),
                                "$>",
                                NewEvent.BINARY,
                                Buffer.buffer("0@elsewhere"),
                                Buffer.buffer()),
                        PersistentRoom.event("near")),
                true));
        Attended client = room.attend(1);
        client.awaits(1);
        assertEquals(
                target.eventId(),
                dev.polywire.eventstore.wire.DotNetGuid.bytes(
                        client.given.get(0).event().event().eventId()));
        assertTrue(client.ack(1));
        client.awaits(2);
        assertEquals("near", client.given.get(1).data());
    }

    private Throwable attempt(int inFlight) {
        return room.failure(() -> new Attended(room, 1_000, inFlight).begin(room.client));
    }

    private void update() {
        room.on(() -> room.changes.update(PersistentRoom.settings(), null, room.deadline()));
    }

    private void onlyAdminsRead() {
        NewEvent metadata = new NewEvent(
                UUID.randomUUID(),
                "$metadata",
                NewEvent.JSON,
                Buffer.buffer("{\"$acl\":{\"$r\":\"$admins\"}}"),
                Buffer.buffer());
        room.ask(new WriteMessage.WriteEvents("$$" + PersistentRoom.STREAM, -2, List.of(metadata), true));
    }

    private static Reason refused(Throwable why) {
        return assertInstanceOf(EventStoreException.class, why).reason();
    }
}
