package dev.polywire.bridge;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client in another language, in a process of its own. The build server fails when one is missing and the test skipped. */
final class ForeignClient implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ForeignClient(String... command) {
        try {
            assumeTrue(
                    new ProcessBuilder(command[0], "--version").start().waitFor() == 0, command[0] + " does not run");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment()
                    .put("PYTHONPATH", base().resolve("examples/python").toString());
            process = builder.start();
            output = process.inputReader();
        } catch (IOException absent) {
            assumeTrue(false, command[0] + " is not installed");
            throw new UncheckedIOException(absent);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** @param script below {@code src/test/resources/bridge}, or {@code examples/python} */
    static ForeignClient python(String script, Object... arguments) {
        return start("python3", script, arguments);
    }

    static ForeignClient node(String script, Object... arguments) {
        return start("node", script, arguments);
    }

    private static ForeignClient start(String program, String script, Object... arguments) {
        Path file = base().resolve("src/test/resources/bridge").resolve(script);
        List<String> command = new ArrayList<>(List.of(
                program,
                (file.toFile().exists()
                                ? file
                                : base().resolve("examples/python").resolve(script))
                        .toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return new ForeignClient(command.toArray(String[]::new));
    }

    /** The next line it prints. */
    String line() {
        try {
            String line = output.readLine();
            if (line == null) {
                throw new AssertionError("ended without another line, exit code " + process.waitFor());
            }
            return line;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** All that it still prints; it must end with 0. */
    List<String> rest() {
        List<String> lines = output.lines().toList();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("did not end well: " + lines);
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        return lines;
    }

    /** SIGKILL. */
    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static Path base() {
        return Path.of(System.getProperty("polywire.basedir", "."));
    }
}
