package dev.polywire.app;

import dev.polywire.app.cli.ExitCode;
import dev.polywire.core.net.FullHeap;
import dev.polywire.core.net.Spi;
import io.vertx.core.Vertx;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends a process that cannot work: its heap is full, an event loop is silent, or it does not stop in time. It writes a line
 * with the reason, then who held memory, and halts with an exit code.
 *
 * <p>One thread decides and halts. It allocates nothing and takes no lock. Another one writes, since nobody may read what is
 * written.
 */
final class Watchdog {

    /** Loops that run do so once a tick. */
    private static final long TICK_MILLIS = 1_000;

    /** Far above any work that an event loop may do in a turn; the log has had its stack since its second second. */
    static final int SILENT_TICKS = 30;

    /** How long the process waits for a reader of its last lines. */
    private static final long WRITE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** Little; yet what a thread has set aside for itself is soon used up by it when the heap gives no more. */
    private static final int PROBE_BYTES = 64 * 1024;

    private static final Logger LOG = System.getLogger("dev.polywire");

    /** Why a process ends; the line is ready before it is needed. */
    enum Reason {
        FULL_HEAP(ExitCode.CANNOT_WORK, "out of memory"),
        SILENT_LOOP(ExitCode.CANNOT_WORK, "an event loop did nothing for 30 s"),
        NOT_STOPPED(ExitCode.NOT_STOPPED, "did not stop in time");

        private final int exitCode;
        private final byte[] line;

        Reason(int exitCode, String what) {
            this.exitCode = exitCode;
            this.line = bytes(what + ": the process ends with exit code " + exitCode);
        }
    }

    private final OutputStream err;
    private final IntConsumer halt;
    private final long tickMillis;
    private final Thread watching = new Thread(this::watch, "polywire-watchdog");
    private final Thread writing = new Thread(this::write, "polywire-last-words");

    private volatile @Nullable LoopSilence loops;
    private volatile @Nullable Thread silent;
    private volatile Supplier<String> unstopped = () -> "";
    private volatile int ticksToStop;
    private int ticksOfStop;

    private volatile @Nullable Reason found;
    private volatile @Nullable Reason ending;
    private volatile boolean written;
    private final AtomicReference<byte[]> held = new AtomicReference<>(new byte[0]);
    private final AtomicReference<byte @Nullable []> probe = new AtomicReference<>();

    /** @param halt ends the process with this exit code */
    Watchdog(OutputStream err, IntConsumer halt, long tickMillis) {
        this.err = err;
        this.halt = halt;
        this.tickMillis = tickMillis;
        writing.setDaemon(true);
    }

    /** For this process, and for errors that no thread of it catches. */
    static Watchdog start() {
        return start(TICK_MILLIS);
    }

    static Watchdog start(long tickMillis) {
        Watchdog watchdog =
                new Watchdog(new FileOutputStream(FileDescriptor.err), Runtime.getRuntime()::halt, tickMillis);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> watchdog.thrown(thrown));
        rehearse();
        watchdog.begin();
        return watchdog;
    }

    /** The first run of any code loads classes and links calls, for which a full heap has no memory: so this is one. */
    private static void rehearse() {
        Watchdog rehearsal = new Watchdog(OutputStream.nullOutputStream(), exitCode -> {}, TICK_MILLIS);
        rehearsal.watch(new LoopSilence(1));
        rehearsal.tick();
        rehearsal.thrown(new OutOfMemoryError("Java heap space"));
        rehearsal.begin();
    }

    void begin() {
        watching.start();
        writing.start();
    }

    /**
     * Watches the event loops of a Vert.x and takes its unhandled exceptions, until {@link #endWithin}.
     *
     * @param holders a short text for people: who holds memory, and how much; asked for on an event loop, once a tick
     */
    void watch(Vertx vertx, Supplier<String> holders) {
        List<ScheduledExecutorService> executors = Spi.eventLoops(vertx);
        LoopSilence silence = new LoopSilence(executors.size());
        for (int i = 0; i < executors.size(); i++) {
            int loop = i;
            executors.get(i).scheduleWithFixedDelay(() -> silence.ran(loop), 0, tickMillis, TimeUnit.MILLISECONDS);
        }
        executors.get(0).scheduleWithFixedDelay(() -> prepare(holders), 0, tickMillis, TimeUnit.MILLISECONDS);
        vertx.exceptionHandler(this::thrown);
        watch(silence);
    }

    void watch(LoopSilence silence) {
        loops = silence;
    }

    /** Ends the process if it is still there then. @param standing text for people: what has not stopped */
    void endWithin(long millis, Supplier<String> standing) {
        loops = null;
        unstopped = standing;
        ticksToStop = (int) Math.max(1, millis / tickMillis);
    }

    /** Takes what nobody has handled: ends the process if its heap is full, and logs everything else. */
    void thrown(Throwable thrown) {
        if (FullHeap.isMeantBy(thrown)) {
            found = Reason.FULL_HEAP;
            LockSupport.unpark(watching);
        } else {
            LOG.log(
                    Level.ERROR,
                    "unhandled exception in " + Thread.currentThread().getName(),
                    thrown);
        }
    }

    /** @return why the process ends at this tick; null: it does not */
    @Nullable
    Reason tick() {
        if (ticksToStop > 0 && ++ticksOfStop >= ticksToStop) {
            return Reason.NOT_STOPPED;
        }
        LoopSilence watched = loops;
        if (watched != null && watched.tick(SILENT_TICKS)) {
            silent = watched.longestSilent();
            return Reason.SILENT_LOOP;
        }
        return null;
    }

    private void watch() {
        boolean ended = false;
        while (!ended) {
            try {
                Reason reason = await();
                end(reason);
                ended = true;
            } catch (Throwable full) {
                // Nothing above fails for another reason than lack of memory.
                found = Reason.FULL_HEAP;
            }
        }
    }

    /** @return why the process ends; then it does */
    private Reason await() {
        long tickNanos = TimeUnit.MILLISECONDS.toNanos(tickMillis);
        long lastNanos = System.nanoTime();
        Reason reason = found;
        while (reason == null) {
            LockSupport.parkNanos(tickNanos);
            reason = found;
            if (reason == null && System.nanoTime() - lastNanos >= tickNanos) {
                lastNanos = System.nanoTime();
                reason = tick();
            }
        }
        return reason;
    }

    private void end(Reason reason) {
        ending = reason;
        LockSupport.unpark(writing);
        long fromNanos = System.nanoTime();
        while (!written && System.nanoTime() - fromNanos < WRITE_NANOS) {
            LockSupport.parkNanos(WRITE_NANOS);
        }
        halt.accept(reason.exitCode);
    }

    private void write() {
        Reason reason = ending;
        while (reason == null) {
            LockSupport.park();
            reason = ending;
        }
        try {
            err.write(reason.line);
            err.write(held.get());
            if (reason != Reason.FULL_HEAP) {
                err.write(bytes(details(reason)));
            }
        } catch (Throwable unwritten) {
            // The process ends all the same.
        }
        written = true;
        LockSupport.unpark(watching);
    }

    private String details(Reason reason) {
        if (reason == Reason.NOT_STOPPED) {
            return "not stopped: " + unstopped.get();
        }
        Thread thread = silent;
        return "silent: " + (thread == null ? "a loop that never ran" : thread.getName());
    }

    /** A full heap has no memory for this text, so it is always ready. Finds a full heap even if every error is caught. */
    private void prepare(Supplier<String> holders) {
        try {
            held.set(bytes("held just before: " + holders.get()));
            probe.set(new byte[PROBE_BYTES]);
        } catch (Throwable failed) {
            thrown(failed);
        }
    }

    private static byte[] bytes(String line) {
        return (line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
    }
}
