package dev.polywire.app;

import dev.polywire.app.cli.ExitCode;
import dev.polywire.app.cli.PolywireCommand;
import dev.polywire.app.cli.Programs;
import dev.polywire.app.cluster.Clustering;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The program's entry: {@code polywire run --conf FILE} and the other commands of {@link PolywireCommand}. */
public final class Main implements Programs {

    /** Connectors drain 10 s each at the same time, and so does the bridge before them. */
    private static final long STOP_SECONDS = 30;

    private static final int MAX_CONFIGURATION_DEPTH = 32;

    private Main() {}

    /** Ends the process with an exit code of {@link ExitCode}. */
    public static void main(String[] arguments) {
        System.exit(PolywireCommand.execute(new Main(), arguments));
    }

    /** Prints a table of what it started, and stays up until the process is told to stop. */
    @Override
    public int run(List<Path> files, boolean cluster) throws InterruptedException {
        if (System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tT %4$s %5$s%6$s%n");
        }
        return reading(files.get(0), options -> run(options, cluster));
    }

    @Override
    public int check(List<Path> files) throws InterruptedException {
        return reading(files.get(0), options -> ExitCode.OK);
    }

    private static int run(ProgramOptions options, boolean cluster) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Vertx vertx;
        Program program;
        try {
            vertx = cluster
                    ? Clustering.join(options.clusterOrComplain()).await().vertx()
                    : Vertx.builder().build();
        } catch (RuntimeException cannot) {
            return cannotStart(cannot);
        }
        try {
            program = Program.start(vertx, options).await();
        } catch (RuntimeException cannot) {
            vertx.close().await();
            return cannotStart(cannot);
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
        return ExitCode.OK;
    }

    private static int cannotStart(RuntimeException why) {
        if (why instanceof FieldException bad) {
            throw bad;
        }
        System.err.println("cannot start: " + why.getMessage());
        return ExitCode.BROKEN;
    }

    /** What is done with a configuration that can be read. */
    private interface Use {
        int of(ProgramOptions options) throws InterruptedException;
    }

    private static int reading(Path file, Use use) throws InterruptedException {
        try {
            return use.of(ProgramOptions.fromJson(read(file)));
        } catch (FieldException bad) {
            System.err.println(file + ": " + bad.getMessage());
        } catch (IOException unreadable) {
            System.err.println(file + ": cannot be read (" + unreadable.getMessage() + ")");
        }
        return ExitCode.USAGE;
    }

    private static JsonObject read(Path file) throws IOException {
        Object json = new StrictJson(MAX_CONFIGURATION_DEPTH).read(Buffer.buffer(Files.readAllBytes(file)));
        if (!(json instanceof JsonObject object)) {
            throw new FieldException("json", "not an object");
        }
        return object;
    }
}
