package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Soak;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The books of {@link MongoCutsAndKillsTest} with other seeds, for as long as a soak lasts; and no call is answered late. */
class MongoCutsSoakIT {

    /** Behind its deadline, by the clock of the event loop. */
    private static final long LATEST_MILLIS = 100;

    @Test
    void booksBalanceAndNoAnswerIsLate() {
        AtomicLong seed = new AtomicLong(100);
        Soak.again(() -> {
            try (CutsAndKills story = new CutsAndKills(seed.incrementAndGet())) {
                MongoCallers callers = story.run();
                System.out.println(callers);
                assertTrue(callers.latestMillis() <= LATEST_MILLIS, callers::toString);
            }
        });
    }
}
