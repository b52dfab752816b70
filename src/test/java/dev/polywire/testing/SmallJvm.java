package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.testing.leftovers.Shared;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with a small heap for what hostile bytes may do to one. It runs the programs of all protocols one after the other;
 * one that ends it, or leaves a thread behind, has failed, and the next program has a JVM anew. An {@code OutOfMemoryError}
 * ends it whoever catches it, and one that is only logged is found in what it printed.
 */
public final class SmallJvm {

    public static final int HEAP_MEGABYTES = 64;

    private static final int DIRECT_MEGABYTES = 32;

    /** A program that needs longer hangs. */
    private static final int PATIENCE_SECONDS = 180;

    /** Netty's own error for buffers outside the heap ends with the first, its report of lost buffers is the last. */
    private static final List<String> FATAL =
            List.of("OutOfMemoryError", "OutOfDirectMemory", "StackOverflow", "LEAK:");

    /**
     * What a program left.
     *
     * @param exitCode 0: it returned; 1: it threw; 3: out of memory; 4: threads of it go on; else what it ended the JVM with
     * @param output all it printed
     */
    public record End(int exitCode, String output) {

        /** Fails unless the program returned and said nothing of memory or stack. */
        public End requireClean() {
            assertEquals(0, exitCode, () -> "exit code; it printed:\n" + output);
            FATAL.forEach(word -> assertTrue(!output.contains(word), () -> word + " in:\n" + output));
            return this;
        }
    }

    /** What the JVM has after a collection. */
    private record Memory(long heapBytes, long directBytes) {}

    private static SmallJvm running;

    private final Process process;
    private final BufferedReader said;

    private SmallJvm(Process process) {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Runs {@code program.main(arguments)} on this class path, to its end. @param arguments words without blanks */
    public static synchronized End run(Class<?> program, String... arguments) {
        if (running == null || !running.process.isAlive()) {
            running = start();
        }
        return running.play(program.getName() + " " + String.join(" ", arguments));
    }

    /**
     * Runs something of it once, and then for the time of a {@link Soak}: nothing of that stays in its heap, and at most what it
     * may have outside.
     */
    public static void soak(Runnable step) {
        step.run();
        Memory before = memory();
        Soak.again(step);
        Memory after = memory();
        System.out.println(before + " before, " + after + " after");
        Heap.requireBack(before.heapBytes(), after.heapBytes());
        assertTrue(after.directBytes() <= DIRECT_MEGABYTES * 1024L * 1024, after::toString);
    }

    private static Memory memory() {
        String said = run(Measure.class).requireClean().output();
        String[] both = said.substring(said.lastIndexOf(Measure.MEMORY)).strip().split(" ");
        return new Memory(Long.parseLong(both[1]), Long.parseLong(both[2]));
    }

    static final class Measure {

        private static final String MEMORY = "==memory== ";

        private Measure() {}

        public static void main(String[] arguments) {
            System.out.println("\n" + MEMORY + Heap.usedBytes() + " " + Heap.directBytes());
        }
    }

    /** Who has threads left does not get a second program. */
    private End end(int code, String output) throws InterruptedException {
        if (code == SmallJvmMain.GOES_ON) {
            process.waitFor();
        }
        return new End(code, output);
    }

    private static SmallJvm start() {
        try {
            Process process = Shared.SMALL_JVM.process(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + HEAP_MEGABYTES + "m",
                            "-XX:MaxDirectMemorySize=" + DIRECT_MEGABYTES + "m",
                            "-XX:+ExitOnOutOfMemoryError",
                            // For G1 half a megabyte is an object of its own kind here: most of the time went to moving
                            // those.
                            "-XX:+UseSerialGC",
                            // Caches that go at a collection of their own choice would spoil what is measured before
                            // and after.
                            "-XX:SoftRefLRUPolicyMSPerMB=0",
                            "-Dio.netty.leakDetection.level=paranoid",
                            "-Dvertx.disableDnsResolver=true",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SmallJvmMain.class.getName())
                    .redirectErrorStream(true)
                    .start());
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new SmallJvm(process);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private End play(String order) {
        CompletableFuture<Process> hangs = new CompletableFuture<Process>()
                .completeOnTimeout(process, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .whenComplete((late, none) -> {
                    if (late != null) {
                        late.destroyForcibly();
                    }
                });
        try {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(order)
                    .append('\n')
                    .flush();
            StringBuilder output = new StringBuilder();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith(SmallJvmMain.END)) {
                    return end(Integer.parseInt(line.substring(SmallJvmMain.END.length())), output.toString());
                }
                output.append(line).append('\n');
            }
            int exitCode = process.waitFor();
            assertTrue(!hangs.isDone(), () -> "still running after " + PATIENCE_SECONDS + " s:\n" + output);
            return new End(exitCode, output.toString());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        } finally {
            hangs.cancel(false);
        }
    }
}
