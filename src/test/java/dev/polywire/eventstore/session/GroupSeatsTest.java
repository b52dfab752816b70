package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Link;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.EventStoreClientOptions;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.EventRecord;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.PersistentMessage;
import dev.polywire.eventstore.wire.ResolvedIndexedEvent;
import dev.polywire.eventstore.wire.TcpCommand;
import dev.polywire.eventstore.wire.UserCredentials;
import dev.polywire.testing.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a client's place in a group ends, and what it passes over. */
@Timeout(60)
class GroupSeatsTest {

    private static final EventStoreMessage NO_ANSWER = new ConnectionMessage.Pong(Buffer.buffer());
    private static final EventStoreMessage CONFIRMED =
            new PersistentMessage.PersistentSubscriptionConfirmation(-1, "ponies::g", null);
    private static final EventStoreMessage APPEARED = new PersistentMessage.PersistentSubscriptionStreamEventAppeared(
            new ResolvedIndexedEvent(
                    new EventRecord(
                            "ponies", 0, new UUID(3, 4), "t", 0, 0, Buffer.buffer("x"), Buffer.buffer(), 1L, 1L),
                    null),
            0);

    /** With heartbeats that do not mind a pause of this machine. */
    private static ClientAtWork client(PersistentRoom room) {
        return new ClientAtWork(
                        EndpointOptions.of("127.0.0.1", room.store.port()),
                        EventStoreClusterOptions.NONE,
                        EventStoreClientOptions.of(new UserCredentials.Password("admin", "changeit")))
                .start();
    }

    private static Future<PersistentConsumer> begin(ClientAtWork work, PersistentBooks books, Attended listener) {
        return work.on(() -> PersistentConsumer.connect(
                work.vertx,
                work.client(),
                Attendance.of(PersistentRoom.STREAM, PersistentRoom.GROUP),
                books,
                listener,
                Deadline.after(work.vertx, ClientAtWork.LONG_MILLIS)));
    }

    private static Attended listener(PersistentRoom room) {
        return new Attended(room, Attendance.MAX_HELD_BYTES, 10);
    }

    private static long connections(ClientAtWork work) {
        return work.states.stream().filter(each -> each == Link.State.READY).count();
    }

    /** The server has let it in, and would give it half of the events. */
    @Test
    void aSeatThatEndsByAViolationIsGivenBack() {
        try (PersistentRoom room = new PersistentRoom();
                ClientAtWork work = client(room)) {
            room.create(PersistentRoom.settings());
            room.fail(FaultPlan.NONE.command(
                    TcpCommand.CONNECT_TO_PERSISTENT_SUBSCRIPTION, 1, new CommandFault.AnswerInstead(NO_ANSWER)));
            assertInstanceOf(
                    ProtocolException.class, Outcome.failure(begin(work, new PersistentBooks(), listener(room))));
            Attended other = listener(room);
            Outcome.value(begin(work, new PersistentBooks(), other));
            room.write(4);
            other.awaits(4);
            assertEquals(1, connections(work));
        }
    }

    @Test
    void aSecondConfirmationIsPassedOver() {
        try (ScriptedStore store = new ScriptedStore(asked -> Stream.of(CONFIRMED, CONFIRMED, APPEARED)
                        .map(each -> ScriptedStore.frame(asked.correlationId(), each))
                        .toList());
                ClientAtWork work = ClientAtWork.at(store.port(), EventStoreClusterOptions.NONE)
                        .start();
                PersistentRoom room = new PersistentRoom()) {
            Attended client = listener(room);
            PersistentBooks books = new PersistentBooks();
            Outcome.value(begin(work, books, client));
            client.awaits(1);
            assertEquals(1L, work.on(() -> books.counts().get("connected")));
            assertEquals(1L, work.on(() -> books.counts().get("given")));
        }
    }

    private static void endsWithItsClient(PersistentRoom room, Attended client) {
        room.on(room.client::close);
        await().until(() -> !client.endings.isEmpty());
        assertEquals(
                Reason.SHUTTING_DOWN,
                assertInstanceOf(CallException.class, client.endings.get(0)).reason());
    }

    @Test
    void oneWithoutAConnectionEndsWithItsClient() {
        try (PersistentRoom room = new PersistentRoom()) {
            room.create(PersistentRoom.settings());
            Attended client = room.attend(1);
            room.write(1);
            client.awaits(1);
            room.relay.refuse(true);
            room.relay.reset();
            await().until(() -> !client.lapses.isEmpty());
            endsWithItsClient(room, client);
        }
    }

    @Test
    void oneThatWaitsForItsSeatEndsWithItsClient() {
        try (PersistentRoom room = new PersistentRoom()) {
            room.create(PersistentRoom.settings());
            Attended client = room.attend(1);
            FaultPlan plan = FaultPlan.NONE;
            for (int number = 1; number <= 20; number++) {
                plan = plan.command(
                        TcpCommand.CONNECT_TO_PERSISTENT_SUBSCRIPTION,
                        number,
                        new CommandFault.Answer(new ConnectionMessage.NotHandled(NotHandledReason.NOT_READY, null)));
            }
            room.fail(plan);
            room.relay.reset();
            await().until(() -> room.store.server().counters().appliedFaults() > 1);
            room.refusal(PersistentRoom.STREAM);
            endsWithItsClient(room, client);
        }
    }

    @Test
    void oneThatBeginsWithoutAConnectionEndsWithItsClient() {
        try (PersistentRoom room = new PersistentRoom()) {
            room.create(PersistentRoom.settings());
            room.relay.refuse(true);
            room.relay.reset();
            Attended client = new Attended(room, Attendance.MAX_HELD_BYTES, 1);
            Future<PersistentConsumer> waiting = room.on(() -> Future.succeededFuture(client.begin(room.client)));
            room.on(room.client::close);
            assertEquals(
                    Reason.SHUTTING_DOWN,
                    assertInstanceOf(CallException.class, Outcome.failure(waiting))
                            .reason());
            assertEquals(
                    Reason.SHUTTING_DOWN,
                    assertInstanceOf(CallException.class, room.failure(() -> client.begin(room.client)))
                            .reason());
            assertEquals(List.of(), client.endings, "it had not begun");
        }
    }
}
