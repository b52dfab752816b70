package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 64 callers through fifty cuts and ten kills: each call has one outcome, in time, and the server agrees with all of them. */
@Timeout(120)
class MongoCutsAndKillsTest {

    @Test
    void booksBalance() {
        try (CutsAndKills story = new CutsAndKills(1)) {
            MongoCallers callers = story.run();
            callers.writes().forEach(count -> assertTrue(count > 0, callers::toString));
            callers.reads().forEach(count -> assertTrue(count > 0, callers::toString));
            assertEquals(0, callers.books.of("untyped timeout"), callers::toString);
        }
    }
}
