package dev.polywire.mongodb.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.mongodb.session.MonitorStatus.Mode;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that answers and streams, breaks connections, is heard by others, and is silent at last, with a seed. */
class MonitorBoundTest {

    private static final int RUNS = 300;

    /** Found by heartbeatMillis + connectTimeoutMillis after its last word, and never before. */
    @ParameterizedTest
    @CsvSource({"10000, 4000", "10000, 10000", "700, 20000", "1000, 1", "60000, 100"})
    void silentServersAreFoundInTime(long heartbeatMillis, long connectTimeoutMillis) {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            MonitorRoom room = new MonitorRoom(heartbeatMillis, connectTimeoutMillis);
            long silentMillis = random.nextLong(20 * heartbeatMillis);
            long lastWord = live(room, random, heartbeatMillis, silentMillis);
            assertTrue(room.steps.stream().noneMatch(each -> each.endsWith("LOST")), "seed " + seed + room.steps);
            room.steps.clear();
            long boundMillis = lastWord + heartbeatMillis + connectTimeoutMillis + 1;
            while (room.schedule.mode() != Mode.RESTING) {
                long due = room.schedule.dueMillis();
                assertTrue(due <= boundMillis, "seed " + seed + ": " + due + " (expected: <= " + boundMillis + ")");
                room.until(due);
            }
            assertEquals(room.now + " LOST", room.steps.get(room.steps.size() - 1));
            assertTrue(room.now >= lastWord + connectTimeoutMillis, "seed " + seed);
        }
    }

    /** @return when it was heard last */
    private static long live(MonitorRoom room, Random random, long heartbeatMillis, long untilMillis) {
        room.begin();
        room.dialledAt(0, random.nextBoolean());
        long lastWord = 0;
        while (true) {
            boolean connected = room.schedule.mode() != Mode.CONNECTING;
            boolean streams = room.schedule.mode() == Mode.STREAMING;
            long due = room.schedule.dueMillis();
            long at = Math.min(due, room.now + 1 + random.nextLong(heartbeatMillis));
            if (at >= untilMillis) {
                return lastWord;
            }
            room.until(at);
            int what = random.nextInt(10);
            if (room.schedule.mode() == Mode.CONNECTING) {
                if (!connected || at == due) {
                    room.dialledAt(at, random.nextBoolean());
                    lastWord = at;
                }
            } else if (what == 0) {
                room.breaksAt(at);
                lastWord = at;
                if (room.steps.get(room.steps.size() - 1).equals(at + " DIAL")) {
                    room.dialledAt(at, random.nextBoolean());
                }
            } else if (streams && (at == due || what < 4)) {
                room.streamedAt(at);
                lastWord = at;
            } else if (at == due) {
                room.answeredAt(at, random.nextBoolean());
                lastWord = at;
            } else if (what < 6) {
                room.heardAt(at);
                lastWord = at;
            }
        }
    }
}
