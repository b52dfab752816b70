package dev.polywire.app;

import dev.polywire.app.cli.ExitCode;
import dev.polywire.app.cli.PolywireCommand;
import dev.polywire.app.cli.Programs;
import dev.polywire.app.cluster.ClusterOptions;
import dev.polywire.app.cluster.Clustering;
import dev.polywire.core.bus.Membership;
import dev.polywire.core.bus.NodeWatch;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The program's entry: {@code polywire run --conf FILE} and the other commands of {@link PolywireCommand}. */
public final class Main implements Programs {

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
        Vertx vertx = Vertx.builder().build();
        Configuration configuration = load(vertx, files);
        if (configuration == null) {
            return ExitCode.USAGE;
        }
        if (cluster) {
            vertx.close().await();
            ClusterOptions options = configuration.options().cluster();
            if (options == null) {
                System.err.println(
                        "cluster: missing (expected: with --cluster, what this node is told of its cluster)");
                return ExitCode.USAGE;
            }
            try {
                vertx = join(options);
            } catch (RuntimeException cannot) {
                System.err.println(configuration.redact("cannot join: " + cannot.getMessage()));
                return ExitCode.BROKEN;
            }
        }
        return Foreground.run(vertx, configuration) ? ExitCode.OK : ExitCode.BROKEN;
    }

    /** Prints what a start would make of a configuration, or everything that is wrong with it. */
    @Override
    public int check(List<Path> files) {
        Vertx vertx = Vertx.builder().build();
        Configuration configuration = load(vertx, files);
        if (configuration == null) {
            return ExitCode.USAGE;
        }
        configuration.warnings().forEach(warning -> System.err.println("warning: " + warning));
        System.out.print(configuration.report());
        vertx.close().await();
        return ExitCode.OK;
    }

    /** Reads a configuration; when there is something wrong with it, says so and closes {@code vertx}. */
    private static @Nullable Configuration load(Vertx vertx, List<Path> files) {
        try {
            return Configuration.load(vertx, files.toArray(Path[]::new)).await();
        } catch (ConfigurationException bad) {
            System.err.println(bad.getMessage());
            vertx.close().await();
            return null;
        }
    }

    private static Vertx join(ClusterOptions options) {
        Clustering node = Clustering.join(options).await();
        NodeWatch.install(node.vertx(), Membership.of(node.manager()));
        return node.vertx();
    }
}
