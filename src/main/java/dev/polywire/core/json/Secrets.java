package dev.polywire.core.json;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a configuration: values given as {@code {"env": "NAME"}} or {@code {"file": "path"}}, strings whose
 * key names a secret ({@code password}, {@code token}, ...), and passwords in addresses. It keeps them to hide them.
 */
public final class Secrets {

    /** Shown in place of a secret. */
    public static final String HIDDEN = "***";

    /** Enough for a certificate with its chain; too small for a log. */
    static final int MAX_FILE_BYTES = 65_536;

    /** Hiding a shorter one would also remove many words of a log. */
    private static final int MIN_HIDDEN_CHARACTERS = 4;

    private static final Pattern KEY = Pattern.compile("(?i).*(password|passphrase|secret|token)s?");
    private static final Pattern USER_INFO = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://[^/@:]*:([^/@]+)@.*");

    /** Longest first: one may be a part of another. */
    private final Set<String> values =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    private final Set<String> paths = new HashSet<>();
    private final Set<String> credentials = new HashSet<>();
    private final Set<Path> files = new LinkedHashSet<>();
    private final Map<String, String> environment;
    private final Set<String> variables = new HashSet<>();
    private final Consumer<FieldException> complaints;

    /** @param environment the variables @param complaints is given each reference that cannot be resolved */
    public Secrets(Map<String, String> environment, Consumer<FieldException> complaints) {
        this.environment = environment;
        this.complaints = complaints;
    }

    /**
     * Reads a whole document: references are resolved, then it is read. Reads files.
     *
     * @param environment the variables
     * @throws FieldException with all complaints, each on a line, without secrets; of one field the first, since later ones
     *     follow from it
     */
    public static <T> T whole(JsonObject json, Map<String, String> environment, Function<Fields, T> reading) {
        Map<String, FieldException> all = new LinkedHashMap<>();
        Consumer<FieldException> complaints = complaint -> all.putIfAbsent(complaint.path(), complaint);
        Secrets secrets = new Secrets(environment, complaints);
        JsonObject resolved = secrets.resolve(json);
        T read = Fields.collecting(resolved, complaint -> complaints.accept(secrets.withoutValue(complaint)))
                .read(reading);
        if (read == null || !all.isEmpty()) {
            throw FieldException.of(List.copyOf(all.values()));
        }
        return read;
    }

    /** A copy of {@code json} with all references resolved. Reads files. */
    public JsonObject resolve(JsonObject json) {
        return (JsonObject) resolve("", "", json);
    }

    /** The variables of the references. */
    public Set<String> variables() {
        return variables;
    }

    /** The files of the references. */
    public Set<Path> files() {
        return files;
    }

    /** Whether the value at {@code path} is a secret, or contains one. */
    public boolean hides(String path) {
        return paths.contains(path);
    }

    /** Whether there is a password or token below {@code path}: a value that is sent, or compared with received values. */
    public boolean credentialsWithin(String path) {
        return credentials.stream().anyMatch(each -> each.startsWith(path + ".") || each.startsWith(path + "["));
    }

    /** {@code text} without secrets, in plain form and as JSON strings. */
    public String redact(String text) {
        String shown = text;
        for (String value : values) {
            if (value.length() >= MIN_HIDDEN_CHARACTERS) {
                shown = shown.replace(value, HIDDEN).replace(quoted(value), HIDDEN);
            }
        }
        return shown;
    }

    /** A complaint about the result of {@link #resolve}, without secrets: one about a secret says what was expected. */
    public FieldException withoutValue(FieldException complaint) {
        String what = complaint.complaint();
        // That a field is unknown says its name and no value.
        if (hides(complaint.path()) && !what.startsWith(Fields.UNKNOWN)) {
            int expected = what.indexOf(" (expected");
            what = HIDDEN + (expected < 0 ? "" : what.substring(expected));
        }
        return new FieldException(complaint.path(), redact(what));
    }

    /** A copy of the result of {@link #resolve}, without secrets. */
    public JsonObject masked(JsonObject json) {
        return (JsonObject) masked("", json);
    }

    private Object masked(String path, Object value) {
        if (hides(path)) {
            return HIDDEN;
        } else if (value instanceof JsonObject object) {
            JsonObject copy = new JsonObject();
            object.forEach(field ->
                    copy.put(field.getKey(), maskedOrNull(child(path, field.getKey()), field.getValue())));
            return copy;
        } else if (value instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            for (int i = 0; i < array.size(); i++) {
                copy.add(maskedOrNull(path + "[" + i + "]", array.getValue(i)));
            }
            return copy;
        }
        return value;
    }

    private @Nullable Object maskedOrNull(String path, @Nullable Object value) {
        return value == null ? null : masked(path, value);
    }

    private @Nullable Object resolveOrNull(String path, String key, @Nullable Object value) {
        return value == null ? null : resolve(path, key, value);
    }

    private Object resolve(String path, String key, Object value) {
        if (value instanceof JsonObject object) {
            if (isReference(object)) {
                return hide(path, key, follow(path, object));
            }
            JsonObject copy = new JsonObject();
            object.forEach(field -> copy.put(
                    field.getKey(), resolveOrNull(child(path, field.getKey()), field.getKey(), field.getValue())));
            return copy;
        } else if (value instanceof JsonArray array) {
            JsonArray copy = new JsonArray();
            for (int i = 0; i < array.size(); i++) {
                copy.add(resolveOrNull(path + "[" + i + "]", key, array.getValue(i)));
            }
            return copy;
        } else if (value instanceof String text) {
            Matcher address = USER_INFO.matcher(text);
            if (KEY.matcher(key).matches()) {
                hide(path, key, text);
            } else if (address.matches()) {
                hide(path, "password", address.group(1));
            }
        }
        return value;
    }

    private String hide(String path, String key, String secret) {
        if (KEY.matcher(key).matches()) {
            credentials.add(path);
        }
        paths.add(path);
        values.add(secret);
        return secret;
    }

    private static boolean isReference(JsonObject object) {
        return object.size() == 1
                && (object.getValue("env") instanceof String || object.getValue("file") instanceof String);
    }

    private String follow(String path, JsonObject reference) {
        String variable = reference.getString("env");
        if (variable != null) {
            variables.add(variable);
        }
        try {
            String secret = variable != null ? environment.get(variable) : file(reference.getString("file"));
            if (secret == null || secret.isEmpty()) {
                throw new FieldException(
                        path,
                        variable != null
                                ? "the environment has no " + variable + " (expected: a variable that is not empty)"
                                : "the file is empty (expected: a secret)");
            }
            return secret;
        } catch (IOException | InvalidPathException unreadable) {
            complaints.accept(new FieldException(
                    path,
                    "the file cannot be read (expected: UTF-8 text, at most " + MAX_FILE_BYTES + " bytes, at "
                            + reference.getString("file") + ")"));
        } catch (FieldException empty) {
            complaints.accept(empty);
        }
        return HIDDEN;
    }

    /** A text editor adds one newline at the end, which is not part of the secret. */
    private String file(String name) throws IOException {
        Path file = Path.of(name);
        files.add(file);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_FILE_BYTES + 1);
        }
        if (bytes.length > MAX_FILE_BYTES) {
            throw new CharacterCodingException();
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        String cut = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return cut.endsWith("\r") && cut.length() < text.length() ? cut.substring(0, cut.length() - 1) : cut;
    }

    private static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The form in a JSON text, without quotation marks. */
    private static String quoted(String value) {
        String json = new JsonArray().add(value).encode();
        return json.substring(2, json.length() - 2);
    }
}
