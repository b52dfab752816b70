package dev.polywire.eventstore.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** How much may wait for a client. */
class UnreadOutputTest {

    private final UnreadOutput unread = new UnreadOutput();

    @Test
    void packages() {
        for (int i = 0; i < 50_000; i++) {
            unread.sent(22);
        }
        assertNull(unread.excess());
        unread.sent(22);
        assertEquals("Connection queue size is too large: 50001.", unread.excess());
        unread.left(50_001 * 22 - 21);
        assertEquals("Connection queue size is too large: 50001.", unread.excess());
        unread.left(50_001 * 22 - 22);
        assertNull(unread.excess());
    }

    /** The last one may be of any size. */
    @Test
    void bytes() {
        unread.sent(10 * 1024 * 1024);
        assertNull(unread.excess());
        unread.sent(64 * 1024 * 1024);
        assertEquals("Connection pending send bytes is too large: 77594624.", unread.excess());
        unread.left(64 * 1024 * 1024);
        assertEquals("Connection pending send bytes is too large: 67108864.", unread.excess());
        unread.left(0);
        assertNull(unread.excess());
    }
}
