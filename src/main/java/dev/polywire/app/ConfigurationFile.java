package dev.polywire.app;

import dev.polywire.core.json.FieldException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One configuration file: its content, and the line of each field. */
final class ConfigurationFile {

    static final int MAX_BYTES = 1_048_576;

    private final Path file;
    private final Format format;
    private final String text;
    private final JsonObject json;
    private @Nullable Map<String, Integer> lines;

    private ConfigurationFile(Path file, Format format, String text) {
        this.file = file;
        this.format = format;
        this.text = text;
        try {
            json = format.read(text);
        } catch (FieldException | Lines.Malformed no) {
            throw complaint(no);
        }
    }

    /** @throws ConfigurationException that has one complaint */
    static ConfigurationFile read(Path file) {
        Format format = Format.of(file);
        if (format == null) {
            throw complaint(file, "of unknown format (expected: .json, .yaml, .yml, .conf or .hocon)");
        }
        return new ConfigurationFile(file, format, text(file));
    }

    JsonObject json() {
        return json;
    }

    /** Whether this file defines the value at {@code path}: the file that defines a list defines all of it. */
    boolean says(String path) {
        int list = path.lastIndexOf(']');
        return lines().containsKey(list < 0 ? path : path.substring(0, list + 1));
    }

    /** The file and the line of {@code path}, or of the place where it is missing. */
    String where(String path) {
        String at = path;
        while (!at.isEmpty() && !lines().containsKey(at)) {
            at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
        }
        int line = lines().getOrDefault(at, 0);
        return line > 0 ? file + ":" + line : file.toString();
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw complaint(file, "too large (expected: at most " + MAX_BYTES + " bytes)");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw complaint(file, "not text (expected: UTF-8)");
        } catch (IOException unreadable) {
            throw complaint(
                    file,
                    "cannot be read (expected: a file; " + unreadable.getClass().getSimpleName() + ")");
        }
    }

    /** Reads the file a second time: the lines are needed only for complaints. */
    private Map<String, Integer> lines() {
        if (lines == null) {
            lines = format.lines(text);
        }
        return lines;
    }

    private ConfigurationException complaint(Throwable no) {
        Throwable why = no;
        if (no instanceof FieldException) {
            try {
                lines();
            } catch (Lines.Malformed located) {
                why = located;
            }
        }
        if (why instanceof Lines.Malformed malformed) {
            String where = malformed.line() > 0 ? file + ":" + malformed.line() : file.toString();
            return new ConfigurationException(new Complaint(where, "", String.valueOf(malformed.getMessage())));
        }
        return no instanceof FieldException field
                ? complaint(file, field.complaint())
                : complaint(file, "malformed (expected: " + format + ")");
    }

    private static ConfigurationException complaint(Path file, String what) {
        return new ConfigurationException(new Complaint(file.toString(), "", what));
    }
}
