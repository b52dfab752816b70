package dev.polywire.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that takes orders, a line each, and answers each with a line of JSON behind an {@code @}. */
final class Jvm implements AutoCloseable {

    private static final String MARK = "@ ";

    private final Process process;
    private final BufferedReader answers;
    private final PrintStream orders;

    /** @param options of the JVM, in front of the class */
    Jvm(List<String> options, Class<?> program, String... arguments) throws IOException {
        this(System.getProperty("java.class.path"), options, program, arguments);
    }

    Jvm(String classPath, List<String> options, Class<?> program, String... arguments) throws IOException {
        this(classPath, options, program.getName(), arguments);
    }

    /** @param program the name of a class, which need not be on ours */
    Jvm(String classPath, List<String> options, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Dvertx.disableDnsResolver=true"));
        System.getProperties().forEach((name, value) -> {
            if (name.toString().startsWith("polywire.")) {
                command.add("-D" + name + "=" + value);
            }
        });
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, program));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** In that JVM: answers. */
    static void say(JsonObject answer) {
        System.out.println(MARK + answer.encode());
    }

    JsonObject ask(String order) throws IOException {
        orders.println(order);
        return answer();
    }

    /** The next answer; what is printed in between is for people. */
    JsonObject answer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(MARK)) {
                return new JsonObject(line.substring(MARK.length()));
            }
            System.err.println(line);
        }
        throw new IOException("ended with " + process.onExit().join().exitValue());
    }

    /** CPU time so far, of all its threads. The system counts in hundredths of a second. */
    long cpuNanos() {
        return process.info().totalCpuDuration().orElseThrow().toNanos();
    }

    /** Ends it by the end of its orders, so that a recording of it is written. */
    @Override
    public void close() {
        orders.close();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join().destroyForcibly();
    }
}
