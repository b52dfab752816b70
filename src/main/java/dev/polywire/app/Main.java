package dev.polywire.app;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code polywire <configuration>}: starts what the file names, prints a table, and stays up until it is told to stop. */
public final class Main {

    /** Connectors drain 10 s each at the same time, and so does the bridge before them. */
    private static final long STOP_SECONDS = 30;

    private static final int MAX_CONFIGURATION_DEPTH = 32;

    private Main() {}

    /** Exit codes: 0 told to stop, 1 cannot start, 2 bad usage or configuration. */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 1) {
            System.err.println("usage: polywire <configuration.json>");
            System.exit(2);
        }
        if (System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tT %4$s %5$s%6$s%n");
        }
        String file = arguments[0];
        try {
            run(ProgramOptions.fromJson(read(Path.of(file))));
        } catch (FieldException bad) {
            System.err.println(file + ": " + bad.getMessage());
            System.exit(2);
        } catch (IOException unreadable) {
            System.err.println(file + ": cannot be read (" + unreadable.getMessage() + ")");
            System.exit(2);
        }
    }

    private static void run(ProgramOptions options) throws InterruptedException {
        Vertx vertx = Vertx.builder().build();
        CountDownLatch stopped = new CountDownLatch(1);
        Program program;
        try {
            program = Program.start(vertx, options).await();
        } catch (FieldException bad) {
            vertx.close().await();
            throw bad;
        } catch (RuntimeException cannot) {
            System.err.println("cannot start: " + cannot.getMessage());
            vertx.close().await();
            System.exit(1);
            return;
        }
        // The JVM ends when its hooks have, so the hook waits for the drain.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                program.stop().await(STOP_SECONDS, TimeUnit.SECONDS);
                vertx.close().await(STOP_SECONDS, TimeUnit.SECONDS);
                System.out.println("stopped");
            } catch (Exception late) {
                System.err.println("not stopped in order: " + late);
            }
            stopped.countDown();
        }));
        System.out.println(program.summary().await());
        System.out.println("Polywire is up. Stop it with Ctrl-C.");
        stopped.await();
    }

    private static JsonObject read(Path file) throws IOException {
        Object json = new StrictJson(MAX_CONFIGURATION_DEPTH).read(Buffer.buffer(Files.readAllBytes(file)));
        if (!(json instanceof JsonObject object)) {
            throw new FieldException("json", "not an object");
        }
        return object;
    }
}
