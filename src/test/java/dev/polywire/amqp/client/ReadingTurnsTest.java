package dev.polywire.amqp.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Loop;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a connection whose deliveries are paused is read. */
class ReadingTurnsTest {

    private final Loop loop = new Loop();
    private final List<Boolean> holds = new CopyOnWriteArrayList<>();
    private ReadingTurns turns;

    @BeforeEach
    void begin() {
        turns = loop.call(() -> new ReadingTurns(loop.vertx(), holds::add));
        loop.run(() -> turns.heartbeat(1));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    /** A turn lasts until something was read; before and after it nothing is. */
    @Test
    void aPauseHasTurnsOfReading() {
        loop.run(() -> turns.pause(true));
        for (int turn = 1; turn <= 3; turn++) {
            int before = 2 * turn;
            await().until(() -> holds.size() == before);
            loop.run(() -> turns.arrived());
        }
        loop.run(() -> turns.arrived());
        assertEquals(List.of(true, false, true, false, true, false, true), holds);
        loop.run(() -> turns.pause(false));
        loop.run(() -> turns.arrived());
        assertEquals(false, holds.get(7));
        assertEquals(8, holds.size());
    }

    @Test
    void theEndIsReadWithoutAPause() {
        loop.run(() -> {
            turns.pause(true);
            turns.pause(true);
            turns.end();
            turns.pause(true);
            turns.arrived();
        });
        assertEquals(List.of(true, false), holds);
    }

    @Test
    void withoutAPauseNothingIsHeld() {
        loop.run(() -> {
            turns.arrived();
            turns.pause(false);
            turns.end();
        });
        assertEquals(List.of(), holds);
    }
}
