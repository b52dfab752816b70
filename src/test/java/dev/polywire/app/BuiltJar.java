package dev.polywire.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

/** A jar that {@code mvn package} has made. */
record BuiltJar(Path file) {

    private static final Path TARGET = Path.of(System.getProperty("polywire.basedir", "."), "target");

    static final BuiltJar PROGRAM = new BuiltJar(TARGET.resolve("polywire.jar"));
    static final BuiltJar SLIM = new BuiltJar(TARGET.resolve("polywire-slim.jar"));
    static final BuiltJar THIN = artefact("");
    static final BuiltJar SOURCES = artefact("-sources");
    static final BuiltJar JAVADOC = artefact("-javadoc");

    private static BuiltJar artefact(String classifier) {
        return new BuiltJar(TARGET.resolve("polywire-" + System.getProperty("polywire.version") + classifier + ".jar"));
    }

    JarFile open() throws IOException {
        return new JarFile(file.toFile());
    }

    /** {@code java -jar} with these arguments. */
    ProgramProcess start(String... arguments) throws IOException {
        String[] all = new String[arguments.length + 2];
        all[0] = "-jar";
        all[1] = file.toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return ProgramProcess.java(Map.of(), all);
    }

    /** Runs a command to its end. @return what it printed */
    List<String> answer(int exitCode, String... arguments) throws Exception {
        try (ProgramProcess command = start(arguments)) {
            List<String> printed = command.rest();
            assertEquals(exitCode, command.exit(), printed::toString);
            return printed;
        }
    }

    static Set<String> names(JarFile jar) {
        return jar.stream().map(ZipEntry::getName).collect(Collectors.toSet());
    }

    static String text(JarFile jar, String name) {
        try (var in = jar.getInputStream(jar.getJarEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
