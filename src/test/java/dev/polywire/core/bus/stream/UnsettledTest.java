package dev.polywire.core.bus.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Against a set of numbers. */
class UnsettledTest {

    @Test
    void anItemMayStayUnsettledBehindMillions() {
        Unsettled unsettled = new Unsettled();
        unsettled.gave(1);
        long given = 1;
        for (int step = 10_000; given < 5_000_000; given += step) {
            unsettled.gave(step);
            assertEquals(true, unsettled.settle(given + step));
            unsettled.lapse(2, given + step);
            assertEquals(1, unsettled.count());
            assertEquals(false, unsettled.settle(given + step - 1));
        }
        assertArrayEquals(new long[] {1}, unsettled.settleUpTo(given));
        assertEquals(0, unsettled.count());
    }

    @Test
    void theNewestLapsedItemsAreKnown() {
        Unsettled unsettled = new Unsettled();
        unsettled.lapse(1, 0);
        unsettled.gave(10_000);
        unsettled.lapse(1, 5_000);
        assertEquals(0, unsettled.late(904, 904));
        assertEquals(1, unsettled.late(905, 905));
        assertEquals(0, unsettled.late(905, 905));
        assertEquals(4_095, unsettled.late(1, 10_000));
        assertEquals(5_000, unsettled.count());
    }

    @Test
    void isASetOfNumbers() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Unsettled unsettled = new Unsettled();
            TreeSet<Long> expected = new TreeSet<>();
            long given = 0;
            for (int i = 0; i < 2_000; i++) {
                int more = random.nextInt(20);
                unsettled.gave(more);
                for (; more > 0; more--) {
                    expected.add(++given);
                }
                long item = Math.max(1, given - random.nextInt(200));
                if (given > 0 && random.nextInt(50) == 0) {
                    long[] all = expected.headSet(item, true).stream()
                            .mapToLong(Long::longValue)
                            .toArray();
                    expected.headSet(item, true).clear();
                    assertArrayEquals(all, unsettled.settleUpTo(item), "seed " + seed);
                } else if (given > 0) {
                    assertEquals(expected.remove(item), unsettled.settle(item), "seed " + seed);
                }
                assertEquals(expected.size(), unsettled.count(), "seed " + seed);
            }
        }
    }
}
