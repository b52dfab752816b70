package dev.polywire.app.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The program behind {@code run}, {@code check} and {@code schema}. The first two print, and return the exit code of the process. */
public interface Programs {

    /**
     * Starts a configuration, and returns when the program was stopped.
     *
     * @param files at least one, each overriding those before it
     * @param cluster whether to join the cluster that the configuration describes
     * @param logLevel in place of that of the configuration, or null
     */
    int run(List<Path> files, boolean cluster, @Nullable String logLevel) throws InterruptedException;

    /**
     * Reads a configuration like a start, and starts nothing.
     *
     * @param json prints one JSON object instead of lines
     */
    int check(List<Path> files, boolean json);

    /** The JSON Schema of a configuration. */
    String schema();
}
