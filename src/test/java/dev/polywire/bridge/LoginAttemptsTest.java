package dev.polywire.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginAttemptsTest {

    private final LoginAttempts attempts = new LoginAttempts();

    @Test
    void slowsDownAndThenRefusesUntilTheMinuteIsOver() {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < LoginAttempts.MAX_FAILURES; i++) {
            assertTrue(attempts.admits("a", 1_000 + i));
            delays.add(attempts.failed("a", 1_000 + i));
        }
        assertEquals(List.of(100L, 200L, 400L, 800L, 1_600L, 2_000L, 2_000L, 2_000L, 2_000L, 2_000L), delays);
        assertFalse(attempts.admits("a", 60_999));
        assertTrue(attempts.admits("b", 60_999));
        assertTrue(attempts.admits("a", 61_000));
        assertEquals(100, attempts.failed("a", 61_000));
        assertTrue(attempts.admits("a", 61_001));
    }

    @Test
    void forgetsTheOldestAddressesWhenThereAreTooMany() {
        for (int i = 0; i < LoginAttempts.MAX_FAILURES; i++) {
            attempts.failed("first", 0);
        }
        for (int i = 1; i < 10_000; i++) {
            attempts.failed("address " + i, 0);
        }
        assertFalse(attempts.admits("first", 1));
        attempts.failed("one more", 0);
        assertTrue(attempts.admits("first", 1));
        assertEquals(10_000, attempts.addresses());
    }
}
