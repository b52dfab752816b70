package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LoopSilenceTest {

    private static final int LONGEST = 3;

    private final LoopSilence silence = new LoopSilence(2);

    @Test
    void aLoopIsSilentAfterThatManyTicks() {
        silence.ran(0);
        silence.ran(1);
        for (int i = 1; i < LONGEST; i++) {
            assertFalse(silence.tick(LONGEST));
            silence.ran(0);
        }
        assertTrue(silence.tick(LONGEST));
        assertSame(Thread.currentThread(), silence.longestSilent());
    }

    @Test
    void loopsThatRunAreNeverSilent() {
        for (int i = 0; i < 10 * LONGEST; i++) {
            silence.ran(0);
            silence.ran(1);
            assertFalse(silence.tick(LONGEST));
        }
    }

    @Test
    void aLoopThatNeverRanIsSilentToo() {
        for (int i = 1; i < LONGEST; i++) {
            silence.ran(0);
            assertFalse(silence.tick(LONGEST));
        }
        silence.ran(0);
        assertTrue(silence.tick(LONGEST));
        assertNull(silence.longestSilent());
    }
}
