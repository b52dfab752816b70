package dev.polywire.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Programs of a folder {@code src/test/NAME}, for JVMs of their own: its {@code pom.xml} has jars that cannot be on our class
 * path. Maven finds them once, and {@code target/NAME} keeps what it found. Tests in other JVMs wait for it.
 */
final class ForeignJars {

    private static final Path ROOT = Path.of(System.getProperty("polywire.basedir", "."));

    private final Path sources;
    private final Path target;

    private ForeignJars(Path sources, Path target) {
        this.sources = sources;
        this.target = target;
    }

    static ForeignJars of(String name) throws IOException {
        return new ForeignJars(
                ROOT.resolve("src/test").resolve(name),
                Files.createDirectories(
                        ROOT.resolve("target").resolve(name).toAbsolutePath().normalize()));
    }

    /** Absolute, and there. */
    Path target() {
        return target;
    }

    Path source(String file) {
        return sources.resolve(file).toAbsolutePath();
    }

    /** Of the jars. */
    String classPath() throws IOException, InterruptedException {
        try (FileChannel alone = alone()) {
            return found();
        }
    }

    /** Of the jars and the folder's Java files, which it compiles. @param behind classes that these use, last in it */
    String compiled(Path... behind) throws IOException, InterruptedException {
        try (FileChannel alone = alone()) {
            String jars = found();
            for (Path each : behind) {
                jars += java.io.File.pathSeparator + each;
            }
            Path classes = target.resolve("classes");
            List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-cp", jars, "-proc:none"));
            List<Path> files;
            try (Stream<Path> all = Files.list(sources)) {
                files = all.filter(file -> file.toString().endsWith(".java")).toList();
            }
            files.forEach(file -> arguments.add(file.toString()));
            if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)) != 0) {
                throw new AssertionError("not compiled: " + files);
            }
            return classes + java.io.File.pathSeparator + jars;
        }
    }

    /** Closing it lets the others in. */
    private FileChannel alone() throws IOException {
        FileChannel file =
                FileChannel.open(target.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        file.lock();
        return file;
    }

    private String found() throws IOException, InterruptedException {
        Path found = target.resolve("classpath.txt");
        Path pom = sources.resolve("pom.xml");
        if (!Files.exists(found) || Files.getLastModifiedTime(found).compareTo(Files.getLastModifiedTime(pom)) < 0) {
            Process maven = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("polywire.maven"), "bin", "mvn")
                                    .toString(),
                            "-B",
                            "-ntp",
                            "-q",
                            "-f",
                            pom.toString(),
                            "-Dmaven.repo.local=" + System.getProperty("polywire.repository"),
                            "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath",
                            "-Dmdep.outputFile=" + found))
                    .redirectErrorStream(true)
                    .start();
            maven.getOutputStream().close();
            String said = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (maven.waitFor() != 0) {
                throw new AssertionError(said);
            }
        }
        return Files.readString(found);
    }
}
