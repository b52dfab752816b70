package dev.polywire.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file of the project, read as text; bytes that are no text do no harm.
 *
 * @param path below the project's root, with forward slashes
 */
record SourceFile(String path, String text) {

    private static final Path ROOT = Path.of(System.getProperty("polywire.basedir", "."));

    /** Directories that are under version control; beside them, the files of the root itself are. */
    private static final List<String> TRACKED =
            List.of("src", "docs", "conf", "examples", "findings", "interop", ".ci", ".mvn");

    private static final Set<String> NOT_TRACKED = Set.of("target", ".git", "node_modules", "__pycache__");

    /** Every file under version control. */
    static List<SourceFile> tracked() {
        return Stream.concat(filesOfRoot(), TRACKED.stream().flatMap(SourceFile::filesBelow))
                .map(SourceFile::read)
                .toList();
    }

    boolean isJava() {
        return path.endsWith(".java");
    }

    boolean isMain() {
        return path.startsWith("src/main/");
    }

    /** The directory, which for Java is the package. */
    String directory() {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static Stream<Path> filesOfRoot() {
        try (Stream<Path> files = Files.list(ROOT)) {
            return files.filter(Files::isRegularFile).filter(SourceFile::isTracked).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Stream<Path> filesBelow(String directory) {
        if (!Files.isDirectory(ROOT.resolve(directory))) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(ROOT.resolve(directory))) {
            return files.filter(Files::isRegularFile).filter(SourceFile::isTracked).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean isTracked(Path file) {
        for (Path part : ROOT.relativize(file)) {
            if (NOT_TRACKED.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }

    private static SourceFile read(Path file) {
        try {
            String path = ROOT.relativize(file).toString().replace('\\', '/');
            return new SourceFile(path, Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
