package dev.polywire.mongodb.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.Backoff;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a pool waits before it dials again, in virtual time. */
class RedialTimesTest {

    private static final int SEEDS = 100;

    private long nowMillis = -5_000_000;

    private static boolean isQuick(long millis) {
        return millis <= Backoff.QUICK_MILLIS;
    }

    /** Each connection ends at once: so many are replaced quickly in each of three minutes, then it takes longer and longer. */
    @ParameterizedTest
    @CsvSource({"true, 70", "false, 10"})
    void connectionsThatEndAtOnce(boolean others, int quick) {
        int slow = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            RedialTimes times = new RedialTimes(new Random(seed));
            for (int minute = 0; minute < 3; minute++) {
                for (int end = 0; end < quick; end++) {
                    assertTrue(isQuick(times.ended(nowMillis, nowMillis, others)), minute + "." + end);
                }
                for (int end = 0; end < 12; end++) {
                    slow += isQuick(times.ended(nowMillis, nowMillis, others)) ? 0 : 1;
                }
                nowMillis += 60_000;
            }
        }
        assertTrue(slow > SEEDS * 3 * 12 * 8 / 10, slow + " slow ones");
    }

    /** A connection that stood for long does not make each later failure the first one. */
    @Test
    void attemptsThatFailBesideOneThatStands() {
        int slow = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            RedialTimes times = new RedialTimes(new Random(seed));
            for (int outage = 0; outage < 2; outage++) {
                times.opened(nowMillis);
                nowMillis += Backoff.STABLE_MILLIS;
                assertTrue(times.failed(nowMillis) <= Backoff.MIN_MILLIS, "the first one after it stood");
                for (int attempt = 0; attempt < 12; attempt++) {
                    slow += isQuick(times.failed(nowMillis)) ? 0 : 1;
                }
            }
        }
        assertTrue(slow > SEEDS * 2 * 12 * 7 / 10, slow + " slow ones");
    }

    /** Whoever comes and goes does not begin anew. */
    @Test
    void successesThatDoNotStand() {
        RedialTimes times = new RedialTimes(new Random(1));
        long longest = 0;
        for (int attempt = 0; attempt < 30; attempt++) {
            times.opened(nowMillis);
            longest = Math.max(longest, times.failed(nowMillis + Backoff.STABLE_MILLIS - 1));
        }
        assertTrue(longest > 10_000, longest + " ms");
    }
}
