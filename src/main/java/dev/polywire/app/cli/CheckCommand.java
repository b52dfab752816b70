package dev.polywire.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads a configuration without starting it. */
@Command(name = CheckCommand.NAME, description = CheckCommand.DESCRIPTION)
final class CheckCommand implements Callable<Integer> {

    static final String NAME = "check";
    static final String DESCRIPTION = "Say what is wrong with a configuration, and start nothing.";

    private final Programs programs;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "the configuration; of several, each over those before it")
    private List<Path> files = List.of();

    @Option(names = "--json", description = "print one JSON object: errors, warnings and connectors")
    private boolean json;

    CheckCommand(Programs programs) {
        this.programs = programs;
    }

    @Override
    public Integer call() {
        return programs.check(files, json);
    }
}
