package dev.polywire.eventstore.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * One catch-up subscription over many events, half of them there at the beginning, while its connection is cut, and the listener
 * closed, at moments that the seed says. Its client does not wait longer and longer, as others do whose connections break so often.
 *
 * @param closings those of the cuts behind which nobody listens for {@code closedMillis}
 */
record CatchUpSoak(int events, int cuts, int closings, long closedMillis, long seed) {

    private static final String STREAM = "s";
    private static final int CHUNK = 500;
    private static final int MAX = 100;
    private static final FlowLimits LIMITS = new FlowLimits(200, 2_000, 1_000, 1_000_000);

    /** @param resetsOnly else some connections stay half open */
    void run(FlowRoom room, EventSource source, boolean resetsOnly) {
        Random random = new Random(seed);
        int[] moments = IntStream.generate(() -> random.nextInt(events))
                .limit(cuts)
                .sorted()
                .toArray();
        int written = write(room, 0, events / 2);
        FlowReader reader = room.catchUp(source, null, LIMITS).all(MAX);
        int connections = 0;
        for (int each = 0; each < cuts; each++) {
            int moment = moments[each];
            written = write(room, written, Math.min(events, moment + CHUNK));
            reach(reader, moment);
            int before = connections;
            await().atMost(Duration.ofSeconds(50)).until(() -> room.relay.connections() > before);
            connections = room.relay.connections();
            if (each % (cuts / closings) == 0) {
                room.closeListener(closedMillis);
            } else {
                cut(room, !resetsOnly && random.nextInt(5) == 0);
            }
        }
        write(room, written, events);
        reach(reader, events);
        reader.awaitLive().gave(0, events);
        assertTrue(room.ask(reader.catchUp()::restarts) > 0, "it was cut when it was live, too");
    }

    private static void reach(FlowReader reader, int count) {
        await().atMost(Duration.ofSeconds(50)).until(() -> reader.data.size() >= count || reader.failed != null);
    }

    /** Garbage in the middle of a package would be another event, and no cut. */
    private static void cut(FlowRoom room, boolean halfOpen) {
        if (halfOpen) {
            room.halfOpen();
        } else {
            room.relay.reset();
        }
    }

    private static int write(FlowRoom room, int from, int to) {
        for (int first = from; first < to; first += CHUNK) {
            room.append(STREAM, first, Math.min(CHUNK, to - first));
        }
        return Math.max(from, to);
    }
}
