package dev.polywire.app;

import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program that a person or a service manager watches: it starts, prints what runs, and stays until it is told to stop. */
public final class Foreground {

    /** Connectors drain 10 s each at the same time, and so does the bridge before them. */
    private static final long STOP_SECONDS = 30;

    private Foreground() {}

    /**
     * Runs what a configuration says, and what it says when its files change. SIGTERM and Ctrl-C drain and end the process.
     *
     * @param vertx is closed in the end
     * @return false when it cannot start, which was printed; true when it was stopped
     */
    public static boolean run(Vertx vertx, Configuration configuration) throws InterruptedException {
        RedactedLogs logs = RedactedLogs.install();
        logs.hide(configuration);
        configuration.warnings().forEach(warning -> System.err.println("warning: " + warning));
        Program program;
        try {
            program = Program.start(vertx, configuration).await();
        } catch (RuntimeException cannot) {
            System.err.println(logs.redact("cannot start: " + cannot.getMessage()));
            vertx.close().await();
            return false;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        // The JVM ends when its hooks have, so the hook waits for the drain.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                program.stop().await(STOP_SECONDS, TimeUnit.SECONDS);
                vertx.close().await(STOP_SECONDS, TimeUnit.SECONDS);
                System.out.println("stopped");
            } catch (Exception late) {
                System.err.println(logs.redact("not stopped in order: " + late));
            }
            stopped.countDown();
        }));
        System.out.println(logs.redact(program.summary().await()));
        System.out.println("Polywire is up. Stop it with Ctrl-C.");
        Watch.start(vertx, configuration, program, logs::hide);
        stopped.await();
        return true;
    }
}
