package dev.polywire.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A code block of a page.
 *
 * @param page below the project's root
 * @param number the line with its opening fence, counted from 1
 * @param marker the comment in the line before it, {@code <!-- kind: argument -->}; empty: there is none
 * @param language behind the opening fence, or empty
 */
public record Block(String page, int number, String marker, String language, List<String> lines) {

    private static final Path ROOT = Path.of(System.getProperty("polywire.basedir", "."));
    private static final Pattern MARKER = Pattern.compile("<!-- (.+) -->");
    private static final String FENCE = "```";

    /** All of the project's pages. The changelog has none. */
    public static List<Block> all() {
        try (Stream<Path> files = Stream.of("docs", "examples", "interop", "findings")
                .map(ROOT::resolve)
                .flatMap(Block::below)) {
            return Stream.concat(Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve), files)
                    .map(file -> ROOT.relativize(file).toString())
                    .filter(file -> file.endsWith(".md") && !file.contains("node_modules"))
                    .sorted()
                    .flatMap(file -> of(file, Readme.lines(file)).stream())
                    .toList();
        }
    }

    private static Stream<Path> below(Path directory) {
        try {
            return Files.walk(directory);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static List<Block> of(String page, List<String> lines) {
        List<Block> blocks = new ArrayList<>();
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at);
            if (!line.strip().startsWith(FENCE)) {
                at++;
                continue;
            }
            Matcher marker = MARKER.matcher(at == 0 ? "" : lines.get(at - 1).strip());
            int end = at + 1;
            while (!lines.get(end).strip().equals(FENCE)) {
                end++;
            }
            blocks.add(new Block(
                    page,
                    at + 1,
                    marker.matches() ? marker.group(1) : "",
                    line.strip().substring(FENCE.length()),
                    lines.subList(at + 1, end)));
            at = end + 1;
        }
        return blocks;
    }

    /** The first word of the marker. */
    public String kind() {
        return marker.split(":", 2)[0];
    }

    /** What stands behind the marker's colon; empty: nothing. */
    public String argument() {
        String[] parts = marker.split(": ", 2);
        return parts.length == 2 ? parts[1] : "";
    }

    public String text() {
        return String.join("\n", lines) + "\n";
    }

    /** For messages and names of tests. */
    public String where() {
        return page + ":" + number;
    }

    /** The commands of a shell, without comments; a line that ends in a backslash goes on in the next one. */
    public List<String> commands() {
        return Stream.of(text().replaceAll("\\\\\n\\s*", "").split("\n"))
                .map(line -> line.replaceFirst("(^|\\s{2,})# .*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
