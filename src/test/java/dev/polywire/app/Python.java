package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of examples/python. */
final class Python {

    private Python() {}

    static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    /** Runs one to its end, which must be a good one. @return what it printed */
    static List<String> run(String script, String... arguments) throws IOException, InterruptedException {
        Path examples = Path.of(System.getProperty("polywire.basedir", "."), "examples", "python");
        List<String> command =
                new ArrayList<>(List.of("python3", examples.resolve(script).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> printed = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor(), printed::toString);
        return printed;
    }
}
