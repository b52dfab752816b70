package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Volatile subscriptions at our own server. */
@Timeout(60)
class VolatileFlowTest {

    private static final EventSource STREAM = EventSource.stream("s");
    private static final FlowLimits FEW = FlowLimits.DEFAULT.queued(10, 1_000_000);

    private static final long LONG_MILLIS = 20_000;
    /** Less than the pause after which a busy server is asked again. */
    private static final long SHORT_MILLIS = 100;

    private final FlowRoom room = new FlowRoom();

    @AfterEach
    void close() {
        room.close();
    }

    private FlowReader open(EventSource source) {
        return room.subscribe(room.client, source, FEW, LONG_MILLIS);
    }

    private FlowReader subscribe(EventSource source) {
        FlowReader reader = open(source);
        Outcome.value(confirmed(reader));
        return reader;
    }

    private static Future<Void> confirmed(FlowReader reader) {
        return ((VolatileFlow) reader.flow).confirmed();
    }

    private static CallException.Reason call(Throwable why) {
        return assertInstanceOf(CallException.class, why).reason();
    }

    private static EventStoreException.Reason refusal(Throwable why) {
        return assertInstanceOf(EventStoreException.class, why).reason();
    }

    private FaultPlan answered(SubscriptionDropReason reason) {
        return FaultPlan.NONE.command(
                TcpCommand.SUBSCRIBE_TO_STREAM,
                1,
                new CommandFault.Answer(new SubscriptionMessage.SubscriptionDropped(reason)));
    }

    @Test
    void whatComesAfterItsConfirmation() {
        room.write("s", 0, 3);
        FlowReader reader = subscribe(STREAM).all(100);
        room.write("s", 3, 3);
        reader.awaitCount(3).gave(3, 3);
        assertTrue(reader.places.isEmpty());
    }

    /** An event without a target, too. */
    @Test
    void linksAreResolved() {
        room.write("s", 0, 1);
        FlowReader reader =
                subscribe(EventSource.stream("links").resolvingLinks()).all(100);
        room.write("links", List.of(FlowRoom.event("$>", "0@s"), FlowRoom.event("$>", "7@s")));
        assertEquals(List.of("0", "gone"), reader.awaitCount(2).data);
    }

    @Test
    void aFilteredOneSaysHowFarItWas() {
        Filter mine = new Filter(Filter.Context.STREAM_ID, Filter.Type.PREFIX, List.of("s"));
        FlowReader reader = subscribe(EventSource.all().filtered(mine, 0, 3)).all(100);
        room.write("other", 100, 4);
        await().until(() -> !reader.places.isEmpty());
        room.write("s", 0, 2);
        reader.awaitCount(2).gave(0, 2);
        room.write("s", 2, 2);
        FlowReader later = room.catchUp(EventSource.all().filtered(mine, 0, 3), reader.places.get(0), FEW);
        later.all(100).awaitCount(4).gave(0, 4);
    }

    /** What was queued is given before. */
    @Test
    void aServerThatShutsDownIsTheEnd() {
        FlowReader reader = subscribe(STREAM);
        room.write("s", 0, 3);
        await().until(() -> room.ask(reader.flow::heldBytes) > 1_000);
        Outcome.value(room.store.server().close());
        reader.all(2).awaitEnd().gave(0, 3);
    }

    @Test
    void aLostConnectionIsTheEndBehindWhatWasQueued() {
        FlowReader reader = subscribe(STREAM);
        room.write("s", 0, 3);
        await().until(() -> room.ask(reader.flow::heldBytes) > 1_000);
        room.relay.reset();
        await().until(() -> room.relay.connections() == 2);
        room.write("s", 3, 3);
        reader.all(2).awaitEnd().gave(0, 3);
        assertEquals(CallException.Reason.CONNECTION_LOST, call(reader.failed));
        assertEquals(CallException.Reason.CONNECTION_LOST, call(reader.failure()));
    }

    @Test
    void aReaderWhoIsTooSlowEndsItBehindWhatWasQueued() {
        FlowReader reader = subscribe(STREAM);
        room.write("s", 0, 11);
        room.write("s", 11, 5);
        await().until(() -> room.ask(reader.flow::heldBytes) > 4_000);
        room.write("s", 16, 5);
        reader.all(3).awaitEnd().gave(0, 10);
        assertEquals(CallException.Reason.OVERLOADED, call(reader.failed));
        assertEquals(0L, room.<Long>ask(room.client::strayAnswers));
    }

    @Test
    void whoMayNotReadIsTold() {
        room.fail(answered(SubscriptionDropReason.ACCESS_DENIED));
        FlowReader reader = open(STREAM);
        assertEquals(EventStoreException.Reason.ACCESS_DENIED, refusal(Outcome.failure(confirmed(reader))));
        assertEquals(EventStoreException.Reason.ACCESS_DENIED, refusal(reader.failure()));
    }

    @Test
    void aDeletedStreamIsTheEnd() {
        room.write("s", 0, 1);
        FlowReader reader = subscribe(STREAM);
        room.write("s", 1, 1);
        room.delete("s", true);
        reader.all(3).awaitEnd().gave(1, 1);
        assertEquals(EventStoreException.Reason.STREAM_DELETED, refusal(reader.failed));
    }

    @Test
    void aBusyServerIsAskedAgain() {
        room.fail(FaultPlan.NONE.command(
                TcpCommand.SUBSCRIBE_TO_STREAM,
                1,
                new CommandFault.Answer(new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null))));
        FlowReader reader = subscribe(STREAM).all(100);
        room.write("s", 0, 1);
        reader.awaitCount(1);
    }

    @Test
    void aServerThatSaysNothingIsLate() {
        room.fail(FaultPlan.NONE.command(TcpCommand.SUBSCRIBE_TO_STREAM, 1, new CommandFault.Ignore()));
        FlowReader reader = room.subscribe(room.client, STREAM, FEW, SHORT_MILLIS);
        assertEquals(CallException.Reason.TIMEOUT, call(Outcome.failure(confirmed(reader))));
    }

    /** It is not begun again on the next connection, and the server pushes nothing more on this one. */
    @Test
    void closedItIsUnsubscribedForGood() {
        FlowReader reader = subscribe(STREAM).all(100);
        room.write("s", 0, 1);
        reader.awaitCount(1);
        reader.close();
        room.write("s", 1, 1);
        FlowReader other = subscribe(STREAM).all(100);
        assertEquals(0L, room.<Long>ask(room.client::strayAnswers));
        room.relay.reset();
        await().until(() -> room.relay.connections() == 2);
        other.awaitEnd();
        FlowReader third = subscribe(STREAM).all(100);
        room.write("s", 2, 1);
        third.awaitCount(1).gave(2, 1);
        reader.gave(0, 1);
        assertEquals(0L, room.<Long>ask(room.client::strayAnswers));
    }

    @Test
    void aClientThatIsClosedEndsOneThatWaitsForAConnection() {
        room.relay.refuse(true);
        room.relay.reset();
        await().until(() -> room.ask(room.client::node) == null);
        FlowReader reader = open(STREAM);
        room.on(room.client::close);
        assertEquals(CallException.Reason.SHUTTING_DOWN, call(Outcome.failure(confirmed(reader))));
        assertEquals(CallException.Reason.SHUTTING_DOWN, call(reader.failure()));
    }

    /** Nor is it sent later, for nobody. */
    @Test
    void withoutAConnectionItIsNotSent() {
        room.relay.refuse(true);
        room.relay.reset();
        await().until(() -> room.ask(room.client::node) == null);
        room.fail(answered(SubscriptionDropReason.ACCESS_DENIED));
        FlowReader reader = room.subscribe(room.client, STREAM, FEW, SHORT_MILLIS);
        assertEquals(CallException.Reason.UNAVAILABLE, call(Outcome.failure(confirmed(reader))));
        assertEquals(CallException.Reason.UNAVAILABLE, call(reader.failure()));
        room.relay.refuse(false);
        // The second one is the first that the server gets to see.
        assertEquals(EventStoreException.Reason.ACCESS_DENIED, refusal(Outcome.failure(confirmed(open(STREAM)))));
    }

    @Test
    void aServerThatIsBusyUntilTheDeadlineSaysSo() {
        room.fail(FaultPlan.NONE.command(
                TcpCommand.SUBSCRIBE_TO_STREAM,
                1,
                new CommandFault.Answer(new ConnectionMessage.NotHandled(NotHandledReason.TOO_BUSY, null))));
        FlowReader reader = room.subscribe(room.client, STREAM, FEW, SHORT_MILLIS);
        assertEquals(EventStoreException.Reason.TOO_BUSY, refusal(Outcome.failure(confirmed(reader))));
    }

    @Test
    void unsubscribedInsteadOfAConfirmation() {
        room.fail(answered(SubscriptionDropReason.UNSUBSCRIBED));
        FlowReader reader = open(STREAM);
        Throwable why = Outcome.failure(confirmed(reader));
        assertEquals(CallException.Reason.UNAVAILABLE, call(why));
        assertTrue(why.getMessage().contains("unsubscribed"), why::getMessage);
        assertEquals(why, reader.failure());
    }
}
