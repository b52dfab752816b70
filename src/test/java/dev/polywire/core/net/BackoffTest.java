package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    @Test
    void ceilingsDoubleUpToTheLast() {
        long[] ceilings = {100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000};
        long[] longest = new long[ceilings.length];
        for (int seed = 0; seed < 2_000; seed++) {
            Backoff backoff = new Backoff(new Random(seed));
            for (int attempt = 0; attempt < ceilings.length; attempt++) {
                long wait = backoff.nextMillis();
                assertTrue(wait >= 1 && wait <= ceilings[attempt], "attempt " + attempt + ": " + wait);
                longest[attempt] = Math.max(longest[attempt], wait);
            }
        }
        for (int attempt = 0; attempt < ceilings.length; attempt++) {
            assertTrue(longest[attempt] > ceilings[attempt] * 9 / 10, "attempt " + attempt + " uses its whole range");
        }
    }

    @Test
    void staysBoundedForEver() {
        Backoff backoff = new Backoff(new Random(1));
        assertTrue(LongStream.generate(backoff::nextMillis)
                .limit(100_000)
                .allMatch(wait -> wait >= 1 && wait <= Backoff.MAX_MILLIS));
    }

    @Test
    void clientsOfOneServerDoNotComeBackTogether() {
        List<Long> waits = new ArrayList<>();
        for (int client = 0; client < 100; client++) {
            Backoff backoff = new Backoff(new Random(client));
            for (int attempt = 0; attempt < 9; attempt++) {
                backoff.nextMillis();
            }
            waits.add(backoff.nextMillis() / 1_000);
        }
        assertTrue(waits.stream().distinct().count() > 20, waits.toString());
    }

    /** A server that closes a connection over a command is not a server that cannot be reached. */
    @Test
    void tenQuickReconnectsAMinute() {
        int longWaits = 0;
        for (int seed = 0; seed < 100; seed++) {
            Backoff backoff = new Backoff(new Random(seed));
            for (int attempt = 0; attempt < 9; attempt++) {
                backoff.nextMillis();
            }
            for (int minute = 0; minute < 3; minute++) {
                long nowMillis = 5_000 + minute * 60_000L;
                for (int lost = 0; lost < 10; lost++) {
                    backoff.lost(nowMillis, nowMillis + lost);
                    long wait = backoff.nextMillis();
                    assertTrue(wait >= 1 && wait <= 200, minute + "." + lost + ": " + wait);
                }
                backoff.lost(nowMillis, nowMillis + 29_999);
                longWaits += backoff.nextMillis() > Backoff.QUICK_MILLIS ? 1 : 0;
            }
        }
        assertTrue(longWaits > 250, longWaits + " long waits of 300 beyond them");
    }

    /** They are the connector's: one connection's losses do not leave ten to the other. */
    @Test
    void quickReconnectsOfTwoConnections() {
        QuickReconnects both = new QuickReconnects();
        Backoff one = new Backoff(new Random(1), both);
        Backoff other = new Backoff(new Random(1), both);
        manyAttempts(other);
        for (int lost = 0; lost < 10; lost++) {
            one.lost(0, 0);
            assertTrue(one.nextMillis() <= Backoff.QUICK_MILLIS);
        }
        other.lost(0, 0);
        assertTrue(other.nextMillis() > Backoff.QUICK_MILLIS);
    }

    /** The next ceiling is the last one. */
    private static void manyAttempts(Backoff backoff) {
        for (int attempt = 0; attempt < 20; attempt++) {
            backoff.nextMillis();
        }
    }

    /** An attempt that fails behind a quick one waits as before. */
    @Test
    void aQuickReconnectIsOneAttempt() {
        Backoff backoff = new Backoff(new Random(1));
        manyAttempts(backoff);
        backoff.lost(0, 0);
        assertTrue(backoff.nextMillis() <= Backoff.QUICK_MILLIS);
        assertTrue(backoff.nextMillis() > Backoff.QUICK_MILLIS);
    }

    @ParameterizedTest
    @CsvSource({
        // stood, whether the next wait begins from the start
        "30000, true",
        "86400000, true",
        "29999, false",
        "0, false",
    })
    void onlyAStableConnectionBeginsAnew(long stoodMillis, boolean anew) {
        int longWaits = 0;
        for (int seed = 0; seed < 100; seed++) {
            Backoff backoff = new Backoff(new Random(seed));
            for (int attempt = 0; attempt < 9; attempt++) {
                backoff.nextMillis();
            }
            for (int spent = 0; spent < QuickReconnects.A_MINUTE; spent++) {
                backoff.lost(1_000, 1_000);
                backoff.nextMillis();
            }
            backoff.lost(1_000, 1_000 + stoodMillis);
            longWaits += backoff.nextMillis() > Backoff.MIN_MILLIS ? 1 : 0;
        }
        assertEquals(anew, longWaits == 0, longWaits + " long waits of 100");
    }
}
