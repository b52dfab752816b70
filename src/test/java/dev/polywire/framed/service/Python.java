package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A script of {@code src/test/resources/framed}. Without python3 the test is skipped, which the build server refuses. */
final class Python implements AutoCloseable {

    /** A script that needs longer hangs, and is ended: whoever reads what it prints goes on then. */
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader printed;

    Python(String script, Object... arguments) throws IOException {
        Path scripts = Path.of(System.getProperty("polywire.basedir", "."), "src", "test", "resources", "framed");
        List<String> command =
                new ArrayList<>(List.of("python3", scripts.resolve(script).toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHONUTF8", "1");
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        process = builder.start();
        printed = process.inputReader();
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    }

    static void require() throws InterruptedException {
        boolean there;
        try {
            there = new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            there = false;
        }
        assumeTrue(there, "python3 is not installed");
    }

    /** The next line it prints. */
    String line() throws IOException {
        return printed.readLine();
    }

    /** All that it still prints, to its end, which must be a good one. */
    List<String> rest() throws InterruptedException {
        List<String> lines = printed.lines().toList();
        assertEquals(0, process.waitFor(), lines::toString);
        return lines;
    }

    /** Ends its standard input. */
    void release() throws IOException {
        process.outputWriter().close();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
