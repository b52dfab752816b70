package dev.polywire.app.cli;

import java.nio.file.Path;
import java.util.List;

/** The program behind {@code run} and {@code check}. Both print for people, and give the exit code of the process. */
public interface Programs {

    /**
     * Starts what a configuration names, and returns when it was told to stop.
     *
     * @param files at least one, each over those before it
     * @param cluster whether to join the cluster that the configuration describes
     */
    int run(List<Path> files, boolean cluster) throws InterruptedException;

    /** Reads a configuration as a start would, and starts nothing. */
    int check(List<Path> files);
}
