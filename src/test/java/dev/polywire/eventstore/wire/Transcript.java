package dev.polywire.eventstore.wire;

import dev.polywire.testing.Vectors;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A conversation with a real server, from {@code src/test/resources/eventstore}, whose README describes the form.
 *
 * @param name directory and file, without its ending: {@code 5.0.11/ping}
 * @param heading without its {@code #}
 */
public record Transcript(String name, List<String> heading, List<Line> lines) {

    /** Found on the class path: a fuzzer works in a directory of its own. */
    private static final Path ALL = Path.of(
                    URI.create(String.valueOf(Transcript.class.getResource("/eventstore/README.md"))))
            .getParent();

    /**
     * @param from {@code C}, {@code S}, or {@code X} for what is no package
     * @param connection 1 for the first one
     * @param command its name; empty for what is no package
     * @param text hex of bytes, or what happened
     * @param time {@code @123ms} or empty
     */
    public record Line(char from, int connection, String command, String text, String time) {

        /** Whether these bytes are a package with a length, good or bad inside. */
        public boolean isPackage() {
            return from != 'X' && !command.equals("(raw)");
        }

        /** All of them, where the file leaves zeros out, too. */
        public Buffer bytes() {
            String[] parts = text.split("\\.\\.\\.");
            Buffer head = Vectors.bytes(parts[0]);
            if (parts.length == 1) {
                return head;
            }
            Buffer tail = Vectors.bytes(parts[1]);
            int zeros = Integer.BYTES + head.getIntLE(0) - head.length() - tail.length();
            return head.appendBytes(new byte[zeros]).appendBuffer(tail);
        }

        static Line parse(String line) {
            String[] columns = line.split("\t");
            if (columns[0].equals("X")) {
                return new Line('X', 0, "", columns[1], "");
            }
            String connection = columns[0].substring(1);
            return new Line(
                    columns[0].charAt(0),
                    connection.isEmpty() ? 1 : Integer.parseInt(connection),
                    columns[1],
                    columns[2],
                    columns.length > 3 ? columns[3] : "");
        }
    }

    /** Of all versions, by name. */
    public static List<Transcript> all() {
        try (Stream<Path> files = Files.walk(ALL)) {
            return files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .map(Transcript::read)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Transcript read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return new Transcript(
                    ALL.relativize(file).toString().replace('\\', '/').replace(".txt", ""),
                    lines.stream()
                            .filter(line -> line.startsWith("#"))
                            .map(line -> line.substring(1).strip())
                            .toList(),
                    lines.stream()
                            .filter(line -> !line.startsWith("#"))
                            .map(Line::parse)
                            .toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
