package dev.polywire.app;

import io.vertx.core.Vertx;
import java.nio.file.Path;

/** {@code polywire <configuration>}: starts what the file names, prints a table, and stays up until it is told to stop. */
public final class Main {

    private Main() {}

    /** Exit codes: 0 told to stop, 1 cannot start, 2 bad usage or configuration. */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 1) {
            System.err.println("usage: polywire <configuration>");
            System.exit(2);
        }
        if (System.getProperty("java.util.logging.config.file") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tT %4$s %5$s%6$s%n");
        }
        Vertx vertx = Vertx.builder().build();
        try {
            Configuration configuration =
                    Configuration.load(vertx, Path.of(arguments[0])).await();
            if (!Foreground.run(vertx, configuration)) {
                System.exit(1);
            }
        } catch (ConfigurationException bad) {
            System.err.println(bad.getMessage());
            vertx.close().await();
            System.exit(2);
        }
    }
}
