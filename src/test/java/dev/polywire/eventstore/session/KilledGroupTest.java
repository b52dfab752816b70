package dev.polywire.eventstore.session;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every event at least once, and books that balance, through a few lost connections. */
@Timeout(60)
class KilledGroupTest {

    @Test
    void everyEventIsGivenThroughKills() {
        try (PersistentRoom room = PersistentRoom.watchful()) {
            new KilledGroup(room, 7).run(300, 4);
        }
    }
}
