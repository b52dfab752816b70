package dev.polywire.app;

import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program in the foreground: it starts, prints its connectors, and runs until it receives a signal. */
public final class Foreground {

    /** Each connector drains for 10 s at most, all at the same time, and the bridge before them. */
    private static final long STOP_SECONDS = 30;

    private Foreground() {}

    /**
     * Runs a configuration, and reloads it when its files change. SIGTERM and Ctrl-C drain and end the process.
     *
     * @param vertx is closed at the end
     * @return false when the program cannot start, which was printed; true when it was stopped
     */
    public static boolean run(Vertx vertx, Configuration configuration) throws InterruptedException {
        RedactedLogs logs = RedactedLogs.install();
        logs.hide(configuration);
        configuration.warnings().forEach(warning -> logs.err("warning: " + warning));
        Program program;
        try {
            program = Program.start(vertx, configuration).await();
        } catch (RuntimeException cannot) {
            logs.err("cannot start: " + cannot.getMessage());
            vertx.close().await();
            logs.flush();
            return false;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        // The JVM ends when its shutdown hooks have ended, so the hook waits for the drain.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                program.stop().await(STOP_SECONDS, TimeUnit.SECONDS);
                vertx.close().await(STOP_SECONDS, TimeUnit.SECONDS);
                logs.out("stopped");
            } catch (Exception late) {
                logs.err("not stopped in order: " + late);
            }
            logs.flush();
            stopped.countDown();
        }));
        logs.out(program.summary().await());
        logs.out("Polywire is up. Stop it with Ctrl-C.");
        Watch.start(vertx, configuration, program, logs::hide);
        stopped.await();
        return true;
    }
}
