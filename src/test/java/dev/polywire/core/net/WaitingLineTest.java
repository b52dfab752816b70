package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.Loop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is held for requests that wait, beside the requests. */
class WaitingLineTest {

    private static final int KIBIBYTE = 1024;
    private static final long LONG_MILLIS = 600_000;

    private final Loop loop = new Loop();
    private final MemoryBudget budget = MemoryBudget.of(loop.vertx());
    private final List<CallException> dropped = new ArrayList<>();
    private final WaitingLine line = new WaitingLine(loop.vertx(), "test", dropped::add);

    @AfterEach
    void close() {
        loop.close();
    }

    private Deadline request(int kibibytes) {
        return Deadline.after(loop.vertx(), LONG_MILLIS, null, new Deadline.Owner() {
            @Override
            public void expired() {}

            @Override
            public long heldBytes() {
                return (long) kibibytes * KIBIBYTE;
            }
        });
    }

    @Test
    void whoWaitsIsCountedAndWhoGoesIsNot() {
        loop.run(() -> {
            Deadline large = request(100);
            long first = line.enter(large, 20 * KIBIBYTE);
            long second = line.enter(request(8), 8 * KIBIBYTE);
            long third = line.enter(request(8), 0);
            assertEquals(28 * KIBIBYTE, budget.heldBytes());
            line.leave(first);
            assertEquals(8 * KIBIBYTE, budget.heldBytes());
            line.leave(second);
            line.leave(third);
            assertEquals(0, budget.heldBytes());
            assertTrue(budget.status().getJsonArray("largest").isEmpty());
        });
    }

    @Test
    void internalCallsHoldNothing() {
        loop.run(() -> {
            assertEquals(0, line.enter(Deadline.after(loop.vertx(), LONG_MILLIS), 0));
            line.leave(0);
        });
        assertEquals(0, budget.heldBytes());
    }

    @Test
    void aboveTheLimitNobodyBeginsToWait() {
        budget.limit(100 * KIBIBYTE);
        loop.run(() -> {
            line.enter(request(80), 80 * KIBIBYTE);
            CallException tooLarge = assertThrows(CallException.class, () -> line.enter(request(80), 80 * KIBIBYTE));
            assertEquals(CallException.Reason.OVERLOADED, tooLarge.reason());
            assertEquals("memory: 81920 bytes, beside 81920 (expected: <= 102400 in all)", tooLarge.getMessage());
            line.enter(request(20), 20 * KIBIBYTE);
            assertThrows(CallException.class, () -> line.enter(request(1), KIBIBYTE));
            line.enter(request(1), 0);
            budget.limit(90 * KIBIBYTE);
            assertThrows(CallException.class, () -> line.enter(request(1), 0));
            assertEquals(100 * KIBIBYTE, budget.heldBytes());
        });
        assertTrue(dropped.isEmpty());
    }

    @Test
    void whoDoesNotMoveIsDropped() {
        budget.limit(100 * KIBIBYTE);
        loop.run(() -> {
            line.enter(request(80), 80 * KIBIBYTE);
            budget.limit(40 * KIBIBYTE);
            new MemoryLoan(loop.vertx(), "another").take(KIBIBYTE);
        });
        loop.run(() -> {});
        assertEquals(1, dropped.size());
        assertEquals(CallException.Reason.OVERLOADED, dropped.get(0).reason());
        assertFalse(budget.status().getJsonObject("lastDropped").isEmpty());
    }
}
