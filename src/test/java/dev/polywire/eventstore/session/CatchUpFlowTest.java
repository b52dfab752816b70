package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ReadStreamResult;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Catch-up subscriptions at our own server. */
@Timeout(60)
class CatchUpFlowTest {

    private static final EventSource STREAM = EventSource.stream("s");
    private static final EventSource MINE =
            EventSource.all().filtered(new Filter(Filter.Context.STREAM_ID, Filter.Type.PREFIX, List.of("s")), 4, 5);
    private static final FlowLimits FOURS = FlowLimits.DEFAULT.paged(4);
    private static final FlowLimits IMPATIENT = new FlowLimits(4, 100, 100, 1_000_000);

    private final FlowRoom room = new FlowRoom();

    @AfterEach
    void close() {
        room.close();
    }

    private FlowReader stream() {
        return room.catchUp(STREAM, null, FOURS);
    }

    private EventStoreException.Reason refusal(FlowReader reader) {
        return FlowRoom.failure(EventStoreException.class, reader).reason();
    }

    @Test
    void whatWasThereAndWhatComes() {
        room.write("s", 0, 10);
        FlowReader reader = stream().all(100).awaitCount(10).awaitLive();
        room.write("s", 10, 5);
        reader.awaitCount(15).gave(0, 15);
        assertEquals(Resume.at(15), reader.place());
    }

    @Test
    void fromWhereItWasBefore() {
        room.write("s", 0, 10);
        FlowReader reader = room.catchUp(STREAM, Resume.at(7), FOURS).all(100).awaitCount(3);
        reader.gave(7, 3);
    }

    /** Events that are written while it subscribes. */
    @Test
    void noGapAtTheSeam() {
        room.write("s", 0, 10);
        room.fail(FaultPlan.NONE.command(TcpCommand.SUBSCRIBE_TO_STREAM, 1, new CommandFault.Delay(50)));
        FlowReader reader = stream().all(3).awaitCount(10);
        for (int each = 10; each < 60; each += 5) {
            room.write("s", each, 5);
        }
        reader.awaitCount(60).awaitLive().gave(0, 60);
    }

    @Test
    void allEventsFromAPosition() {
        room.write("s", 0, 10);
        FlowReader reader =
                room.catchUp(EventSource.all(), null, FOURS).all(100).awaitLive();
        room.write("s", 10, 5);
        await().until(() -> reader.data.contains("14"));
        int count = reader.data.size();
        FlowReader later = room.catchUp(EventSource.all(), reader.places.get(2), FOURS);
        later.all(100).awaitCount(count - reader.counts.get(2));
        assertEquals(reader.data.subList(reader.counts.get(2), count), later.data);
    }

    /** A checkpoint, and a page without events, move the place. */
    @Test
    void someOfAllEvents() {
        room.write("s", 0, 5);
        room.write("other", 100, 20);
        FlowReader reader =
                room.catchUp(MINE, null, FOURS).all(100).awaitCount(5).awaitLive();
        int before = reader.places.size();
        Resume last = reader.place();
        room.write("other", 120, 20);
        await().until(() -> reader.places.size() > before);
        assertTrue(position(reader.place()).compareTo(position(last)) > 0);
        room.write("s", 5, 5);
        reader.awaitCount(10).gave(0, 10);
        room.relay.reset();
        room.write("s", 10, 5);
        reader.awaitCount(15).gave(0, 15);
    }

    private static Position position(Resume of) {
        return of.after();
    }

    @Test
    void linksHaveTheNumbersOfLinks() {
        room.write("s", 0, 3);
        room.write("links", List.of(link("2@s"), link("0@s"), link("9@s")));
        FlowReader reader = room.catchUp(EventSource.stream("links").resolvingLinks(), null, FOURS);
        reader.all(100).awaitCount(3).awaitLive();
        room.write("links", List.of(link("1@s"), link("8@s")));
        reader.awaitCount(5);
        assertEquals(List.of("2", "0", "gone", "1", "gone"), reader.data);
        assertEquals(Resume.at(5), reader.place());
    }

    private static NewEvent link(String to) {
        return FlowRoom.event("$>", to);
    }

    @Test
    void aStreamThatDoesNotExistYet() {
        FlowReader reader = stream().all(100).awaitLive();
        room.write("s", 0, 3);
        reader.awaitCount(3).gave(0, 3);
    }

    @Test
    void aStreamThatWasDeletedSoftlyGoesOnWhereItIsRecreated() {
        room.write("s", 0, 3);
        FlowReader reader = stream().all(100).awaitCount(3).awaitLive();
        room.delete("s", false);
        FlowReader second = stream().all(100).awaitLive();
        room.write("s", 3, 2);
        reader.awaitCount(5).gave(0, 5);
        second.awaitCount(2).gave(3, 2);
    }

    @Test
    void aTruncatedStreamBeginsWithItsFirstEvent() {
        room.write("s", 0, 20);
        room.metadata("s", "{\"$tb\":17}");
        stream().all(100).awaitCount(3).gave(17, 3);
        room.metadata("s", "{\"$maxCount\":2}");
        stream().all(100).awaitCount(2).gave(18, 2);
    }

    @Test
    void aStreamThatWasDeletedForEverEndsIt() {
        room.write("s", 0, 3);
        FlowReader reader = stream().all(100).awaitLive();
        room.delete("s", true);
        reader.awaitEnd().gave(0, 3);
        assertEquals(EventStoreException.Reason.STREAM_DELETED, refusal(reader));
        assertEquals(EventStoreException.Reason.STREAM_DELETED, refusal(stream()));
    }

    @Test
    void whoMayNotReadIsTold() {
        EventStoreClient anonymous = room.client(room.store.port(), null);
        room.metadata("s", "{\"$acl\":{\"$r\":\"$admins\"}}");
        FlowReader reader = room.reader(() -> CatchUpFlow.open(anonymous, STREAM, null, FOURS));
        assertEquals(EventStoreException.Reason.ACCESS_DENIED, refusal(reader));
    }

    @Test
    void droppedForAReasonItEndsBehindWhatWasQueued() {
        room.write("s", 0, 3);
        room.fail(FaultPlan.NONE.command(
                TcpCommand.SUBSCRIBE_TO_STREAM,
                1,
                new CommandFault.Answer(
                        new SubscriptionMessage.SubscriptionDropped(SubscriptionDropReason.ACCESS_DENIED))));
        FlowReader reader = stream().all(100).awaitEnd();
        reader.gave(0, 3);
        assertEquals(EventStoreException.Reason.ACCESS_DENIED, refusal(reader));
    }

    /** There is no such page to wait for. */
    @Test
    void notModifiedIsARefusal() {
        room.write("s", 0, 3);
        room.fail(FaultPlan.NONE.command(
                TcpCommand.READ_STREAM_EVENTS_FORWARD,
                1,
                new CommandFault.Answer(new ReadMessage.ReadStreamEventsCompleted(
                        ReadDirection.FORWARD, List.of(), ReadStreamResult.NOT_MODIFIED, 0, 2, true, 0, null))));
        assertEquals(EventStoreException.Reason.NOT_MODIFIED, refusal(stream()));
    }

    /** A server that is busy, one that has dropped it without a reason, and one that says nothing. */
    @Test
    void passingTroubleIsNoEnd() {
        room.write("s", 0, 10);
        CommandFault busy = new CommandFault.Answer(new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null));
        CommandFault dropped = new CommandFault.Answer(
                new SubscriptionMessage.SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED));
        room.fail(FaultPlan.NONE
                .command(TcpCommand.READ_STREAM_EVENTS_FORWARD, 1, new CommandFault.Ignore())
                .command(TcpCommand.READ_STREAM_EVENTS_FORWARD, 3, busy)
                .command(TcpCommand.SUBSCRIBE_TO_STREAM, 1, busy)
                .command(TcpCommand.SUBSCRIBE_TO_STREAM, 2, dropped));
        FlowReader reader =
                room.catchUp(STREAM, null, IMPATIENT).all(100).awaitCount(10).awaitLive();
        room.write("s", 10, 2);
        reader.awaitCount(12).gave(0, 12);
        assertEquals(2, room.ask(reader.catchUp()::restarts));
    }

    /** It is unsubscribed where it was asked for, and asked for again. */
    @Test
    void aSubscribeWithoutAnAnswerIsNoEnd() {
        room.write("s", 0, 4);
        room.fail(FaultPlan.NONE.command(TcpCommand.SUBSCRIBE_TO_STREAM, 1, new CommandFault.Ignore()));
        FlowReader reader =
                room.catchUp(STREAM, null, IMPATIENT).all(100).awaitCount(4).awaitLive();
        room.write("s", 4, 2);
        reader.awaitCount(6).gave(0, 6);
        assertEquals(1, room.ask(reader.catchUp()::restarts));
        assertEquals(1, room.relay.connections());
    }

    /** It is dropped, and read again: the reader loses nothing. */
    @Test
    void aSlowReaderIsNoEnd() {
        room.write("s", 0, 4);
        FlowReader reader = room.catchUp(STREAM, null, FOURS.queued(10, 1_000_000));
        assertEquals(4, reader.pull(10).events().size());
        // Another reader, who waits, is what lets it subscribe: nothing more is there.
        room.context.runOnContext(now -> reader.all(1));
        reader.awaitLive();
        for (int each = 4; each < 200; each += 49) {
            room.write("s", each, 49);
        }
        reader.awaitCount(200).gave(0, 200);
    }

    @Test
    void aFullQueueIsDroppedAndReadAgain() {
        room.write("s", 0, 4);
        FlowReader reader = room.catchUp(STREAM, null, FOURS.queued(10, 1_000_000));
        reader.pull(10);
        reader.awaitLive();
        room.write("s", 4, 100);
        await().until(() -> room.ask(reader.catchUp()::overflows) == 1);
        await().until(() -> room.ask(reader.flow::heldBytes) > 0);
        assertTrue(room.ask(reader.flow::heldBytes) < 5 * 1_000);
        assertEquals(Resume.at(4), room.ask(reader.catchUp()::place));
        reader.all(100).awaitCount(104).awaitLive();
        room.write("s", 104, 2);
        reader.awaitCount(106).gave(0, 106);
    }

    @Test
    void aQueueIsFullByItsBytes() {
        room.write("s", 0, 4);
        FlowReader reader = room.catchUp(STREAM, null, FOURS.queued(1_000, 10_000));
        reader.pull(10);
        reader.awaitLive();
        room.write("s", List.of(big(), big(), big()));
        await().until(() -> room.ask(reader.catchUp()::overflows) == 1);
        reader.all(100).awaitCount(7);
        assertEquals(7, reader.data.size());
    }

    private static NewEvent big() {
        return new NewEvent(UUID.randomUUID(), "t", NewEvent.BINARY, Buffer.buffer(new byte[9_000]), Buffer.buffer());
    }

    /** The server has no subscription then, and the connection goes on. */
    @Test
    void closedItIsUnsubscribed() {
        room.write("s", 0, 4);
        FlowReader reader = stream().all(100).awaitCount(4).awaitLive();
        reader.close();
        room.write("s", 4, 4);
        room.catchUp(STREAM, null, FOURS).all(100).awaitCount(8).gave(0, 8);
        reader.gave(0, 4);
        assertEquals(0L, room.<Long>ask(room.client::strayAnswers));
        assertEquals(1, room.relay.connections());
    }

    @Test
    void aClientThatIsClosedEndsIt() {
        room.write("s", 0, 4);
        FlowReader reader = stream().all(100).awaitCount(4).awaitLive();
        room.on(room.client::close);
        reader.awaitEnd();
        assertEquals(CallException.Reason.SHUTTING_DOWN, ((CallException) reader.failed).reason());
    }

    /** It has read all that there is, and waits for a connection to subscribe on. */
    @Test
    void aClientThatIsClosedEndsOneThatWaitsForAConnection() {
        room.write("s", 0, 3);
        FlowReader reader = stream();
        await().until(() -> room.ask(reader.flow::heldBytes) > 0);
        room.relay.refuse(true);
        room.relay.reset();
        await().until(() -> room.ask(room.client::node) == null);
        reader.all(100).awaitCount(3);
        room.on(room.client::close);
        reader.awaitEnd();
        assertEquals(CallException.Reason.SHUTTING_DOWN, ((CallException) reader.failed).reason());
    }

    @Test
    void aClientThatIsClosedOpensNone() {
        room.on(room.client::close);
        CallException why = FlowRoom.failure(CallException.class, stream());
        assertEquals(CallException.Reason.SHUTTING_DOWN, why.reason());
    }
}
