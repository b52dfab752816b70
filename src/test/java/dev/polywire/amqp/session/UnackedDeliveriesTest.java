package dev.polywire.amqp.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The same as a sorted set. */
class UnackedDeliveriesTest {

    @Test
    void asASet() {
        Random random = new Random(7);
        UnackedDeliveries unacked = new UnackedDeliveries();
        TreeSet<Long> set = new TreeSet<>();
        long next = 1;
        for (int step = 0; step < 100_000; step++) {
            if (set.size() < 50 && random.nextInt(3) > 0) {
                unacked.add(next, 3 * next, size(next));
                set.add(next++);
            }
            long number = Math.max(0, next - random.nextInt(80));
            assertEquals(set.contains(number), unacked.has(number));
            if (set.contains(number)) {
                assertEquals(3 * number, unacked.tag(number));
            }
            if (set.contains(number) && random.nextBoolean()) {
                boolean multiple = random.nextInt(10) == 0;
                unacked.remove(number, multiple);
                if (multiple) {
                    set.headSet(number, true).clear();
                } else {
                    set.remove(number);
                }
            }
            if (random.nextInt(5_000) == 0) {
                unacked.clear();
                set.clear();
            }
            assertEquals(set.size(), unacked.size());
            assertEquals(set.stream().mapToLong(UnackedDeliveriesTest::size).sum(), unacked.bodyBytes());
        }
    }

    @Test
    void whatWasNeverThere() {
        UnackedDeliveries unacked = new UnackedDeliveries();
        assertFalse(unacked.has(1));
        unacked.add(10_000_000_000L, 1, 1);
        assertTrue(unacked.has(10_000_000_000L));
        for (long number : new long[] {-1, 0, 9_999_999_999L, 10_000_000_001L, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertFalse(unacked.has(number));
        }
    }

    /** One that is never settled costs its own place, and no more. */
    @Test
    void oneThatStays() {
        UnackedDeliveries unacked = new UnackedDeliveries();
        for (long number = 1; number <= 100_000; number++) {
            unacked.add(number, number, 1);
            if (number > 1) {
                unacked.remove(number, false);
            }
        }
        assertTrue(unacked.has(1));
        assertEquals(1, unacked.size());
        assertEquals(1, unacked.bodyBytes());
    }

    private static int size(long number) {
        return (int) (number % 7);
    }
}
