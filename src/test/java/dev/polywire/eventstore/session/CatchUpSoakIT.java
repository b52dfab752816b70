package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.Filter;
import dev.polywire.testing.Soak;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each event once and in order, whatever becomes of the connection of one subscription: 100,000 events, fifty cuts and ten times no listener for two
 * seconds when {@link Soak} says a minute, a tenth of that in five seconds.
 */
@Timeout(300)
class CatchUpSoakIT {

    private static final boolean LONG = Integer.parseInt(Soak.seconds()) >= 60;
    private static final CatchUpSoak SOAK =
            LONG ? new CatchUpSoak(100_000, 60, 10, 2_000, 4_711) : new CatchUpSoak(10_000, 6, 1, 500, 4_711);

    private final FlowRoom room = new FlowRoom();

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void aStream() {
        SOAK.run(room, EventSource.stream("s"), false);
    }

    @Test
    void someOfAllEvents() {
        Filter mine = new Filter(Filter.Context.STREAM_ID, Filter.Type.PREFIX, List.of("s"));
        SOAK.run(room, EventSource.all().filtered(mine, 1_000, 100), true);
    }
}
