package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sink that blocks until it is read. Whoever adds here would hang if he waited for it. */
@Timeout(60)
class LogQueueTest {

    private static final long PATIENCE_MILLIS = 60_000;

    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch read = new CountDownLatch(1);
    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final LogQueue queue = new LogQueue("log-queue-test", dropped -> () -> written.add("dropped " + dropped));

    @AfterEach
    void readAll() {
        read.countDown();
        assertTrue(queue.close(PATIENCE_MILLIS));
        int before = written.size();
        add("too late", 1);
        assertTrue(queue.flush(PATIENCE_MILLIS));
        assertEquals(before, written.size());
    }

    @Test
    void writesAreInOrder() {
        List<String> lines = lines(0, 100);
        lines.forEach(line -> add(line, 1));
        assertTrue(queue.flush(PATIENCE_MILLIS));
        assertEquals(lines, written);
    }

    @Test
    void whatDoesNotFitIsCountedInItsPlace() throws InterruptedException {
        block();
        List<String> fit = lines(0, LogQueue.MAX_WRITES);
        fit.forEach(line -> add(line, 1));
        lines(0, 7).forEach(line -> add(line, 1));
        assertFalse(queue.flush(1), "nobody reads");
        assertEquals(List.of(), written);

        read.countDown();
        assertTrue(queue.flush(PATIENCE_MILLIS));
        add("after", 1);
        assertTrue(queue.flush(PATIENCE_MILLIS));
        assertEquals("dropped 7", written.remove(fit.size()));
        assertEquals("after", written.remove(fit.size()));
        assertEquals(fit, written);
    }

    /** A few that are large, and behind them one that would fit: what is dropped has no gaps. */
    @Test
    void bytesAreBounded() throws InterruptedException {
        block();
        add("half", LogQueue.MAX_BYTES / 2);
        add("whole", LogQueue.MAX_BYTES / 2);
        add("over", 1);
        add("over", 0);
        read.countDown();
        assertTrue(queue.flush(PATIENCE_MILLIS));
        assertEquals(List.of("half", "whole", "dropped 2"), written);
    }

    @Test
    void eachLossIsToldOnce() throws InterruptedException {
        for (int round = 1; round <= 3; round++) {
            CountDownLatch here = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            queue.add(() -> wait(here, goOn), LogQueue.MAX_BYTES);
            here.await();
            add("fits", LogQueue.MAX_BYTES);
            add("over", 1);
            goOn.countDown();
            assertTrue(queue.flush(PATIENCE_MILLIS));
        }
        assertEquals(List.of("fits", "dropped 1", "fits", "dropped 1", "fits", "dropped 1"), written);
    }

    @Test
    void aSinkThatFailsLosesOneWrite() {
        queue.add(
                () -> {
                    throw new IllegalStateException("on purpose");
                },
                1);
        add("next", 1);
        assertTrue(queue.flush(PATIENCE_MILLIS));
        assertEquals(List.of("next"), written);
    }

    private void block() throws InterruptedException {
        queue.add(() -> wait(blocked, read), 1);
        blocked.await();
    }

    private void add(String line, int bytes) {
        queue.add(() -> written.add(line), bytes);
    }

    private static void wait(CountDownLatch here, CountDownLatch goOn) {
        here.countDown();
        try {
            goOn.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line " + i).toList();
    }
}
