package dev.polywire.app;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.polywire.app.Watchdog.Reason;
import dev.polywire.app.cli.ExitCode;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Loop;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private static final String OUT_OF_MEMORY = "out of memory: the process ends with exit code 50\n";
    private static final long TICK_MILLIS = 1_000;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> halted = new CompletableFuture<>();
    private final CountDownLatch read = new CountDownLatch(1);
    private final LoopSilence silence = new LoopSilence(1);

    @AfterEach
    void readEverything() {
        read.countDown();
    }

    @Test
    void aFullHeapEndsTheProcessWithTheReasonAndWhoHeldMemory() {
        try (Loop loop = new Loop()) {
            Watchdog watchdog = begun(err);
            CountDownLatch asked = new CountDownLatch(2);
            watchdog.watch(loop.vertx(), () -> {
                asked.countDown();
                return "a peer 3 MiB";
            });
            await().until(() -> asked.getCount() == 0);
            watchdog.thrown(new OutOfMemoryError("Java heap space"));
            assertEquals(ExitCode.CANNOT_WORK, Loop.await(halted));
            assertEquals(OUT_OF_MEMORY + "held just before: a peer 3 MiB\n", printed());
        }
    }

    @Test
    void anErrorThatNobodyHandledReachesIt() {
        try (Loop loop = new Loop()) {
            begun(err).watch(loop.vertx(), () -> "nothing");
            loop.post(() -> {
                throw new OutOfMemoryError("Java heap space");
            });
            assertEquals(ExitCode.CANNOT_WORK, Loop.await(halted));
        }
    }

    @Test
    void aHeapThatIsFullWhileItAsksEndsTheProcess() {
        try (Loop loop = new Loop()) {
            begun(err).watch(loop.vertx(), () -> {
                throw new OutOfMemoryError("Java heap space");
            });
            assertEquals(ExitCode.CANNOT_WORK, Loop.await(halted));
            assertEquals(OUT_OF_MEMORY, printed());
        }
    }

    @Test
    void theProcessEndsEvenIfNobodyReads() {
        OutputStream unread = new OutputStream() {
            @Override
            public void write(int one) {
                unread();
            }
        };
        Watchdog watchdog = begun(unread);
        watchdog.thrown(new OutOfMemoryError("Java heap space"));
        assertEquals(ExitCode.CANNOT_WORK, Loop.await(halted));
    }

    @Test
    void otherErrorsAreLogged() {
        Watchdog watchdog = new Watchdog(err, halted::complete, TICK_MILLIS);
        try (LoggedTraces logged = new LoggedTraces()) {
            watchdog.thrown(new OutOfMemoryError("Direct buffer memory"));
            watchdog.thrown(new IllegalStateException("a bug"));
            assertEquals(
                    List.of(
                            "dev.polywire: java.lang.OutOfMemoryError: Direct buffer memory",
                            "dev.polywire: java.lang.IllegalStateException: a bug"),
                    logged.traces());
        }
        assertNull(watchdog.tick());
    }

    @Test
    void aSilentLoopEndsTheProcess() {
        Watchdog watchdog = new Watchdog(err, halted::complete, TICK_MILLIS);
        watchdog.watch(silence);
        for (int i = 1; i < Watchdog.SILENT_TICKS; i++) {
            assertNull(watchdog.tick());
        }
        assertEquals(Reason.SILENT_LOOP, watchdog.tick());
        silence.ran(0);
        assertNull(watchdog.tick());
    }

    @Test
    void aStopHasItsTimeWhateverTheLoopsDo() {
        Watchdog watchdog = new Watchdog(err, halted::complete, TICK_MILLIS);
        watchdog.watch(silence);
        int ticks = 2 * Watchdog.SILENT_TICKS;
        watchdog.endWithin(ticks * TICK_MILLIS, () -> "server");
        for (int i = 1; i < ticks; i++) {
            assertNull(watchdog.tick());
        }
        assertEquals(Reason.NOT_STOPPED, watchdog.tick());
    }

    @Test
    void whatHasNotStoppedIsWritten() {
        Watchdog watchdog = new Watchdog(err, halted::complete, 10);
        watchdog.begin();
        watchdog.endWithin(20, () -> "bridge, server");
        assertEquals(ExitCode.NOT_STOPPED, Loop.await(halted));
        assertEquals(
                "did not stop in time: the process ends with exit code 51\nnot stopped: bridge, server\n", printed());
    }

    private Watchdog begun(OutputStream stream) {
        Watchdog watchdog = new Watchdog(stream, halted::complete, 10);
        watchdog.begin();
        return watchdog;
    }

    private void unread() {
        try {
            read.await();
        } catch (InterruptedException over) {
            throw new AssertionError(over);
        }
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
