package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A group has a bound, and all have one. */
class HeldEventsTest {

    private final HeldEvents all = new HeldEvents(5);
    private final HeldEvents.Share first = all.share(3);
    private final HeldEvents.Share second = all.share(3);

    private List<Boolean> full() {
        return Stream.of(first, second).map(HeldEvents.Share::isFull).toList();
    }

    @Test
    void whatOneGroupHoldsTheOthersCannot() {
        assertEquals(List.of(false, false), full());
        first.take();
        first.take();
        first.take();
        assertEquals(List.of(true, false), full());
        second.take();
        second.take();
        assertEquals(List.of(true, true), full());
        first.giveBack();
        assertEquals(List.of(false, false), full());
        second.take();
        assertEquals(List.of(true, true), full());
        second.giveBackAll();
        assertEquals(List.of(false, false), full());
    }
}
