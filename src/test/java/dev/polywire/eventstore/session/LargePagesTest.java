package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.NewEvent;
import dev.polywire.eventstore.wire.ReadDirection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** E16: flows whose pages are larger than a package may be: four of these events fit, five do not. */
@Timeout(60)
class LargePagesTest {

    private static final int MEBIBYTE = 1024 * 1024;
    private static final int LARGE = 220 * 1024;
    private static final int EVENTS = 18;
    private static final EventSource STREAM = EventSource.stream("s");
    private static final FlowLimits SIXTEENS = FlowLimits.DEFAULT.paged(16);

    private final FlowRoom room = new FlowRoom();
    private final EventStoreClient limited = room.limitedTo(MEBIBYTE);

    @AfterEach
    void close() {
        room.close();
    }

    private void write(int first, int count) {
        IntStream.range(first, first + count).forEach(number -> room.write("s", List.of(large(number, LARGE))));
    }

    private static NewEvent large(int number, int bytes) {
        return FlowRoom.event("t", number + " ".repeat(bytes));
    }

    private FlowReader read(EventSource source, ReadDirection direction) {
        return room.reader(() -> PagedRead.open(limited, source, direction, null, SIXTEENS))
                .all(100)
                .awaitEnd();
    }

    private static List<String> numbers(FlowReader reader) {
        return reader.data.stream().map(String::strip).toList();
    }

    private static List<String> upTo(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @Test
    void readingBothWaysGivesAllOfThem() {
        write(0, EVENTS);
        assertEquals(upTo(EVENTS), numbers(read(STREAM, ReadDirection.FORWARD)));
        assertEquals(2, repeated(), "16 and 8 were too many");
        List<String> backward = new ArrayList<>(numbers(read(STREAM, ReadDirection.BACKWARD)));
        Collections.reverse(backward);
        assertEquals(upTo(EVENTS), backward);
        Filter mine = new Filter(Filter.Context.STREAM_ID, Filter.Type.PREFIX, List.of("s"));
        EventSource filtered = EventSource.all().filtered(mine, 100, 100);
        assertEquals(upTo(EVENTS), numbers(read(filtered, ReadDirection.FORWARD)));
        assertTrue(numbers(read(EventSource.all(), ReadDirection.FORWARD)).containsAll(upTo(EVENTS)));
        assertEquals(2, repeated(), "the next pages are no larger");
    }

    private long repeated() {
        return room.<Long>ask(limited::repeated);
    }

    @Test
    void aCatchUpSubscriptionGoesOnToTheEndAndBeyond() {
        write(0, EVENTS);
        FlowReader reader = room.catchUp(limited, STREAM, null, SIXTEENS)
                .all(100)
                .awaitCount(EVENTS)
                .awaitLive();
        write(EVENTS, 2);
        reader.awaitCount(EVENTS + 2);
        assertEquals(upTo(EVENTS + 2), numbers(reader));
    }

    /** What lies before it is given first. */
    @Test
    void anEventThatIsTooLargeIsTheEnd() {
        write(0, 3);
        room.write("s", List.of(large(3, MEBIBYTE)));
        for (FlowReader reader : List.of(
                read(STREAM, ReadDirection.FORWARD),
                room.catchUp(limited, STREAM, null, SIXTEENS).all(100).awaitEnd())) {
            assertEquals(upTo(3), numbers(reader));
            ProtocolException why = FlowRoom.failure(ProtocolException.class, reader);
            assertEquals(ProtocolException.Kind.LIMIT, why.kind(), "LIMIT_EXCEEDED on the bus");
        }
    }
}
