package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.eventstore.store.StoreBounds;
import dev.polywire.eventstore.store.StreamStore;
import dev.polywire.eventstore.store.User;
import dev.polywire.eventstore.wire.ConnectionMessage.NotHandled;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.NotHandledReason;
import dev.polywire.eventstore.wire.OperationResult;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadAllResult;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ReadMessage.FilteredReadAllEvents;
import dev.polywire.eventstore.wire.ReadMessage.FilteredReadAllEventsCompleted;
import dev.polywire.eventstore.wire.ReadMessage.ReadAllEvents;
import dev.polywire.eventstore.wire.ReadMessage.ReadAllEventsCompleted;
import dev.polywire.eventstore.wire.ReadMessage.ReadEvent;
import dev.polywire.eventstore.wire.ReadMessage.ReadStreamEvents;
import dev.polywire.eventstore.wire.ReadMessage.ReadStreamEventsCompleted;
import dev.polywire.eventstore.wire.WriteMessage;
import dev.polywire.eventstore.wire.WriteMessage.DeleteStream;
import dev.polywire.eventstore.wire.WriteMessage.TransactionCommit;
import dev.polywire.eventstore.wire.WriteMessage.TransactionStart;
import dev.polywire.eventstore.wire.WriteMessage.TransactionWrite;
import dev.polywire.eventstore.wire.WriteMessage.WriteEvents;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What recordings have not: bounds, pages that are too large for a package, and filters. */
class StoreRequestsTest {

    private static final User ADMIN = new User("admin", Set.of(User.ADMINS));
    private static final Buffer NONE = Buffer.buffer();
    private static final UUID ID = new UUID(1, 1);
    private static final int LARGE_BYTES = NewEvent.MAX_COUNTED_BYTES - 2;

    private final ServerCounters counters = new ServerCounters();
    private final List<EventStoreMessage> told = new ArrayList<>();
    private StreamStore store = new StreamStore(() -> 0);

    private EventStoreMessage ask(EventStoreMessage message) {
        return ask(ID, message);
    }

    private EventStoreMessage ask(UUID correlationId, EventStoreMessage message) {
        EventStoreDatabase database = new EventStoreDatabase(ServerVersion.V5_0_11, () -> 0, () -> 0);
        StoreSession session = new StoreSession(new EventStoreNode(database), new StoreSession.Outlet() {
            @Override
            public void send(UUID ignored, EventStoreMessage answer) {
                told.add(answer);
            }

            @Override
            public void close() {}
        });
        StoreRequest request = new StoreRequest(session, correlationId, ADMIN);
        if (message instanceof WriteMessage write) {
            new Writes(store, counters).handle(request, write);
        } else {
            new Reads(store, ServerVersion.V20_10).handle(request, (ReadMessage) message);
        }
        assertEquals(1, told.size());
        return told.remove(0);
    }

    private static NewEvent event(String type, Buffer data) {
        return new NewEvent(UUID.randomUUID(), type, NewEvent.BINARY, data, NONE);
    }

    private void write(String stream, String type, Buffer data) {
        ask(new WriteEvents(stream, -2, List.of(event(type, data)), false));
    }

    private static Stream<EventStoreMessage> changes() {
        return Stream.of(
                new WriteEvents("s", -2, List.of(event("t", NONE)), false),
                new WriteEvents("s", -2, List.of(), false),
                new DeleteStream("s", -2, false, false),
                new DeleteStream("s", -2, false, true),
                new TransactionStart("s", -2, false));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aFullStoreIsTooBusy(EventStoreMessage change) {
        store = new StreamStore(() -> 0, new StoreBounds(1, 1_000, 1, 1));

        assertEquals(new NotHandled(NotHandledReason.TOO_BUSY, null), ask(change));
        assertEquals(1, counters.tooBusyAnswers());
    }

    @Test
    void aFullStoreTakesNoMoreIntoATransaction() {
        store = new StreamStore(() -> 0, new StoreBounds(2, 1_000, 1, 1));
        long transaction = store.startTransaction("s", -2);

        NotHandled busy = new NotHandled(NotHandledReason.TOO_BUSY, null);
        assertEquals(busy, ask(new TransactionWrite(transaction, List.of(event("t", NONE)), false)));
        assertEquals(busy, ask(new TransactionCommit(transaction, false)));
        assertEquals(2, counters.tooBusyAnswers());
    }

    private static Stream<EventStoreMessage> badOnes() {
        Buffer id = Buffer.buffer(new byte[15]);
        return Stream.of(
                new WriteEvents("", -2, List.of(), false),
                new WriteEvents("s", -3, List.of(), false),
                new WriteEvents("s", -5, List.of(), false),
                new WriteEvents("s", -2, List.of(event("", NONE)), false),
                new WriteEvents("s", -2, List.of(new NewEvent(id, "t", 0, 0, NONE, null)), false),
                new WriteEvents("s", -2, List.of(event("t", Buffer.buffer(new byte[LARGE_BYTES + 1]))), false),
                new DeleteStream("", -2, false, null),
                new DeleteStream("s", -4, false, null),
                new TransactionStart("", -2, false),
                new TransactionStart("s", -4, false),
                new TransactionWrite(-1, List.of(), false),
                new TransactionWrite(0, List.of(event("", NONE)), false),
                new TransactionCommit(-1, false),
                new ReadEvent("", 0, false, false),
                new ReadEvent("s", -2, false, false),
                new ReadStreamEvents(ReadDirection.FORWARD, "", 0, 1, false, false),
                new ReadStreamEvents(ReadDirection.FORWARD, "s", -2, 1, false, false),
                new ReadStreamEvents(ReadDirection.BACKWARD, "s", -2, 1, false, false),
                filtered(Filter.Type.REGEX, "(", 1, 1),
                filtered(Filter.Type.REGEX, "(?=a)", 1, 1));
    }

    @ParameterizedTest
    @MethodSource("badOnes")
    void whatNobodyMayAsk(EventStoreMessage bad) {
        assertThrows(BadRequestException.class, () -> ask(bad));
        assertEquals(-1, store.lastCommit());
    }

    /** Each may have 16 MiB, and a package 64. */
    @Test
    void aPageEndsWhereAPackageDoes() {
        Buffer large = Buffer.buffer(new byte[LARGE_BYTES]);
        for (int i = 0; i < 5; i++) {
            write("s", "t", large);
        }
        ReadStreamEventsCompleted forward = readStream(ReadDirection.FORWARD, 0);
        assertEquals(3, forward.events().size());
        assertEquals(3, forward.nextEventNumber());
        assertEquals(false, forward.isEndOfStream());
        ReadStreamEventsCompleted rest = readStream(ReadDirection.FORWARD, 3);
        assertEquals(2, rest.events().size());
        assertEquals(true, rest.isEndOfStream());
        ReadStreamEventsCompleted backward = readStream(ReadDirection.BACKWARD, -1);
        assertEquals(3, backward.events().size());
        assertEquals(1, backward.nextEventNumber());
        assertEquals(false, backward.isEndOfStream());

        ReadAllEventsCompleted all = readAll(ReadDirection.FORWARD, new Position(0, 0));
        assertEquals(3, all.events().size());
        assertEquals(2, readAll(ReadDirection.FORWARD, all.next()).events().size());
        ReadAllEventsCompleted turned = readAll(ReadDirection.BACKWARD, new Position(-1, -1));
        assertEquals(3, turned.events().size());
        assertEquals(2, readAll(ReadDirection.BACKWARD, turned.next()).events().size());
    }

    /** Few bytes lead to many. */
    @Test
    void linksCountWithWhatTheyLeadTo() {
        write("large", "t", Buffer.buffer(new byte[LARGE_BYTES]));
        for (int i = 0; i < 5; i++) {
            write("s", "$>", Buffer.buffer("0@large"));
        }
        assertEquals(3, readStream(ReadDirection.FORWARD, 0).events().size());
    }

    private ReadStreamEventsCompleted readStream(ReadDirection direction, long from) {
        return (ReadStreamEventsCompleted) ask(new ReadStreamEvents(direction, "s", from, 100, true, false));
    }

    private ReadAllEventsCompleted readAll(ReadDirection direction, Position from) {
        return (ReadAllEventsCompleted) ask(new ReadAllEvents(direction, from, 100, false, false));
    }

    private static FilteredReadAllEvents filtered(Filter.Type type, String data, int maxCount, int window) {
        return new FilteredReadAllEvents(
                ReadDirection.FORWARD,
                new Position(0, 0),
                maxCount,
                window,
                false,
                false,
                new Filter(Filter.Context.EVENT_TYPE, type, List.of(data)));
    }

    @Test
    void aFilterFindsWhatItLooksAt() {
        write("s", "first", NONE);
        write("s", "second", NONE);
        write("s", "third", NONE);

        FilteredReadAllEventsCompleted all =
                (FilteredReadAllEventsCompleted) ask(filtered(Filter.Type.REGEX, "^[^s]", 10, 10));
        assertEquals(2, all.events().size());
        assertEquals(true, all.isEndOfStream());
        FilteredReadAllEventsCompleted none =
                (FilteredReadAllEventsCompleted) ask(filtered(Filter.Type.PREFIX, "third", 2, 0));
        assertEquals(0, none.events().size());
        assertEquals(false, none.isEndOfStream());
        assertEquals(ReadAllResult.SUCCESS, none.result());
        FilteredReadAllEventsCompleted big =
                (FilteredReadAllEventsCompleted) ask(filtered(Filter.Type.PREFIX, "third", 4_097, 0));
        assertEquals("Read size too big, should be less than 4096 items", big.error());
    }

    @Test
    void aWriteThatIsKnownTellsNoPosition() {
        WriteEvents write = new WriteEvents("s", -2, List.of(event("t", NONE)), false);
        ask(write);
        WriteMessage.WriteEventsCompleted again = (WriteMessage.WriteEventsCompleted) ask(write);

        assertEquals(OperationResult.SUCCESS, again.result());
        assertEquals(-1, again.commitPosition());
    }
}
