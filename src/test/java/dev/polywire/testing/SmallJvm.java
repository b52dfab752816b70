package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM with a small heap for what hostile bytes may do to one. Its program ends with 0 when all is well; an
 * {@code OutOfMemoryError} ends it whoever catches it, and one that is only logged is found in what it printed.
 */
public final class SmallJvm {

    public static final int HEAP_MEGABYTES = 64;

    /** A program that needs longer hangs. */
    private static final int PATIENCE_SECONDS = 180;

    /** Netty's own error for buffers outside the heap ends with the first, its report of lost buffers is the last. */
    private static final List<String> FATAL =
            List.of("OutOfMemoryError", "OutOfDirectMemory", "StackOverflow", "LEAK:");

    /**
     * What a program left.
     *
     * @param exitCode 3: out of memory
     * @param output all it printed
     */
    public record End(int exitCode, String output) {

        /** Fails unless the program ended with 0 and said nothing of memory or stack. */
        public End requireClean() {
            assertEquals(0, exitCode, () -> "exit code; it printed:\n" + output);
            FATAL.forEach(word -> assertTrue(!output.contains(word), () -> word + " in:\n" + output));
            return this;
        }
    }

    private SmallJvm() {}

    /** Runs {@code program.main(arguments)} on this class path, to its end. */
    public static End run(Class<?> program, String... arguments) {
        try {
            Path printed = Files.createTempFile("small-jvm", ".txt");
            try {
                Process process = new ProcessBuilder(command(program, arguments))
                        .redirectErrorStream(true)
                        .redirectOutput(printed.toFile())
                        .start();
                return new End(exitCode(process), Files.readString(printed));
            } finally {
                Files.delete(printed);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static List<String> command(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-XX:MaxDirectMemorySize=" + HEAP_MEGABYTES + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dio.netty.leakDetection.level=paranoid",
                "-Dvertx.disableDnsResolver=true",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(Stream.of(arguments).toList());
        return command;
    }

    private static int exitCode(Process process) {
        try {
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            throw new AssertionError("still running after " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        } finally {
            process.destroyForcibly();
        }
    }
}
