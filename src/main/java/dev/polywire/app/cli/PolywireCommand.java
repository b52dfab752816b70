package dev.polywire.app.cli;

import io.vertx.serviceproxy.ServiceException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code polywire}: runs connectors, and sends requests to running ones. */
@Command(
        name = "polywire",
        description = "Runs wire-protocol connectors, and talks through the bridge to those that run.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = PolywireCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class PolywireCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec command;

    private PolywireCommand() {}

    /** Executes the arguments. @return the exit code, see {@link ExitCode} */
    public static int execute(Programs programs, String... arguments) {
        return execute(programs, utf8(FileDescriptor.out), utf8(FileDescriptor.err), arguments);
    }

    static int execute(Programs programs, PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine(programs).setOut(out).setErr(err).execute(arguments);
    }

    private static CommandLine commandLine(Programs programs) {
        return new CommandLine(new PolywireCommand())
                .addSubcommand(new RunCommand(programs))
                .addSubcommand(new CheckCommand(programs))
                .addSubcommand(new CallCommand())
                .addSubcommand(new StreamCommand())
                .addSubcommand(new WatchCommand())
                .addSubcommand(new StatusCommand())
                .addSubcommand(new SchemaCommand(programs))
                .addSubcommand(new CompletionCommand())
                // A JSON argument may begin with any character, and no argument names a file of arguments.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((mistake, given) -> mistaken(mistake, List.of(given)))
                .setExecutionExceptionHandler((thrown, failed, parsed) -> failed(thrown, failed));
    }

    /** Without a command. */
    @Override
    public void run() {
        CommandLine line = Objects.requireNonNull(command).commandLine();
        throw new ParameterException(line, "missing command");
    }

    private static int mistaken(ParameterException mistake, List<String> given) {
        CommandLine command = mistake.getCommandLine();
        String what = unknown(command.getCommandSpec(), given).orElse(String.valueOf(mistake.getMessage()));
        String help = command.getCommandSpec().qualifiedName() + " --help";
        if (given.contains("--json")) {
            ConsoleOutput.mistake(command.getErr(), what, help);
        } else {
            command.getErr().println(what);
            command.getErr().println("See: " + help);
        }
        return ExitCode.USAGE;
    }

    /** A misspelt command or option, which is the reason when another is missing. */
    private static Optional<String> unknown(CommandSpec command, List<String> given) {
        if (!command.subcommands().isEmpty()) {
            return given.stream()
                    .findFirst()
                    .filter(word -> !word.startsWith("-"))
                    .map(word -> "unknown command: " + word
                            + expected(word, command.subcommands().keySet()));
        }
        return given.stream()
                .map(word -> word.split("=", 2)[0])
                .filter(word -> word.startsWith("--") && !command.optionsMap().containsKey(word))
                .findFirst()
                .map(word -> "unknown option: " + word
                        + expected(word, command.optionsMap().keySet()));
    }

    private static String expected(String word, Set<String> known) {
        return Nearest.to(word, known).map(near -> " (expected: " + near + ")").orElse("");
    }

    private static int failed(Exception thrown, CommandLine command) throws Exception {
        if (!(thrown instanceof ServiceException failure)) {
            throw thrown;
        }
        ConsoleOutput.failure(command.getErr(), command.getParseResult().hasMatchedOption("--json"), failure);
        return ExitCode.of(failure.failureCode());
    }

    /** UTF-8 whatever the machine's default encoding is: JSON requires it. */
    private static PrintWriter utf8(FileDescriptor descriptor) {
        return new PrintWriter(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** From the jar's manifest; classes from a build directory have none. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = PolywireCommand.class.getPackage().getImplementationVersion();
            return new String[] {"polywire " + (version == null ? "development" : version)};
        }
    }
}
