package dev.polywire.amqp.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Three times in a minute is once too often. */
class InterruptionsTest {

    private final Interruptions interruptions = new Interruptions(new Random(7) {
        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    });

    @Test
    void threeInAMinute() {
        assertEquals(100, interruptions.next(0));
        assertEquals(200, interruptions.next(10));
        assertEquals(-1, interruptions.next(59_999));
    }

    /** As with a consumer that is slower than the broker allows, and a broker that looks every minute. */
    @Test
    void oneEachHalfMinute() {
        for (int i = 0; i < 100; i++) {
            assertTrue(interruptions.next(i * 30_001L) > 0, "the " + i + "th");
        }
    }
}
