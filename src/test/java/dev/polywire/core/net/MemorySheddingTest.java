package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** What a holder only keeps for later use goes first, before anybody is stopped for long, or dropped. */
class MemorySheddingTest {

    private static final int MAX = 1_000_000;
    private static final int KEPT = 8 * 1024;

    private final Deque<Runnable> looks = new ArrayDeque<>();
    private long nowMillis = 1_000_000;
    private final MemoryBudget budget = new MemoryBudget(MAX, () -> nowMillis, looks::add);
    private final Holder idle = new Holder();
    private final Holder busy = new Holder();

    private final class Holder implements MemoryHolder {

        private final MemoryAccount account = budget.open("a holder", this, Runnable::run);
        private boolean reading = true;
        private boolean dropped;
        private int sheds;

        @Override
        public void read(boolean on) {
            reading = on;
        }

        @Override
        public void shed() {
            sheds++;
            account.sheds(false);
            account.holds(KEPT);
        }

        @Override
        public void drop(CallException why) {
            dropped = true;
            account.close();
        }

        void holds(long bytes, boolean sheds) {
            account.sheds(sheds);
            account.holds(bytes);
        }
    }

    @Test
    void nobodyIsAskedWhileThereIsRoom() {
        idle.holds(MAX / 2, true);
        busy.holds(MAX / 4, false);
        assertEquals(0, idle.sheds);
    }

    @Test
    void whoHasSomethingIsAskedAsSoonAsThereIsNoRoom() {
        idle.holds(MAX - 100_000, true);
        busy.holds(300_000, false);
        assertEquals(KEPT, idle.account.bytes());
        assertTrue(idle.reading && busy.reading);
        assertTrue(budget.admits());
        assertEquals(0, busy.sheds, "it has nothing");
    }

    @Test
    void whoHasSomethingAgainIsAskedAgain() {
        idle.holds(KEPT, false);
        busy.holds(MAX, false);
        assertFalse(busy.reading);
        idle.holds(100_000, true);
        nowMillis += MemoryPressure.LOOK_MILLIS;
        looks.remove().run();
        assertEquals(KEPT, idle.account.bytes());
        for (long end = nowMillis + MemoryPressure.STILL_MILLIS; nowMillis < end && !looks.isEmpty(); ) {
            nowMillis += MemoryPressure.LOOK_MILLIS;
            looks.remove().run();
        }
        assertTrue(busy.dropped);
        assertFalse(idle.dropped);
        assertEquals(1, idle.sheds);
    }
}
