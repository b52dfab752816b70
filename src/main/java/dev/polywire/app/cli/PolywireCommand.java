package dev.polywire.app.cli;

import io.vertx.serviceproxy.ServiceException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * {@code polywire}: runs connectors, and sends requests to running ones. It is put together without annotations, and of the
 * commands only the one that is meant: reading annotations takes longer than most of what the commands do.
 */
public final class PolywireCommand implements Runnable, IParameterExceptionHandler, IExecutionExceptionHandler {

    /** Names and descriptions. */
    private static final String[][] COMMANDS = {
        {RunCommand.NAME, RunCommand.DESCRIPTION},
        {CheckCommand.NAME, CheckCommand.DESCRIPTION},
        {CallCommand.NAME, CallCommand.DESCRIPTION},
        {StreamCommand.NAME, StreamCommand.DESCRIPTION},
        {WatchCommand.NAME, WatchCommand.DESCRIPTION},
        {StatusCommand.NAME, StatusCommand.DESCRIPTION},
        {SchemaCommand.NAME, SchemaCommand.DESCRIPTION},
        {CompletionCommand.NAME, CompletionCommand.DESCRIPTION},
    };

    private final CommandSpec command = standard(CommandSpec.wrapWithoutInspection(this));

    private PolywireCommand() {}

    /** Executes the arguments. @return the exit code, see {@link ExitCode} */
    public static int execute(Programs programs, String... arguments) {
        return execute(programs, utf8(FileDescriptor.out), utf8(FileDescriptor.err), arguments);
    }

    static int execute(Programs programs, PrintWriter out, PrintWriter err, String... arguments) {
        // Its converters for dates and databases, of which we have none, take as long as a command.
        System.setProperty("picocli.converters.excludes", "java[.]time[.].*,java[.]sql[.].*");
        return new PolywireCommand()
                .commandLine(programs, arguments)
                .setOut(out)
                .setErr(err)
                .execute(arguments);
    }

    private CommandLine commandLine(Programs programs, String... arguments) {
        command.name("polywire")
                .usageMessage()
                .synopsisSubcommandLabel("COMMAND")
                .description("Runs wire-protocol connectors, and talks through the bridge to those that run.");
        CommandLine line = new CommandLine(command);
        for (String[] each : COMMANDS) {
            String name = each[0];
            if (isMeant(name, arguments)) {
                CommandLine meant = new CommandLine(made(name, programs));
                standard(meant.getCommandSpec());
                line.addSubcommand(name, meant);
            } else {
                CommandSpec listed = CommandSpec.create();
                listed.usageMessage().description(each[1]);
                line.addSubcommand(name, listed);
            }
        }
        return line
                // A JSON argument may begin with any character, and no argument names a file of arguments.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(this)
                .setExecutionExceptionHandler(this);
    }

    /** Whether these arguments are for this command, or may be. A script for completion has all commands. */
    private static boolean isMeant(String name, String... arguments) {
        if (arguments.length == 0) {
            return false;
        }
        String first = arguments[0];
        return first.equals(name)
                || first.equals(CompletionCommand.NAME)
                || first.startsWith("-") && arguments.length > 1;
    }

    private static Object made(String name, Programs programs) {
        return switch (name) {
            case RunCommand.NAME -> new RunCommand(programs);
            case CheckCommand.NAME -> new CheckCommand(programs);
            case CallCommand.NAME -> new CallCommand();
            case StreamCommand.NAME -> new StreamCommand();
            case WatchCommand.NAME -> new WatchCommand();
            case StatusCommand.NAME -> new StatusCommand();
            case SchemaCommand.NAME -> new SchemaCommand(programs);
            case CompletionCommand.NAME -> new CompletionCommand();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** What every command has. */
    private static CommandSpec standard(CommandSpec command) {
        return command.versionProvider(new Version())
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
    }

    /** Without a command. */
    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "missing command");
    }

    @Override
    public int handleParseException(ParameterException mistake, String[] given) {
        return mistaken(mistake, List.of(given));
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine failed, ParseResult parsed) throws Exception {
        return failed(thrown, failed);
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
