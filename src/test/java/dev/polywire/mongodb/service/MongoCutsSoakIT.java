package dev.polywire.mongodb.service;

import dev.polywire.testing.Soak;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The books of {@link MongoCutsAndKillsTest} with other seeds, for as long as a soak lasts. */
class MongoCutsSoakIT {

    @Test
    void booksBalance() {
        AtomicLong seed = new AtomicLong(100);
        Soak.again(() -> {
            try (CutsAndKills story = new CutsAndKills(seed.incrementAndGet())) {
                System.out.println(story.run());
            }
        });
    }
}
