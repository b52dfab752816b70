package dev.polywire.app;

import dev.polywire.core.net.MemoryBudget;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A program in the foreground: it starts, prints its connectors, and runs until it receives a signal. It ends its process when
 * it cannot work, see {@link Watchdog}.
 */
public final class Foreground {

    /** How much longer than the longest drain a stop may take. */
    private static final long STOP_MILLIS = 5_000;

    private static final long MIB = 1 << 20;

    private final Watchdog watchdog;
    private final @Nullable String logLevel;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Running running;
    private volatile long drainMillis;
    private volatile boolean stopping;
    /** Null until the program is up. */
    private @Nullable Watch watch;

    private boolean asked;

    private record Running(Vertx vertx, RedactedLogs logs, Future<Program> starting) {

        /** What has not stopped, in the words of the configuration. */
        String standing() {
            Program program = starting.result();
            return program == null ? "the start" : program.standing();
        }
    }

    private Foreground(Watchdog watchdog, @Nullable String logLevel) {
        this.watchdog = watchdog;
        this.logLevel = logLevel;
    }

    /** From now on, fatal errors and signals end this process; called before anything else is started. */
    public static Foreground enter() {
        return enter(null);
    }

    /** @param logLevel in place of that of the configurations, or null */
    static Foreground enter(@Nullable String logLevel) {
        return enter(Watchdog.start(), logLevel);
    }

    static Foreground enter(Watchdog watchdog, @Nullable String logLevel) {
        Foreground foreground = new Foreground(watchdog, logLevel);
        // The JVM ends when its shutdown hooks have ended, so the hook waits for the drain.
        Runtime.getRuntime().addShutdownHook(new Thread(foreground::stop, "polywire-stop"));
        Hangup.reloads(foreground::reload);
        return foreground;
    }

    /**
     * Runs a configuration, and reloads it when its files change, and on SIGHUP. SIGTERM and Ctrl-C drain and end the process,
     * at the latest 5 s after the longest {@code drainMillis}.
     *
     * @param vertx is closed at the end
     * @return false when the program cannot start, which was printed; true when it was stopped
     */
    public boolean run(Vertx vertx, Configuration configuration) throws InterruptedException {
        configuration.options().log().at(logLevel).apply();
        RedactedLogs logs = RedactedLogs.install();
        use(configuration, logs);
        watchdog.watch(vertx, () -> logs.redact(heldBy(vertx)));
        configuration.warnings().forEach(warning -> logs.err("warning: " + warning));
        Program program;
        try {
            Future<Program> starting = Program.start(vertx, configuration);
            running = new Running(vertx, logs, starting);
            program = starting.await();
        } catch (RuntimeException cannot) {
            logs.err("cannot start: " + cannot.getMessage());
            vertx.close().await();
            logs.flush();
            return false;
        }
        if (!stopping) {
            logs.out(program.summary().await());
            logs.out("Polywire is up. Stop it with Ctrl-C.");
            watch(Watch.start(vertx, configuration, program, next -> use(next, logs)));
        }
        stopped.await();
        return true;
    }

    private synchronized void watch(Watch started) {
        watch = started;
        if (asked) {
            started.reload();
        }
    }

    /** On SIGHUP. One that comes during the start is done when that is over. */
    private synchronized void reload() {
        if (watch == null) {
            asked = true;
        } else {
            watch.reload();
        }
    }

    private void use(Configuration configuration, RedactedLogs logs) {
        logs.hide(configuration);
        configuration.options().log().at(logLevel).apply();
        drainMillis = configuration.options().longestDrainMillis();
    }

    /** The shutdown hook. A program that is starting is stopped when it has started. */
    private void stop() {
        stopping = true;
        Running here = running;
        watchdog.endWithin(drainMillis + STOP_MILLIS, here == null ? () -> "the start" : here::standing);
        Program program = here == null ? null : here.starting.otherwiseEmpty().await();
        if (here != null && program != null) {
            try {
                program.stop().await();
                here.vertx.close().await();
                here.logs.out("stopped");
            } catch (RuntimeException late) {
                here.logs.err("not stopped in order: " + late);
            }
            here.logs.flush();
        }
        stopped.countDown();
    }

    private static String heldBy(Vertx vertx) {
        Runtime jvm = Runtime.getRuntime();
        return "heap " + (jvm.totalMemory() - jvm.freeMemory()) / MIB + " of " + jvm.maxMemory() / MIB + " MiB; "
                + MemoryBudget.of(vertx).report();
    }
}
