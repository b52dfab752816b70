package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is read from, and who is dropped, while all together hold too much. */
class MemoryBudgetTest {

    private static final int KIBIBYTE = 1024;
    private static final int MAX = 1024 * KIBIBYTE;

    private final Deque<Runnable> looks = new ArrayDeque<>();
    private long nowMillis;
    private final MemoryBudget budget = new MemoryBudget(MAX, () -> nowMillis, looks::add);

    private final class Holder implements MemoryHolder {

        private final MemoryAccount account;
        private boolean reading = true;
        private CallException dropped;

        Holder() {
            this(budget);
        }

        Holder(MemoryBudget budget) {
            account = budget.open("a holder", this, this::run);
        }

        /** A context runs one thing at a time. */
        private synchronized void run(Runnable step) {
            step.run();
        }

        @Override
        public void read(boolean on) {
            reading = on;
            assertEquals(on, account.mayRead());
        }

        @Override
        public void drop(CallException why) {
            dropped = why;
            account.close();
        }

        Holder holds(int kibibytes) {
            account.holds((long) kibibytes * KIBIBYTE, false);
            return this;
        }

        Holder midMessage(int kibibytes) {
            account.holds((long) kibibytes * KIBIBYTE, true);
            return this;
        }
    }

    private void passes(long millis) {
        for (long end = nowMillis + millis; nowMillis < end; ) {
            nowMillis += MemoryPressure.LOOK_MILLIS;
            int due = looks.size();
            assertTrue(due <= 2, "one look at a time for each budget, not " + due);
            for (int i = 0; i < due; i++) {
                looks.remove().run();
            }
        }
    }

    @Test
    void onlyCountsWhileThereIsRoom() {
        Holder greedy = new Holder().holds(MAX / KIBIBYTE);
        assertTrue(greedy.reading);
        assertTrue(new Holder().holds(0).reading);
        assertTrue(budget.admits());
        assertTrue(looks.isEmpty());
    }

    @Test
    void countsInWholePages() {
        Holder holder = new Holder();
        holder.account.holds(1);
        assertEquals(MemoryAccount.PAGE_BYTES, budget.heldBytes());
        holder.account.holds(MemoryAccount.PAGE_BYTES);
        assertEquals(MemoryAccount.PAGE_BYTES, budget.heldBytes());
        holder.account.holds(MemoryAccount.PAGE_BYTES + 1);
        assertEquals(2 * MemoryAccount.PAGE_BYTES, budget.heldBytes());
        holder.account.close();
        holder.account.holds(5_000);
        assertEquals(0, budget.heldBytes(), "a closed account counts nothing");
    }

    @Test
    void stopsWhoHoldsMoreThanItsShareAndNobodyWhoHasOnlyALittle() {
        Holder greedy = new Holder().holds(1_000);
        Holder modest = new Holder().holds(60);
        assertTrue(modest.reading);
        greedy.holds(1_004);
        assertFalse(greedy.reading);
        assertTrue(modest.holds(64).reading, "one read of a socket is everybody's");
        assertFalse(modest.holds(68).reading);
        greedy.holds(800);
        assertTrue(greedy.reading && modest.reading);
        assertTrue(budget.admits());
    }

    @Test
    void refusesNewcomers() {
        new Holder().holds(1_028);
        assertFalse(budget.admits());
        assertEquals(1, budget.status().getInteger("refused"));
    }

    @Test
    void lettingGoFreesTheOthers() {
        Holder one = new Holder().holds(600);
        Holder two = new Holder().holds(604);
        assertFalse(two.reading);
        one.account.close();
        assertTrue(two.reading);
        assertEquals(604 * KIBIBYTE, budget.heldBytes());
        assertEquals(0, budget.stopped());
    }

    @Test
    void ofThoseInTheMiddleOfAMessageOneAtATimeGoesOn() {
        List<Holder> holders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            holders.add(new Holder().midMessage(252));
        }
        holders.forEach(each -> each.midMessage(264));
        holders.forEach(each -> each.midMessage(268));
        assertEquals(1, holders.stream().filter(each -> each.reading).count());
        Holder first = holders.stream().filter(each -> each.reading).findFirst().orElseThrow();
        assertTrue(first.midMessage(400).reading);

        // Its message is whole, and waits for its answer: the turn goes on.
        assertFalse(first.holds(404).reading);
        assertEquals(1, holders.stream().filter(each -> each.reading).count());
        holders.forEach(each -> each.account.close());
        assertEquals(0, budget.heldBytes());
        assertEquals(0, budget.stopped());
    }

    /** The longest message there is. Its reader still has it: with one after the other the sum would have no bound. */
    @Test
    void theNextOneGoesOnWhenWhatWasMadeOfTheMessageIsGone() {
        Holder full = new Holder().holds(900);
        Holder one = new Holder().midMessage(128).midMessage(512);
        assertTrue(one.reading && one.dropped == null && full.dropped == null);
        Holder two = new Holder().midMessage(100);
        assertFalse(two.reading);
        one.holds(512);
        assertFalse(one.reading || two.reading);
        one.holds(200);
        assertFalse(one.reading);
        assertTrue(two.reading);
    }

    /** A half message that nobody ends keeps nobody waiting for the five seconds. */
    @Test
    void theTurnPassesOnFromOneThatReadsNothing() {
        Holder waits = new Holder().midMessage(500);
        Holder stalls = new Holder().midMessage(528);
        waits.midMessage(510);
        assertTrue(stalls.reading && !waits.reading);
        passes(MemoryPressure.LOOK_MILLIS);
        assertTrue(stalls.midMessage(540).reading, "it goes on");
        passes(MemoryPressure.LOOK_MILLIS);
        assertTrue(stalls.reading && !waits.reading);
        passes(MemoryPressure.LOOK_MILLIS);
        assertTrue(!stalls.reading && waits.reading);
        waits.midMessage(660);
        passes(3 * MemoryPressure.LOOK_MILLIS);
        assertTrue(!stalls.reading && waits.reading, "there is no room for a second message");
        waits.holds(0);
        assertTrue(stalls.reading);
        assertNull(stalls.dropped);
    }

    @Test
    void theLargestThatDoesNotShrinkIsDroppedAfterAWhile() {
        Holder shrinks = new Holder().holds(600);
        Holder stays = new Holder().holds(300);
        Holder small = new Holder().holds(160);
        for (long at = MemoryPressure.LOOK_MILLIS; at < MemoryPressure.STILL_MILLIS; at += MemoryPressure.LOOK_MILLIS) {
            passes(MemoryPressure.LOOK_MILLIS);
            shrinks.holds(590).holds(608);
        }
        assertNull(stays.dropped);
        passes(MemoryPressure.LOOK_MILLIS);
        assertNotNull(stays.dropped);
        assertEquals(CallException.Reason.OVERLOADED, stays.dropped.reason());
        assertEquals(
                "memory: a holder holds 307200 of 1093632 bytes (expected: <= 1048576 in all)",
                stays.dropped.getMessage());
        assertNull(shrinks.dropped);
        assertNull(small.dropped);
        assertTrue(shrinks.reading && small.reading);
        passes(60_000);
        assertEquals(1, budget.status().getInteger("dropped"));
        assertEquals(
                300 * KIBIBYTE, budget.status().getJsonObject("lastDropped").getInteger("bytes"));
        assertTrue(looks.isEmpty(), "nobody looks when there is no pressure");
    }

    @Test
    void farAboveTheLimitTheLargestIsDroppedAtOnce() {
        Holder modest = new Holder().holds(200);
        Holder greedy = new Holder().holds(900).holds(1_464);
        assertNull(greedy.dropped);
        greedy.holds(1_468);
        assertNotNull(greedy.dropped);
        assertNull(modest.dropped);
        assertTrue(modest.reading);
    }

    @Test
    void bytesThatNobodyCouldForeseeHaveAHardBound() {
        Holder greedy = new Holder().holds(1_000);
        Holder modest = new Holder().holds(200);
        assertFalse(greedy.account.admits(100 * KIBIBYTE));
        assertTrue(greedy.account.admits(80 * KIBIBYTE));
        assertTrue(modest.account.admits(312 * KIBIBYTE), "up to its share");
        assertFalse(modest.account.admits(313 * KIBIBYTE));
    }

    @Test
    void aMessageHasAtMostHalfOfIt() {
        assertEquals(MAX / 2, budget.maxMessageBytes());
        assertEquals(MAX / 8, budget.part(MAX / 4).maxMessageBytes());
        assertEquals(MAX / 2, budget.part(MAX * 4L).maxMessageBytes());
    }

    @Test
    void aPartHasItsOwnLimitAndCountsInTheWhole() {
        MemoryBudget part = budget.part(256 * KIBIBYTE);
        Holder inside = new Holder(part).holds(260);
        Holder outside = new Holder().holds(300);
        assertFalse(inside.reading);
        assertFalse(part.admits());
        assertTrue(budget.admits());
        assertEquals(560 * KIBIBYTE, budget.heldBytes());
        outside.holds(800);
        assertFalse(outside.reading);
        inside.holds(200);
        assertTrue(inside.reading && outside.reading);
        inside.account.close();
        assertEquals(0, part.heldBytes());
        assertEquals(0, part.stopped());
    }

    @Test
    void theReportNamesTheLargest() {
        new Holder().holds(8);
        new Holder().holds(12);
        new Holder();
        assertEquals("memory: 20480 of 1048576 bytes are held\n  12288 a holder\n  8192 a holder", budget.report());
        assertEquals(
                12 * KIBIBYTE,
                budget.status().getJsonArray("largest").getJsonObject(0).getInteger("bytes"));
    }

    /** Sorting what changes meanwhile fails now and then: of a thousand times, some. */
    @Test
    void theLargestAreNamedWhileTheyChange() throws InterruptedException {
        MemoryBudget large = new MemoryBudget(1L << 40, () -> 0, looks::add);
        List<Holder> holders = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            holders.add(new Holder(large));
        }
        AtomicBoolean enough = new AtomicBoolean();
        Thread changing = new Thread(() -> {
            for (Random random = new Random(1); !enough.get(); ) {
                holders.get(random.nextInt(500)).holds(random.nextInt(MAX / KIBIBYTE));
            }
        });
        changing.start();
        try {
            for (int i = 0; i < 1_000; i++) {
                assertTrue(large.status().getJsonArray("largest").size() <= 3);
            }
        } finally {
            enough.set(true);
            changing.join();
        }
    }

    /**
     * Peers that send messages of random sizes, some of which stop in the middle for ever, and work that takes a while.
     * At no time is more held than the limit, a read for each, and a message; and whoever goes on is served.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverPassesItsBoundAndSomeoneMakesProgress(long seed) {
        Random random = new Random(seed);
        int peers = 10 + random.nextInt(60);
        long bound = MAX + MAX / 2L + peers * (long) (MemoryPressure.READ_BYTES + MemoryAccount.PAGE_BYTES);
        List<Peer> all = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            all.add(new Peer(random, random.nextInt(3) == 0));
        }
        for (int round = 0; round < 20_000; round++) {
            all.get(random.nextInt(peers)).step();
            assertTrue(budget.heldBytes() <= bound, () -> budget.heldBytes() + " bytes (expected: <= " + bound + ")");
            if (round % 10 == 0) {
                passes(MemoryPressure.LOOK_MILLIS);
            }
        }
        for (Peer each : all) {
            assertTrue(each.stops || each.served > 0, "a peer that goes on, " + each.served + " messages served");
        }
        all.forEach(each -> each.holder.account.close());
        assertEquals(0, budget.heldBytes());
        assertEquals(0, budget.stopped());
    }

    /** Sends message after message; reconnects when it is dropped. */
    private final class Peer {

        private final Random random;
        private final boolean stops;
        private Holder holder = new Holder();
        private int messageBytes;
        private int received;
        private int served;

        Peer(Random random, boolean stops) {
            this.random = random;
            this.stops = stops;
            next();
        }

        private void next() {
            received = 0;
            messageBytes = 1 + random.nextInt(random.nextInt(4) == 0 ? MAX / 2 : 50_000);
        }

        void step() {
            if (holder.dropped != null) {
                if (budget.admits()) {
                    holder = new Holder();
                    next();
                }
            } else if (received == messageBytes) {
                served++;
                next();
                holder.account.holds(0, false);
            } else if (holder.reading && !(stops && received > messageBytes / 2)) {
                received += Math.min(messageBytes - received, 1 + random.nextInt(MemoryPressure.READ_BYTES));
                holder.account.holds(received, received < messageBytes);
            }
        }
    }

    /** Accounts of several threads: nothing is counted twice or forgotten, and nobody is left stopped. */
    @Test
    void manyThreadsHoldAndLetGo() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        List<Holder> holders = new ArrayList<>();
        MemoryBudget shared = new MemoryBudget(MAX, () -> 0, look -> {});
        for (int i = 0; i < 4; i++) {
            Holder holder = new Holder(shared);
            holders.add(holder);
            Thread thread = new Thread(() -> {
                for (int round = 0; round < 50_000; round++) {
                    holder.account.holds(ThreadLocalRandom.current().nextInt(MAX / 3), round % 3 == 0);
                }
                holder.account.holds(0);
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread each : threads) {
            each.join();
        }
        assertEquals(0, shared.heldBytes());
        assertEquals(0, shared.stopped());
        holders.forEach(each -> assertTrue(each.dropped != null || each.reading));
    }
}
