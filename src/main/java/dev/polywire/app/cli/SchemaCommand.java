package dev.polywire.app.cli;

import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What an editor needs to complete and check a configuration. */
@Command(name = SchemaCommand.NAME, description = SchemaCommand.DESCRIPTION)
final class SchemaCommand implements Runnable {

    static final String NAME = "schema";
    static final String DESCRIPTION = "Print the JSON Schema of a configuration, for editors.";

    private final Programs programs;

    @Spec
    private @Nullable CommandSpec command;

    SchemaCommand(Programs programs) {
        this.programs = programs;
    }

    @Override
    public void run() {
        PrintWriter out = Objects.requireNonNull(command).commandLine().getOut();
        out.print(programs.schema());
        out.flush();
    }
}
