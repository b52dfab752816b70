package dev.polywire.app;

import dev.polywire.app.cli.ExitCode;
import dev.polywire.app.cli.PolywireCommand;
import dev.polywire.app.cli.Programs;
import dev.polywire.app.cluster.ClusterOptions;
import dev.polywire.app.cluster.Clustering;
import dev.polywire.app.cluster.HazelcastLogs;
import dev.polywire.core.bus.MissingLibraryException;
import dev.polywire.core.bus.watch.Membership;
import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.core.json.FieldException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The program's entry: {@code polywire run --conf FILE} and the other commands of {@link PolywireCommand}. */
public final class Main implements Programs {

    private Main() {}

    /** Ends the process with an exit code of {@link ExitCode}. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    private static int execute(String[] arguments) {
        try {
            return PolywireCommand.execute(new Main(), arguments);
        } catch (LinkageError cannot) {
            // From the thin artefact, without a library of the program.
            if (MissingLibraryException.or(cannot) instanceof MissingLibraryException missing) {
                System.err.println("cannot start: " + missing.getMessage());
                return ExitCode.BROKEN;
            }
            throw cannot;
        }
    }

    /** Prints a table of the connectors it started, and runs until the process receives a signal. */
    @Override
    public int run(List<Path> files, boolean cluster, @Nullable String logLevel) throws InterruptedException {
        if (!LogOptions.areConfiguredElsewhere()) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tF %1$tT %4$s %5$s%6$s%n");
            HazelcastLogs.quieten();
        }
        Foreground foreground = Foreground.enter(logLevel);
        Vertx vertx = Vertx.builder().build();
        try {
            LogOptions.USUAL.at(logLevel);
            Configuration configuration =
                    Configuration.load(vertx, files.toArray(Path[]::new)).await();
            return cluster ? join(foreground, vertx, configuration) : stay(foreground, vertx, configuration);
        } catch (ConfigurationException | FieldException bad) {
            System.err.println(bad.getMessage());
            vertx.close().await();
            return ExitCode.USAGE;
        }
    }

    /** Without a Vert.x, whose start and end take longer than all the rest. */
    @Override
    public int check(List<Path> files, boolean json) {
        Configuration configuration = Configuration.read(files.toArray(Path[]::new));
        if (json) {
            System.out.println(Report.json(configuration).encode());
            return configuration.complaints().isEmpty() ? ExitCode.OK : ExitCode.USAGE;
        }
        configuration.complaints().forEach(System.err::println);
        configuration.warnings().forEach(warning -> System.err.println("warning: " + warning));
        if (!configuration.complaints().isEmpty()) {
            return ExitCode.USAGE;
        }
        System.out.print(configuration.report());
        return ExitCode.OK;
    }

    @Override
    public String schema() {
        return ConfigurationSchema.text();
    }

    /** @param reader the Vert.x that read the configuration; the node's Vert.x is built from that configuration */
    private static int join(Foreground foreground, Vertx reader, Configuration configuration)
            throws InterruptedException {
        ClusterOptions options = configuration.options().cluster();
        if (options == null) {
            throw new ConfigurationException(List.of(new Complaint(
                    configuration.files()[0].toString(),
                    "cluster",
                    "missing (expected: what this node is told of its cluster, with --cluster)")));
        }
        if (!ClusterOptions.canJoin()) {
            throw new ConfigurationException(
                    List.of(
                            new Complaint(
                                    configuration.where("cluster"),
                                    "cluster",
                                    "Hazelcast is not in this program (expected: polywire.jar, or io.vertx:vertx-hazelcast on the class path)")));
        }
        reader.close().await();
        Clustering node;
        try {
            node = Clustering.join(options).await();
        } catch (RuntimeException cannot) {
            System.err.println(configuration.redact("cannot join the cluster: " + cannot.getMessage()));
            return ExitCode.BROKEN;
        }
        NodeWatch.install(node.vertx(), Membership.of(node.manager()));
        return stay(foreground, node.vertx(), configuration);
    }

    private static int stay(Foreground foreground, Vertx vertx, Configuration configuration)
            throws InterruptedException {
        return foreground.run(vertx, configuration) ? ExitCode.OK : ExitCode.BROKEN;
    }
}
