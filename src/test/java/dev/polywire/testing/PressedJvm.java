package dev.polywire.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A program in a JVM of 128 MB, with peers outside that make it hold as much as they can. An {@code OutOfMemoryError} ends
 * it. It is asked over its standard input what it holds, and says so after a collection.
 */
public final class PressedJvm implements AutoCloseable {

    /** A quarter of it is the default budget. */
    public static final int HEAP_MEGABYTES = 128;

    private static final int DIRECT_MEGABYTES = 32;

    private static final String ANSWER = "==answer== ";
    private static final int PATIENCE_SECONDS = 60;
    private static final int MAX_LINES = 1_000;
    private static final long SAMPLE_MILLIS = 20;

    /** In the program: the most that was seen. */
    private static volatile long mostDirectBytes;

    private final Process process;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread reading;

    private PressedJvm(Process process) {
        this.process = process;
        // Always, because a full pipe would stop the program.
        this.reading = new Thread(this::read, "output of the pressed program");
        reading.start();
    }

    /** Starts {@code program.main(arguments)}, which calls {@link #serve}. */
    public static PressedJvm start(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-XX:MaxDirectMemorySize=" + DIRECT_MEGABYTES + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dvertx.disableDnsResolver=true",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        try {
            return new PressedJvm(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** What the program says of itself now. @param what a word for the program: {@code heap} is answered here */
    public JsonObject ask(String what) {
        try {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(what)
                    .append('\n')
                    .flush();
            String answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new AssertionError("no answer from it, it says:\n" + String.join("\n", output));
            }
            return new JsonObject(answer);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** Bytes of the heap in use after a collection. */
    public long heapBytes() {
        return ask("heap").getLong("heapBytes");
    }

    /** Ends it, and fails if it said anything of memory, or had more outside its heap than it may. */
    @Override
    public void close() {
        long directBytes = 0;
        try {
            directBytes = process.isAlive() ? ask("heap").getLong("mostDirectBytes") : 0;
            process.getOutputStream().close();
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "still running");
            reading.join();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        } finally {
            process.destroyForcibly();
        }
        List<String> fatal =
                output.stream().filter(line -> line.contains("OutOf")).toList();
        assertTrue(fatal.isEmpty(), () -> String.join("\n", output));
        assertEquals(0, process.exitValue(), () -> String.join("\n", output));
        assertTrue(directBytes <= DIRECT_MEGABYTES * 1024L * 1024, directBytes + " bytes of direct memory");
    }

    private void read() {
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith(ANSWER)) {
                    answers.add(line.substring(ANSWER.length()));
                } else if (output.size() < MAX_LINES) {
                    output.add(line);
                }
            }
        } catch (IOException broken) {
            output.add(broken.toString());
        }
    }

    /** In the program: answers until the standard input ends. @param status the answer to all other words */
    public static void serve(Supplier<JsonObject> status) {
        Thread sampling = new Thread(PressedJvm::sample, "direct memory");
        sampling.setDaemon(true);
        sampling.start();
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println("\n" + ANSWER + ("heap".equals(order) ? memory() : status.get()).encode());
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        Runtime.getRuntime().halt(0);
    }

    private static JsonObject memory() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return new JsonObject()
                .put("heapBytes", runtime.totalMemory() - runtime.freeMemory())
                .put("mostDirectBytes", mostDirectBytes);
    }

    private static void sample() {
        while (true) {
            mostDirectBytes = Math.max(mostDirectBytes, Heap.directBytes());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SAMPLE_MILLIS));
        }
    }
}
