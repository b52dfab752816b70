package dev.polywire.app;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program that a person or a service manager watches: it starts, prints what runs, and stays until it is told to stop. */
public final class Foreground {

    /** Connectors drain 10 s each at the same time, and so does the bridge before them. */
    private static final long STOP_SECONDS = 30;

    private Foreground() {}

    /**
     * Runs what the files say; returns only when that cannot be. SIGTERM and Ctrl-C drain and end the process.
     *
     * @param vertx is closed in the end
     * @return the exit code: 1 cannot start, 2 bad configuration
     */
    public static int run(Vertx vertx, Path... files) throws InterruptedException {
        RedactedLogs logs = RedactedLogs.install();
        try {
            Configuration configuration = Configuration.load(vertx, files).await();
            logs.hide(configuration);
            stay(vertx, configuration, logs);
            return 0;
        } catch (ConfigurationException bad) {
            bad.complaints().forEach(System.err::println);
            vertx.close().await();
            return 2;
        } catch (RuntimeException cannot) {
            System.err.println(logs.redact("cannot start: " + cannot.getMessage()));
            vertx.close().await();
            return 1;
        }
    }

    private static void stay(Vertx vertx, Configuration configuration, RedactedLogs logs) throws InterruptedException {
        Program program = Program.start(vertx, configuration).await();
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
        warn(configuration.warnings());
        System.out.println(logs.redact(program.summary().await()));
        System.out.println("Polywire is up. Stop it with Ctrl-C.");
        Watch.start(vertx, configuration, program, logs::hide);
        stopped.await();
    }

    private static void warn(List<Complaint> warnings) {
        warnings.forEach(warning -> System.err.println("warning: " + warning));
    }
}
