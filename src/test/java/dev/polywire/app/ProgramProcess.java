package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.testing.Ports;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The program in a JVM of its own, as a user starts it. */
final class ProgramProcess implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Process process;
    private final BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    private ProgramProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static ProgramProcess start(Path configuration) throws IOException {
        return start(configuration, Map.of());
    }

    /** @param environment variables beside those of this process @param more arguments of {@code run} */
    static ProgramProcess start(Path configuration, Map<String, String> environment, String... more)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                // It is over before a better compiler and a parallel collector would pay.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "run",
                "--conf",
                configuration.toString()));
        arguments.addAll(List.of(more));
        return java(environment, arguments.toArray(String[]::new));
    }

    /** {@code java} with these arguments. */
    static ProgramProcess java(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        return of(Path.of(""), environment, command);
    }

    /** Any program. @param directory where it works */
    static ProgramProcess of(Path directory, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toAbsolutePath().toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new ProgramProcess(builder.start());
    }

    /** conf/embedded.json with ports that are free; the bridge's port is the third of four. */
    static Path embedded(Path directory, int... ports) throws IOException {
        String json = Files.readString(Path.of(System.getProperty("polywire.basedir", "."), "conf/embedded.json"))
                .replaceAll("\\b27117\\b", Integer.toString(ports[0]))
                .replaceAll("\\b7117\\b", Integer.toString(ports[1]))
                .replaceAll("\\b7000\\b", Integer.toString(ports[2]))
                .replaceAll("\\b7787\\b", Integer.toString(ports[3]))
                .replaceAll("\\b1113\\b", Integer.toString(Ports.free()));
        return Files.writeString(directory.resolve("embedded.json"), new JsonObject(json).encode());
    }

    /** Different ones, that nobody takes while a program leaves them and comes back. */
    static int[] freePorts(int count) {
        return IntStream.generate(Ports::free).distinct().limit(count).toArray();
    }

    /** Reads until a line begins with {@code start}. @return all lines so far, that one included */
    List<String> await(String start) throws IOException {
        return await(start, line -> line.startsWith(start));
    }

    /**
     * Reads until the program is up and this connector is ready: the table says so, or on a busy machine, which does not reach
     * a peer within the moment that the program waits for it, the log. @return all lines so far
     */
    List<String> awaitReady(String connector) throws IOException {
        Predicate<String> ready =
                Pattern.compile("(.* )?" + connector + " .* ready").asMatchPredicate();
        await("Polywire is up.");
        return lines.stream().anyMatch(ready) ? lines : await(connector + " is ready", ready);
    }

    /** Reads until a line holds {@code text}. */
    List<String> awaitLineWith(String text) throws IOException {
        return await(text, line -> line.contains(text));
    }

    private List<String> await(String what, Predicate<String> wanted) throws IOException {
        long dueNanos = System.nanoTime() + PATIENCE_NANOS;
        for (String line = line(dueNanos, what); line != null; line = line(dueNanos, what)) {
            lines.add(line);
            if (wanted.test(line)) {
                return lines;
            }
        }
        throw new AssertionError("ended without a line '" + what + "': " + lines);
    }

    /** A read that waits cannot be interrupted, so it begins when there is something to read, or the end. */
    private String line(long dueNanos, String what) throws IOException {
        while (!output.ready() && process.isAlive()) {
            if (System.nanoTime() > dueNanos) {
                throw new AssertionError("no line '" + what + "' for two minutes: " + lines);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return output.readLine();
    }

    /** Reads to the end. @return all it ever printed */
    List<String> rest() {
        output.lines().forEach(lines::add);
        return lines;
    }

    /** Waits for its end. @return the exit code */
    int exit() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + lines);
        }
        return process.exitValue();
    }

    /** A line for its standard input. */
    void say(String line) throws IOException {
        process.outputWriter().append(line).append('\n').flush();
    }

    /** SIGTERM; {@link Process#destroy} would close its output too. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGHUP. */
    void hangUp() throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                        .start()
                        .waitFor());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
