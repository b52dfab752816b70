package dev.polywire.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TimersTest {

    private static final long NEVER = Long.MAX_VALUE;

    private enum Name {
        ONE,
        TWO,
        THREE
    }

    private final Timers<Name> timers = new Timers<>(Name.class);

    @Test
    void noneRunsAtFirst() {
        assertEquals(NEVER, timers.nextMillis());
        assertNull(timers.expired(NEVER));
        assertFalse(timers.runs(Name.ONE));
    }

    @Test
    void theNearestIsNext() {
        timers.set(Name.THREE, 30);
        timers.set(Name.TWO, 20);
        assertEquals(20, timers.nextMillis());
        timers.stop(Name.TWO);
        assertEquals(30, timers.nextMillis());
        timers.set(Name.THREE, 5);
        assertEquals(5, timers.nextMillis());
        assertEquals(5, timers.atMillis(Name.THREE));
    }

    @Test
    void whatIsDueIsGivenOnceInTheOrderOfTheNames() {
        timers.set(Name.THREE, 10);
        timers.set(Name.ONE, 20);
        timers.set(Name.TWO, 21);
        assertNull(timers.expired(9));
        assertEquals(Name.ONE, timers.expired(20));
        assertEquals(Name.THREE, timers.expired(20));
        assertNull(timers.expired(20));
        assertFalse(timers.runs(Name.ONE));
        assertTrue(timers.runs(Name.TWO));
    }
}
