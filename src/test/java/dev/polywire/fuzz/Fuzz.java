package dev.polywire.fuzz;

import io.vertx.core.buffer.Buffer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs Jazzer on targets, one behind another, each in a JVM of its own: {@code Fuzz SECONDS [NAME ...]}. Ends with 1 when
 * something was found. Everything it writes is below {@code target/fuzz}.
 */
final class Fuzz {

    private static final Path DIRECTORY = Path.of("target", "fuzz").toAbsolutePath();
    /** Longer inputs are slower and rarely say more. */
    private static final int MOST_BYTES = 4_096;

    /** What Jazzer's detectors watch: Netty's use of {@code Unsafe} would be the first thing they find. */
    private static final String OURS = "dev.polywire.**";

    /** Whose branches guide the search. */
    private static final List<String> INSTRUMENTED =
            List.of(OURS, "org.bson.**", "io.airlift.compress.**", "com.fasterxml.jackson.core.json.**");

    private Fuzz() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = Integer.parseInt(arguments[0]);
        List<String> names = List.of(arguments).subList(1, arguments.length);
        List<FuzzTarget> targets = names.isEmpty()
                ? FuzzTargets.ALL
                : names.stream().map(FuzzTargets::named).toList();
        List<String> found = new ArrayList<>();
        for (FuzzTarget target : targets) {
            System.out.println("== " + target.name() + ", " + seconds + " s");
            int exitCode = run(target, seconds);
            if (exitCode != 0) {
                found.add(target.name());
            }
        }
        System.out.println(found.isEmpty() ? "nothing was found" : "found: " + found + ", see " + DIRECTORY);
        System.exit(found.isEmpty() ? 0 : 1);
    }

    private static int run(FuzzTarget target, int seconds) throws IOException, InterruptedException {
        Path directory = DIRECTORY.resolve(target.name());
        Path seeds = seeds(target, directory.resolve("seeds"));
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+EnableDynamicAgentLoading",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + Jazzed.class.getName(),
                "--target_args=" + target.name(),
                "--instrumentation_includes=" + String.join(File.pathSeparator, INSTRUMENTED),
                "--custom_hook_includes=" + OURS,
                "--reproducer_path=" + directory,
                "-artifact_prefix=" + directory + File.separator,
                "-max_total_time=" + seconds,
                "-max_len=" + MOST_BYTES,
                "-timeout=20",
                "-print_final_stats=1",
                corpus.toString(),
                seeds.toString()));
        if (Files.isDirectory(FuzzTargets.findings(target))) {
            command.add(FuzzTargets.findings(target).toString());
        }
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** The seeds of this target as files, and no others. */
    private static Path seeds(FuzzTarget target, Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> before = Files.walk(directory)) {
                for (Path each : before.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        Files.createDirectories(directory);
        int number = 0;
        for (Buffer seed :
                target.seeds().filter(seed -> seed.length() <= MOST_BYTES).toList()) {
            Files.write(directory.resolve("seed-" + number++), seed.getBytes());
        }
        return directory;
    }
}
