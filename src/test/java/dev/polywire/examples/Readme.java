package dev.polywire.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The README as a witness: blocks behind a marker comment. */
public final class Readme {

    private Readme() {}

    /** The lines of the code block behind {@code <!-- marker -->}. */
    public static List<String> block(String marker) {
        return block("README.md", marker);
    }

    /** The same of another page. */
    public static List<String> block(String file, String marker) {
        List<String> lines = lines(file);
        int start = lines.indexOf("<!-- " + marker + " -->");
        if (start < 0) {
            throw new AssertionError("no block " + marker);
        }
        List<String> behind = lines.subList(start + 2, lines.size());
        return behind.subList(0, behind.indexOf("```"));
    }

    /** The lines of a file of the project. */
    public static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(System.getProperty("polywire.basedir", "."), file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
