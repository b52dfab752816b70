package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.server.CommandFault;
import dev.polywire.eventstore.server.FaultPlan;
import dev.polywire.eventstore.session.EventFlow.Events;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.TcpCommand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading to the end. */
@Timeout(60)
class PagedReadTest {

    private static final EventSource STREAM = EventSource.stream("s");
    private static final EventSource MINE =
            EventSource.all().filtered(new Filter(Filter.Context.STREAM_ID, Filter.Type.PREFIX, List.of("s")), 4, 1);
    private static final FlowLimits FOURS = FlowLimits.DEFAULT.paged(4);

    private final FlowRoom room = new FlowRoom();

    @AfterEach
    void close() {
        room.close();
    }

    private FlowReader read(EventSource source, ReadDirection direction, Resume from, FlowLimits limits) {
        return room.reader(() -> PagedRead.open(room.client, source, direction, from, limits));
    }

    private FlowReader forward(EventSource source) {
        return read(source, ReadDirection.FORWARD, null, FOURS);
    }

    private FlowReader backward(EventSource source, Resume from) {
        return read(source, ReadDirection.BACKWARD, from, FOURS);
    }

    @Test
    void aStreamForwardPageByPage() {
        room.write("s", 0, 10);
        FlowReader reader = forward(STREAM).all(100).awaitEnd();
        reader.gave(0, 10);
        assertEquals(Resume.at(10), reader.place());
    }

    @Test
    void aStreamWithoutALastPartlyFilledPage() {
        room.write("s", 0, 8);
        forward(STREAM).all(100).awaitEnd().gave(0, 8);
    }

    @Test
    void aStreamBackwardPageByPage() {
        room.write("s", 0, 10);
        assertEquals(numbers(9, 0), backward(STREAM, null).all(100).awaitEnd().data);
    }

    /** Number 0 is the first event, not the end. */
    @Test
    void aStreamBackwardFromZeroHasOneEvent() {
        room.write("s", 0, 10);
        FlowReader reader = backward(STREAM, Resume.at(0)).all(100).awaitEnd();
        assertEquals(List.of("0"), reader.data);
        assertTrue(reader.places.isEmpty());
    }

    @Test
    void resumedInTheMiddleOfAPageItGoesOnBehindTheLastEvent() {
        room.write("s", 0, 10);
        Events first = forward(STREAM).pull(3);
        assertEquals(Resume.at(3), first.resume());
        read(STREAM, ReadDirection.FORWARD, first.resume(), FOURS)
                .all(100)
                .awaitEnd()
                .gave(3, 7);
        Events last = backward(STREAM, null).pull(3);
        assertEquals(Resume.at(6), last.resume());
        assertEquals(numbers(6, 0), backward(STREAM, last.resume()).all(100).awaitEnd().data);
    }

    @Test
    void allEventsBothWaysAndResumed() {
        room.write("s", 0, 10);
        FlowReader all = forward(EventSource.all()).all(3).awaitEnd();
        int count = all.data.size();
        assertEquals(numbers(0, 9), all.data.subList(count - 10, count));
        List<String> reversed = new ArrayList<>(all.data);
        Collections.reverse(reversed);
        FlowReader back = backward(EventSource.all(), null);
        Events some = back.pull(3);
        assertEquals(
                reversed.subList(3, count),
                backward(EventSource.all(), some.resume()).all(100).awaitEnd().data);
        Resume middle = all.places.get(1);
        FlowReader rest = read(EventSource.all(), ReadDirection.FORWARD, middle, FOURS);
        assertEquals(all.data.subList(all.counts.get(1), count), rest.all(100).awaitEnd().data);
    }

    /** And the place moves where nothing is found. */
    @Test
    void someOfAllEvents() {
        room.write("s", 0, 5);
        room.write("other", 100, 20);
        room.write("s", 5, 5);
        FlowReader reader = forward(MINE).all(100).awaitEnd();
        reader.gave(0, 10);
        assertTrue(reader.places.size() > 5, () -> "places: " + reader.places);
        for (int each = 0; each < reader.places.size(); each++) {
            FlowReader rest = read(MINE, ReadDirection.FORWARD, reader.places.get(each), FOURS);
            assertEquals(
                    reader.data.subList(reader.counts.get(each), 10),
                    rest.all(100).awaitEnd().data);
        }
        assertEquals(numbers(9, 0), backward(MINE, null).all(100).awaitEnd().data);
    }

    @Test
    void aStreamThatDoesNotExistFailsTheFirstPull() {
        FlowReader reader = forward(STREAM);
        assertEquals(
                EventStoreException.Reason.NO_STREAM,
                FlowRoom.failure(EventStoreException.class, reader).reason());
        assertSame(reader.failure().getClass(), EventStoreException.class);
    }

    @Test
    void aDeletedStreamIsAnother() {
        room.write("s", 0, 1);
        room.delete("s", true);
        assertEquals(
                EventStoreException.Reason.STREAM_DELETED,
                FlowRoom.failure(EventStoreException.class, forward(STREAM)).reason());
    }

    /** What was read is given before it. */
    @Test
    void aStreamThatIsDeletedMeanwhileFailsBehindWhatWasRead() {
        room.write("s", 0, 20);
        FlowReader reader = forward(STREAM);
        reader.pull(2);
        assertEquals(2, reader.pull(2).events().size());
        room.delete("s", true);
        reader.all(100).awaitEnd();
        assertEquals(EventStoreException.class, reader.failed.getClass());
        reader.gave(0, reader.data.size());
        assertTrue(reader.data.size() < 20);
    }

    @Test
    void accessThatIsTakenAwayFailsBehindWhatWasRead() {
        room.write("s", 0, 20);
        EventStoreClient anonymous = room.client(room.store.port(), null);
        FlowReader reader = room.reader(
                () -> PagedRead.open(anonymous, STREAM, ReadDirection.FORWARD, null, FlowLimits.DEFAULT.paged(2)));
        reader.pull(1);
        room.metadata("s", "{\"$acl\":{\"$r\":\"$admins\"}}");
        reader.all(100).awaitEnd();
        assertEquals(EventStoreException.Reason.ACCESS_DENIED, ((EventStoreException) reader.failed).reason());
        reader.gave(0, reader.data.size());
    }

    @Test
    void aCutConnectionIsNoGap() {
        room.write("s", 0, 40);
        FlowReader reader = forward(STREAM);
        reader.pull(3);
        room.relay.reset();
        reader.all(100).awaitEnd().gave(0, 40);
    }

    /** Servers drop old reads without a word. */
    @Test
    void aPageThatNeverComesFailsAtItsDeadline() {
        room.write("s", 0, 10);
        room.fail(FaultPlan.NONE.command(TcpCommand.READ_STREAM_EVENTS_FORWARD, 1, new CommandFault.Ignore()));
        FlowReader reader = read(STREAM, ReadDirection.FORWARD, null, new FlowLimits(4, 100, 10, 1_000));
        assertEquals(
                CallException.Reason.TIMEOUT,
                FlowRoom.failure(CallException.class, reader).reason());
    }

    /** Nor does it hold more than two pages. */
    @Test
    void aReaderWhoStopsHoldsUpNobody() {
        room.write("s", 0, 100);
        FlowReader stopped = forward(STREAM);
        stopped.pull(1);
        forward(STREAM).all(100).awaitEnd().gave(0, 100);
        long held = room.ask(stopped.flow::heldBytes);
        assertTrue(held > 0 && held < 8 * 1_000, () -> "held: " + held);
        assertEquals(
                7, stopped.pull(3).events().size() + stopped.pull(4).events().size());
        stopped.close();
        assertEquals(0L, room.<Long>ask(stopped.flow::heldBytes));
    }

    @Test
    void theEndIsSaidAgain() {
        room.write("s", 0, 1);
        FlowReader reader = forward(STREAM).all(100).awaitEnd();
        Events again = reader.pull(1);
        assertTrue(again.done());
        assertEquals(List.of(), again.events());
        assertFalse(reader.places.isEmpty());
        assertNull(reader.failed);
    }

    private static List<String> numbers(int first, int last) {
        return IntStream.rangeClosed(0, Math.abs(last - first))
                .mapToObj(each -> Integer.toString(first < last ? first + each : first - each))
                .toList();
    }
}
