package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadAllResult;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ReadStreamResult;
import dev.polywire.eventstore.wire.ResolvedEvent;
import dev.polywire.eventstore.wire.SubscriptionDropReason;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.TcpPackage;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Relay;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions of a server that says, in this order, what the test wants, and has no event to read. */
@Timeout(60)
class ScriptedPushTest {

    private static final SubscriptionMessage CONFIRMED = new SubscriptionMessage.SubscriptionConfirmation(10, -1L);
    private static final SubscriptionMessage DENIED =
            new SubscriptionMessage.SubscriptionDropped(SubscriptionDropReason.ACCESS_DENIED);
    private static final SubscriptionMessage CHECKPOINT =
            new SubscriptionMessage.CheckpointReached(new Position(150, 150));
    private static final EventStoreMessage STREAM_PAGE = new ReadMessage.ReadStreamEventsCompleted(
            ReadDirection.FORWARD, List.of(), ReadStreamResult.SUCCESS, 0, -1, true, 10, null);
    private static final EventStoreMessage ALL_PAGE = new ReadMessage.ReadAllEventsCompleted(
            ReadDirection.FORWARD, new Position(0, 0), List.of(), new Position(50, 50), ReadAllResult.SUCCESS, null);
    private static final long DEADLINE_MILLIS = 20_000;

    private final FlowRoom room = new FlowRoom();
    private final ScriptedStore store = new ScriptedStore(this::answer);
    private final Relay relay = new Relay(store.port());
    /** What it says when it is subscribed to. */
    private volatile List<SubscriptionMessage> first = List.of(CONFIRMED);
    /** What it says there behind a page that is read after the confirmation. */
    private volatile List<SubscriptionMessage> live = List.of();

    /** What it says of the first subscription when that is left, and not before. */
    private volatile List<SubscriptionMessage> late = List.of();

    private volatile UUID subscription;

    @AfterEach
    void close() {
        room.close();
        relay.close();
        store.close();
    }

    private List<Buffer> answer(TcpPackage asked) {
        List<Buffer> said = new ArrayList<>();
        switch (asked.command()) {
            case PING ->
                said.add(ScriptedStore.frame(asked.correlationId(), new ConnectionMessage.Pong(Buffer.buffer())));
            case READ_STREAM_EVENTS_FORWARD -> page(asked, said, STREAM_PAGE);
            case READ_ALL_EVENTS_FORWARD -> page(asked, said, ALL_PAGE);
            case UNSUBSCRIBE_FROM_STREAM -> {
                late.forEach(each -> said.add(ScriptedStore.frame(asked.correlationId(), each)));
                late = List.of();
                said.add(ScriptedStore.frame(
                        asked.correlationId(),
                        new SubscriptionMessage.SubscriptionDropped(SubscriptionDropReason.UNSUBSCRIBED)));
            }
            default -> {
                if (!late.isEmpty() && subscription == null) {
                    subscription = asked.correlationId();
                    said.add(Buffer.buffer());
                    break;
                }
                subscription = asked.correlationId();
                first.forEach(each -> said.add(ScriptedStore.frame(asked.correlationId(), each)));
            }
        }
        return said;
    }

    private void page(TcpPackage asked, List<Buffer> said, EventStoreMessage page) {
        said.add(ScriptedStore.frame(asked.correlationId(), page));
        UUID id = subscription;
        if (id != null) {
            live.forEach(each -> said.add(ScriptedStore.frame(id, each)));
        }
    }

    private static SubscriptionMessage event(int number) {
        EventRecord record = new EventRecord(
                "s",
                number,
                new UUID(3, number),
                "t",
                0,
                0,
                Buffer.buffer(Integer.toString(number)),
                Buffer.buffer(),
                1L,
                1L);
        Position position = new Position(100 + number, 100 + number);
        return new SubscriptionMessage.StreamEventAppeared(new ResolvedEvent(record, null, position));
    }

    private EventStoreClient client() {
        return room.client(relay.port(), null);
    }

    private static EventSource source(boolean all) {
        return all ? EventSource.all() : EventSource.stream("s");
    }

    private FlowReader subscribe(boolean all) {
        return room.subscribe(client(), source(all), FlowLimits.DEFAULT, DEADLINE_MILLIS);
    }

    /** What came before is given; what comes behind it is not. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCheckpointWithoutAFilterEndsACatchUpSubscription(boolean all) {
        live = List.of(event(0), event(1), CHECKPOINT, event(2));
        FlowReader reader = room.catchUp(client(), source(all), null, FlowLimits.DEFAULT);
        reader.all(100).awaitEnd().gave(0, 2);
        assertTrue(reader.failed instanceof ProtocolException, () -> "failed: " + reader.failed);
        assertTrue(reader.failure() instanceof ProtocolException);
        await().until(() -> store.commands().contains(TcpCommand.UNSUBSCRIBE_FROM_STREAM));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCheckpointWithoutAFilterEndsAVolatileSubscription(boolean all) {
        first = List.of(CONFIRMED, event(0), event(1), CHECKPOINT, event(2));
        FlowReader reader = subscribe(all).all(100).awaitEnd();
        reader.gave(0, 2);
        assertTrue(reader.failed instanceof ProtocolException, () -> "failed: " + reader.failed);
    }

    /** A slow server: what it says of the first subscription is said to nobody, and nothing is kept for that. */
    @Test
    void aCatchUpSubscriptionThatIsConfirmedLateIsLeft() {
        late = List.of(CONFIRMED, event(7));
        EventStoreClient client = client();
        FlowLimits impatient = new FlowLimits(4, 100, 100, 1_000_000);
        FlowReader reader = room.catchUp(client, source(false), null, impatient).all(100);
        reader.awaitLive();
        await().until(() -> room.<Long>ask(client::strayAnswers) >= 3);
        assertTrue(reader.data.isEmpty(), reader.data::toString);
        assertTrue(room.<Long>ask(reader.catchUp()::restarts) > 0);
    }

    @Test
    void aSecondConfirmationOfAVolatileSubscriptionSaysNothing() {
        first = List.of(CONFIRMED, event(0), CONFIRMED, event(1));
        subscribe(false).all(100).awaitCount(2).gave(0, 2);
    }

    @Test
    void aVolatileSubscriptionDroppedForAReasonEndsBehindWhatWasQueued() {
        first = List.of(CONFIRMED, event(0), event(1), DENIED);
        FlowReader reader = subscribe(false);
        Outcome.value(((VolatileFlow) reader.flow).confirmed());
        reader.all(1).awaitEnd().gave(0, 2);
        EventStoreException why = FlowRoom.failure(EventStoreException.class, reader);
        assertEquals(EventStoreException.Reason.ACCESS_DENIED, why.reason());
    }

    @Test
    void aCatchUpSubscriptionThatWasRefusedIsNotBegunOnTheNextConnection() {
        first = List.of(DENIED);
        EventStoreClient client = client();
        FlowReader reader = room.catchUp(client, source(false), null, FlowLimits.DEFAULT);
        FlowRoom.failure(EventStoreException.class, reader);
        relay.reset();
        room.on(() -> client.send(
                new EventStoreCall(
                        new ConnectionMessage.Ping(Buffer.buffer()), null, Deadline.after(room.vertx, DEADLINE_MILLIS)),
                Repetition.READ));
        assertEquals(2, relay.connections());
        assertEquals(1, Collections.frequency(store.commands(), TcpCommand.SUBSCRIBE_TO_STREAM));
        assertEquals(1, Collections.frequency(store.commands(), TcpCommand.READ_STREAM_EVENTS_FORWARD));
    }
}
