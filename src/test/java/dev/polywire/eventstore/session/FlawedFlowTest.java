package dev.polywire.eventstore.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.eventstore.wire.ReadDirection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where our own code breaks a flow ends with that: no event is left out, and no reader waits for ever. */
@Timeout(60)
class FlawedFlowTest {

    private final FlowRoom room = new FlowRoom();

    @AfterEach
    void close() {
        room.close();
    }

    private FlowReader catchUp(FlawedPages.Flaw flaw) {
        EventSource source = EventSource.stream("s");
        FlawedPages pages = new FlawedPages(new NumberedPages("s", source, ReadDirection.FORWARD), flaw);
        return room.reader(() -> CatchUp.open(room.client, source, pages, null, FlowLimits.DEFAULT.paged(2)));
    }

    @ParameterizedTest
    @EnumSource
    void theReaderIsTold(FlawedPages.Flaw flaw) {
        room.write("s", 0, 3);
        FlowReader reader = catchUp(flaw).all(100).awaitEnd();
        reader.gave(0, flaw == FlawedPages.Flaw.SUBSCRIBE ? 3 : 0);
        assertEquals(flaw.name(), reader.failed.getMessage());
        assertEquals(flaw.name(), reader.failure().getMessage());
        assertEquals(0L, room.<Long>ask(reader.flow::heldBytes));
    }
}
