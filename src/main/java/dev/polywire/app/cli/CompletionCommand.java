package dev.polywire.app.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The words that a shell completes. */
@Command(
        name = CompletionCommand.NAME,
        description = {CompletionCommand.DESCRIPTION, "  source <(polywire completion)"})
final class CompletionCommand implements Runnable {

    static final String NAME = "completion";
    static final String DESCRIPTION = "Print a script for bash and zsh that completes commands and options:";

    @Spec
    private @Nullable CommandSpec command;

    @Override
    public void run() {
        CommandLine polywire = Objects.requireNonNull(command).root().commandLine();
        PrintWriter out = polywire.getOut();
        out.print(AutoComplete.bash(polywire.getCommandName(), polywire));
        out.flush();
    }
}
