package dev.polywire.testing;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Bytes to test with, from {@code src/test/resources/vectors}. One vector a line, {@code #} begins a comment:
 *
 * <pre>
 *   id TAB direction (C, S or -) TAB hex TAB description
 *   hex in pairs TAB # description                          the id is then "line" and the line's number
 * </pre>
 */
public record Vectors(String file, List<Vector> all) {

    /** One line; who speaks is {@code C}, {@code S} or {@code -}. */
    public record Vector(String id, String direction, String hex, String description) {

        public Buffer bytes() {
            return Vectors.bytes(hex);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    /** All of one file, in its order. */
    public static Vectors read(String file) {
        List<String> lines = resource("/vectors/" + file).lines().toList();
        return new Vectors(
                file,
                IntStream.range(0, lines.size())
                        .filter(i -> !lines.get(i).isBlank() && !lines.get(i).startsWith("#"))
                        .mapToObj(i -> parse(lines.get(i), i + 1))
                        .toList());
    }

    /** The vector with this id, which must be there. */
    public Vector get(String id) {
        return all.stream()
                .filter(vector -> vector.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(id + " is not in " + file));
    }

    /** Hexadecimal text, with or without blanks. */
    public static Buffer bytes(String hex) {
        return Buffer.buffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    public static String hex(Buffer bytes) {
        return HexFormat.of().formatHex(bytes.getBytes());
    }

    /** The lines of a resource, heading and all. */
    public static List<String> lines(String path) {
        return resource(path).lines().toList();
    }

    static String resource(String path) {
        try (InputStream in = Objects.requireNonNull(Vectors.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Vector parse(String line, int number) {
        String[] parts = line.split("\t", 4);
        return switch (parts.length) {
            case 4 -> new Vector(parts[0], parts[1], parts[2], parts[3]);
            case 3 -> new Vector(parts[0], parts[1], parts[2], "");
            case 2 -> new Vector("line" + number, "-", parts[0], parts[1]);
            default -> throw new IllegalArgumentException("line " + number + ": " + parts.length + " columns");
        };
    }
}
