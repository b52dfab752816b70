package dev.polywire.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who is read from while all clients together hold too much. */
class ByteBudgetTest {

    private static final int MAX = 1_000;

    private final ByteBudget budget = new ByteBudget(MAX);

    private final class Client {

        private final ByteBudget.Share share = budget.share(() -> reading(false), () -> reading(true));
        private boolean reading = true;

        private void reading(boolean on) {
            assertTrue(reading != on, "told twice");
            reading = on;
        }

        Client holds(long bytes) {
            share.holds(bytes, false);
            return this;
        }

        Client midFrame(long bytes) {
            share.holds(bytes, true);
            return this;
        }
    }

    @Test
    void readsAllWhileThereIsRoom() {
        Client greedy = new Client().holds(MAX);
        assertTrue(greedy.reading);
        assertTrue(new Client().holds(0).reading);
    }

    @Test
    void stopsWhoHoldsMoreThanItsShareAndNobodyElse() {
        Client greedy = new Client().holds(900);
        Client modest = new Client().holds(101);
        assertTrue(modest.reading);
        greedy.holds(901);
        assertFalse(greedy.reading);
        modest.holds(200).holds(300);
        assertTrue(modest.reading);
        modest.holds(600);
        assertFalse(modest.reading);
        greedy.holds(400);
        assertTrue(greedy.reading && modest.reading);
        assertEquals(1_000, budget.totalBytes());
    }

    @Test
    void whoComesUnderItsShareIsReadAgainThoughTheOthersHoldTooMuch() {
        Client one = new Client();
        Client two = new Client();
        two.holds(2_000);
        one.holds(600);
        assertFalse(one.reading);
        one.holds(500);
        assertTrue(one.reading);
        assertFalse(two.reading);
    }

    @Test
    void lettingGoFreesTheOthers() {
        Client one = new Client();
        Client two = new Client();
        one.holds(900);
        two.holds(900);
        assertFalse(two.reading);
        one.share.close();
        assertTrue(two.reading);
        assertEquals(900, budget.totalBytes());
        one.holds(5_000);
        assertEquals(900, budget.totalBytes());
        assertEquals(0, budget.waiting());
    }

    @Test
    void ofThoseInTheMiddleOfAFrameOneAtATimeGoesOn() {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(new Client());
        }
        clients.forEach(client -> client.midFrame(400));
        clients.forEach(client -> client.midFrame(401));
        assertEquals(1, clients.stream().filter(client -> client.reading).count());
        Client first =
                clients.stream().filter(client -> client.reading).findFirst().orElseThrow();
        first.midFrame(800);
        assertTrue(first.reading);

        // Its frame is whole, and waits for its answer: the turn goes on.
        first.holds(900);
        assertFalse(first.reading);
        assertEquals(1, clients.stream().filter(client -> client.reading).count());
        clients.forEach(client -> client.share.close());
        assertEquals(0, budget.totalBytes());
    }

    @Test
    void answersThatNobodyCouldForeseeHaveAHardBound() {
        Client greedy = new Client().holds(1_900);
        Client modest = new Client().holds(100);
        assertFalse(greedy.share.admits(1));
        assertTrue(modest.share.admits(400));
        assertFalse(modest.share.admits(401));
        greedy.holds(100);
        assertTrue(greedy.share.admits(1_800));
        assertFalse(greedy.share.admits(1_801));
    }

    @Test
    void requestsAloneHaveABoundToo() {
        Client greedy = new Client();
        Client modest = new Client();
        assertTrue(greedy.share.admitsRequest(0, 0, 100_000));
        assertTrue(greedy.share.admitsRequest(3_000, 3_000, 1_000));
        assertFalse(greedy.share.admitsRequest(3_000, 3_000, 1_001));
        assertTrue(modest.share.admitsRequest(100_000, 100, 400));
        assertFalse(modest.share.admitsRequest(100_000, 100, 401));
    }

    /** Whatever happens: nobody under his share is stopped, and when all is let go everybody is read. */
    @Test
    void neverForgetsAnybody() {
        Random random = new Random(20_261_121);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(new Client());
        }
        for (int round = 0; round < 100_000; round++) {
            Client client = clients.get(random.nextInt(clients.size()));
            client.share.holds(random.nextInt(400), random.nextBoolean());
            assertTrue(client.reading || budget.totalBytes() > MAX, "stopped without need");
            if (random.nextInt(1_000) == 0) {
                client.share.close();
                clients.remove(client);
                clients.add(new Client());
            }
        }
        clients.forEach(client -> client.holds(0));
        clients.forEach(client -> assertTrue(client.reading));
        assertEquals(0, budget.totalBytes());
        assertEquals(0, budget.waiting());
    }
}
