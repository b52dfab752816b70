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
            backoff.lostAfter(stoodMillis);
            longWaits += backoff.nextMillis() > Backoff.MIN_MILLIS ? 1 : 0;
        }
        assertEquals(anew, longWaits == 0, longWaits + " long waits of 100");
    }
}
