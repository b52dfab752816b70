package dev.polywire.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * esjc 2.6.0, a client of EventStore's that others use, in a JVM of its own: its protobuf and ours do not live on one class path.
 * It is told which scenario of {@code src/test/esjc} to do.
 */
public final class Esjc implements AutoCloseable {

    private static final String MARK = "@ ";

    private final Process process;
    private final BufferedReader outcomes;
    private final PrintStream orders;
    private final Path log;

    private Esjc(Process process, Path log) {
        this.process = process;
        this.outcomes = process.inputReader(StandardCharsets.UTF_8);
        this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.log = log;
    }

    /** @param port of a server on 127.0.0.1 */
    public static Esjc at(int port) {
        try {
            ForeignJars jars = ForeignJars.of("esjc");
            Path log = jars.target().resolve("log-" + port + ".txt");
            return new Esjc(
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    // It is over before a better compiler would pay.
                                    "-XX:TieredStopAtLevel=1",
                                    "-Xmx256m",
                                    "-cp",
                                    jars.compiled(),
                                    "EsjcDriver",
                                    Integer.toString(port))
                            .redirectError(log.toFile())
                            .start(),
                    log);
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    /** What the benchmark runs: the class path of esjc and of {@code src/test/esjc}. */
    public static String classPath() throws IOException {
        try {
            return ForeignJars.of("esjc").compiled();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** @param scenario by its name in {@code src/test/esjc} @return what esjc saw */
    public String outcome(String scenario) {
        try {
            orders.println(scenario);
            for (String line = outcomes.readLine(); line != null; line = outcomes.readLine()) {
                if (line.startsWith(MARK)) {
                    return line.substring(MARK.length());
                }
            }
            throw new AssertionError("esjc ended:\n" + Files.readString(log));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void close() {
        orders.close();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join().destroyForcibly();
    }
}
