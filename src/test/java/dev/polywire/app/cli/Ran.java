package dev.polywire.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that was run in this JVM, to its end. */
record Ran(int exitCode, String out, String err) {

    /** What {@code run} and {@code check} were asked. */
    static final class Asked implements Programs {

        final List<String> calls = new ArrayList<>();

        @Override
        public int run(List<Path> files, boolean cluster, @Nullable String logLevel) {
            calls.add("run " + files + " " + cluster + (logLevel == null ? "" : " " + logLevel));
            return 0;
        }

        @Override
        public int check(List<Path> files, boolean json) {
            calls.add("check " + files + (json ? " json" : ""));
            return 2;
        }

        @Override
        public String schema() {
            return "{}\n";
        }
    }

    static Ran command(String... arguments) {
        return command(new Asked(), arguments);
    }

    static Ran command(Programs programs, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode =
                PolywireCommand.execute(programs, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    /** Fails unless it ended so. */
    Ran require(int expected) {
        assertEquals(expected, exitCode, this::toString);
        return this;
    }
}
