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
 * How long commands take, and the program to be up, from the jars that are its arguments, in turns, each in a JVM of its own;
 * beside a Vert.x that does nothing. CONTRIBUTING.md has the command; no test depends on it.
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

    /** A command whose time counts until a line, or until its end. */
    private record Measured(String name, String until, List<String> command, List<Long> millis) {

        static Measured of(String name, String until, String... command) {
            return new Measured(name, until, List.of(command), new ArrayList<>());
        }

        void run() throws IOException, InterruptedException {
            millis.add(millisUntil(until, command));
        }

        long median() {
            List<Long> sorted = millis.stream().sorted().toList();
            int middle = sorted.size() / 2;
            return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        }

        void report() {
            System.out.printf(
                    Locale.ROOT,
                    "%-60s %5d ms (median of %d; %d to %d)%n",
                    name,
                    median(),
                    millis.size(),
                    millis.stream().mapToLong(Long::longValue).min().orElseThrow(),
                    millis.stream().mapToLong(Long::longValue).max().orElseThrow());
        }
    }

    /** @param arguments jars of the program; the one that was just built if there are none */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> jars = arguments.length == 0 ? List.of("target/polywire.jar") : List.of(arguments);
        String file = Files.writeString(Files.createTempFile("startup", ".json"), CONFIGURATION)
                .toString();
        List<Measured> all = new ArrayList<>();
        all.add(Measured.of(
                "bare Vertx.vertx()", BARE_UP, "-cp", System.getProperty("java.class.path"), Bare.class.getName()));
        for (String jar : jars) {
            all.add(Measured.of("run " + jar, UP, "-jar", jar, "run", "--conf", file));
        }
        for (String jar : jars) {
            all.add(Measured.of("check " + jar, "", "-jar", jar, "check", file));
        }
        for (String jar : jars) {
            all.add(Measured.of("--help " + jar, "", "-jar", jar, "--help"));
        }
        try {
            for (int round = 0; round < ROUNDS; round++) {
                for (Measured each : all) {
                    each.run();
                }
            }
        } finally {
            Files.delete(Path.of(file));
        }
        all.forEach(Measured::report);
    }

    /** @param line whose start ends the wait; empty: the end of the process does */
    private static long millisUntil(String line, List<String> command) throws IOException, InterruptedException {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(command);
        long startNanos = System.nanoTime();
        Process process = new ProcessBuilder(java).redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader()) {
            List<String> printed = new ArrayList<>();
            for (String each = output.readLine(); each != null; each = output.readLine()) {
                printed.add(each);
                if (!line.isEmpty() && each.startsWith(line)) {
                    return (System.nanoTime() - startNanos) / 1_000_000;
                }
            }
            if (!line.isEmpty() || process.waitFor() != 0) {
                throw new IllegalStateException("ended without '" + line + "', or failed: " + printed);
            }
            return (System.nanoTime() - startNanos) / 1_000_000;
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
