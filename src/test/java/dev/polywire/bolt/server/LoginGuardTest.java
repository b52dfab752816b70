package dev.polywire.bolt.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LoginGuardTest {

    @Test
    void wrongLoginsInARow() {
        LoginGuard guard = new LoginGuard(new ServerBounds.LoginBounds(0, 2, 100));
        assertEquals(1, guard.wrong("a", 0));
        assertFalse(guard.locked("a", 0));
        guard.right("a");
        assertEquals(1, guard.wrong("a", 0));
        assertEquals(2, guard.wrong("a", 50));
        assertTrue(guard.locked("a", 149));
        assertFalse(guard.locked("a", 150) || guard.locked("b", 60));
        // The next two lock again.
        guard.wrong("a", 150);
        assertFalse(guard.locked("a", 150));
        guard.wrong("a", 150);
        assertTrue(guard.locked("a", 151));
        for (int i = 0; i < 20_000; i++) {
            guard.wrong("host " + i, 160);
        }
        assertFalse(guard.locked("a", 160));
        assertEquals(20_005, guard.refused());
    }
}
