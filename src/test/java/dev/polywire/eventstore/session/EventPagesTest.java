package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.wire.Filter;
import dev.polywire.eventstore.wire.Position;
import dev.polywire.eventstore.wire.ReadAllResult;
import dev.polywire.eventstore.wire.ReadDirection;
import dev.polywire.eventstore.wire.ReadMessage;
import dev.polywire.eventstore.wire.ResolvedEvent;
import dev.polywire.eventstore.wire.SubscriptionMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked for, and what a place is. */
class EventPagesTest {

    private static final EventSource STREAM =
            EventSource.stream("s").resolvingLinks().atLeader();
    private static final EventSource ALL = EventSource.all().resolvingLinks().atLeader();
    private static final Filter FILTER = new Filter(Filter.Context.EVENT_TYPE, Filter.Type.PREFIX, List.of("t"));
    private static final Position TEN = new Position(10, 11);

    @Test
    void aStreamIsAskedForWithAllThatWasSaid() {
        NumberedPages forward = new NumberedPages("s", STREAM, ReadDirection.FORWARD);
        assertEquals(
                new ReadMessage.ReadStreamEvents(ReadDirection.FORWARD, "s", 23L, 100, true, true),
                forward.question(23L, 100));
        assertEquals(new SubscriptionMessage.SubscribeToStream("s", true), forward.subscribe());
        NumberedPages backward = new NumberedPages("s", EventSource.stream("s"), ReadDirection.BACKWARD);
        assertEquals(
                new ReadMessage.ReadStreamEvents(ReadDirection.BACKWARD, "s", 50L, 10, false, false),
                backward.question(50L, 10));
        assertEquals(-1, backward.cursor(null).from());
        assertEquals(0, forward.cursor(null).from());
    }

    @Test
    void allEventsAreAskedForWithAllThatWasSaid() {
        PositionedPages all = new PositionedPages(ALL, ReadDirection.FORWARD);
        assertEquals(
                new ReadMessage.ReadAllEvents(ReadDirection.FORWARD, TEN, 100, true, true), all.question(TEN, 100));
        assertEquals(new SubscriptionMessage.SubscribeToStream("", true), all.subscribe());
        PositionedPages some = new PositionedPages(ALL.filtered(FILTER, 7, 3), ReadDirection.BACKWARD);
        assertEquals(
                new ReadMessage.FilteredReadAllEvents(ReadDirection.BACKWARD, TEN, 20, 7, true, true, FILTER),
                some.question(TEN, 20));
        assertEquals(new SubscriptionMessage.FilteredSubscribeToStream("", true, FILTER, 3), some.subscribe());
        assertEquals(Position.END, some.cursor(null).from());
    }

    @Test
    void aPlaceOfAnotherKindIsRefused() {
        NumberedPages stream = new NumberedPages("s", STREAM, ReadDirection.FORWARD);
        PositionedPages all = new PositionedPages(ALL, ReadDirection.FORWARD);
        assertThrows(IllegalArgumentException.class, () -> stream.cursor(Resume.behind(TEN)));
        assertThrows(IllegalArgumentException.class, () -> all.cursor(Resume.at(3)));
        assertThrows(IllegalArgumentException.class, () -> STREAM.filtered(FILTER, 0, 1));
    }

    /** The next event of a transaction stands at the very place where the next page begins. */
    @Test
    void theNextPageIsNotYetBehindAReader() {
        PositionedPages some = new PositionedPages(ALL.filtered(FILTER, 7, 3), ReadDirection.FORWARD);
        assertEquals(Resume.behind(new Position(90, 69)), looked(some, new Position(90, 70)));
        assertEquals(Resume.behind(new Position(90, 0)), looked(some, new Position(90, 0)));
        assertNull(looked(some, TEN));
    }

    private static Resume looked(PositionedPages pages, Position next) {
        EventPage<Position> page = pages.page(new ReadMessage.FilteredReadAllEventsCompleted(
                ReadDirection.FORWARD, TEN, List.of(), next, false, ReadAllResult.SUCCESS, null));
        return pages.behind(page, next);
    }

    @Test
    void whatIsNoEventIsNoPage() {
        PositionedPages all = new PositionedPages(ALL, ReadDirection.FORWARD);
        ReadMessage.ReadAllEventsCompleted empty = new ReadMessage.ReadAllEventsCompleted(
                ReadDirection.FORWARD,
                TEN,
                List.of(new ResolvedEvent(null, null, TEN)),
                TEN,
                ReadAllResult.SUCCESS,
                null);
        assertThrows(ProtocolException.class, () -> all.page(empty));
    }
}
