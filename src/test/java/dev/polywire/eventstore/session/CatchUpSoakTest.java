package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.Filter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each event once and in order, through eight cuts; {@link CatchUpSoakIT} has many. */
@Timeout(120)
class CatchUpSoakTest {

    private static final CatchUpSoak SHORT = new CatchUpSoak(2_000, 8, 2, 0, 17);

    private final FlowRoom room = new FlowRoom();

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void aStream() {
        SHORT.run(room, EventSource.stream("s"), true);
    }

    @Test
    void someOfAllEvents() {
        Filter mine = new Filter(Filter.Context.STREAM_ID, Filter.Type.REGEX, List.of("^s$"));
        SHORT.run(room, EventSource.all().filtered(mine, 300, 50), true);
    }
}
