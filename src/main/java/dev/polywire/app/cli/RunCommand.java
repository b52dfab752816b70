package dev.polywire.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the program. */
@Command(name = RunCommand.NAME, description = RunCommand.DESCRIPTION)
final class RunCommand implements Callable<Integer> {

    static final String NAME = "run";
    static final String DESCRIPTION = "Start what a configuration names, and stay up until told to stop.";

    private final Programs programs;

    @Option(
            names = "--conf",
            paramLabel = "FILE",
            required = true,
            description = "the configuration; of several, each over those before it")
    private List<Path> files = List.of();

    @Option(names = "--cluster", description = "join the cluster that the configuration describes")
    private boolean cluster;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warning, info, debug or trace, in place of log.level of the configuration")
    private @Nullable String logLevel;

    RunCommand(Programs programs) {
        this.programs = programs;
    }

    @Override
    public Integer call() throws InterruptedException {
        return programs.run(files, cluster, logLevel);
    }
}
