package dev.polywire.app;

import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long the program takes to be up, beside a Vert.x that does nothing: both on the class path this runs with, in turns,
 * each in a JVM of its own. CONTRIBUTING.md has the command; no test depends on it.
 */
final class StartupTimes {

    private static final int ROUNDS = 10;
    private static final String UP = "Polywire is up.";
    private static final String BARE_UP = "Vert.x is up.";

    /** One framed server, and no server of anybody else. */
    private static final String CONFIGURATION = """
            {"connectors": [{"type": "framed-server", "name": "server", "host": "127.0.0.1", "port": 0, "codec": "utf8"}]}
            """;

    private StartupTimes() {}

    /** The other program. */
    static final class Bare {

        private Bare() {}

        public static void main(String[] arguments) throws InterruptedException {
            Vertx.vertx();
            System.out.println(BARE_UP);
            Thread.currentThread().join();
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path file = Files.writeString(Files.createTempFile("startup", ".json"), CONFIGURATION);
        List<Long> program = new ArrayList<>();
        List<Long> bare = new ArrayList<>();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                bare.add(millisUntil(BARE_UP, Bare.class.getName()));
                program.add(millisUntil(UP, Main.class.getName(), "run", "--conf", file.toString()));
            }
        } finally {
            Files.delete(file);
        }
        report("bare Vertx.vertx()", bare);
        report("polywire run", program);
        System.out.printf(Locale.ROOT, "%-20s %5d ms%n", "difference", median(program) - median(bare));
    }

    private static long millisUntil(String line, String... command) throws IOException, InterruptedException {
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        java.addAll(List.of(command));
        long startNanos = System.nanoTime();
        Process process = new ProcessBuilder(java).redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader()) {
            List<String> printed = new ArrayList<>();
            for (String each = output.readLine(); each != null; each = output.readLine()) {
                printed.add(each);
                if (each.startsWith(line)) {
                    return (System.nanoTime() - startNanos) / 1_000_000;
                }
            }
            throw new IllegalStateException("ended without '" + line + "': " + printed);
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    private static void report(String name, List<Long> millis) {
        System.out.printf(
                Locale.ROOT,
                "%-20s %5d ms (median of %d; %d to %d)%n",
                name,
                median(millis),
                millis.size(),
                millis.stream().mapToLong(Long::longValue).min().orElseThrow(),
                millis.stream().mapToLong(Long::longValue).max().orElseThrow());
    }

    private static long median(List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
