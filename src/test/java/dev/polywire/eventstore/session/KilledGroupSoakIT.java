package dev.polywire.eventstore.session;

import dev.polywire.testing.Soak;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Every event at least once, and books that balance, through many lost connections, for as long as a soak lasts. */
class KilledGroupSoakIT {

    @Test
    void everyEventIsGivenThroughManyKills() {
        AtomicLong seed = new AtomicLong();
        Soak.again(() -> {
            try (PersistentRoom room = PersistentRoom.watchful()) {
                new KilledGroup(room, seed.incrementAndGet()).run(3_000, 12);
            }
        });
    }
}
