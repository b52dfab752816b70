package dev.polywire.core.json;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, each read by name and type; {@link #done} reports the fields that were not read. Every
 * complaint is a {@link FieldException} that names the path, the value found and the expectation. Complaints never repeat
 * string values, which may be secrets.
 *
 * <p>A complaint is thrown. If all complaints are wanted together ({@link #collecting}), it is passed to a consumer
 * instead, and reading continues with the default, or with the smallest allowed value.
 */
public final class Fields {

    /** How the complaint about a field begins that nobody reads. */
    public static final String UNKNOWN = "unknown field";

    private final JsonObject json;
    private final String path;
    private final Set<String> known = new TreeSet<>();
    private final @Nullable Consumer<FieldException> complaints;
    private final FieldObserver observer;

    private Fields(
            @Nullable JsonObject json,
            String path,
            @Nullable Consumer<FieldException> complaints,
            FieldObserver observer) {
        this.json = json == null ? new JsonObject() : json;
        this.path = path;
        this.complaints = complaints;
        this.observer = observer;
    }

    /** Reads the top level of a document; paths are the names of its fields. */
    public static Fields of(@Nullable JsonObject json) {
        return at("", json);
    }

    /** Reads the object at {@code path} of a document; null reads like an empty object. */
    public static Fields at(String path, @Nullable JsonObject json) {
        return new Fields(json, path, null, FieldObserver.NONE);
    }

    /** Reads the top level completely: complaints go to {@code complaints}. A field may have more than one complaint. */
    public static Fields collecting(JsonObject json, Consumer<FieldException> complaints) {
        return observed(json, complaints, FieldObserver.NONE);
    }

    /** The same. @param observer is told what is asked for, of this object and those within */
    public static Fields observed(JsonObject json, Consumer<FieldException> complaints, FieldObserver observer) {
        return new Fields(json, "", complaints, observer);
    }

    /**
     * Reads this object. Some readers complain only by throwing, which ends the reading; this gives such a complaint to the
     * consumer as well.
     *
     * @return null after such a complaint
     */
    public <T> @Nullable T read(Function<Fields, T> reading) {
        try {
            return reading.apply(this);
        } catch (FieldException complaint) {
            complain(complaint);
        } catch (IllegalArgumentException outOfRange) {
            String[] parts = String.valueOf(outOfRange.getMessage()).split(": ", 2);
            complain(
                    parts.length == 2 && parts[0].matches("[a-zA-Z]+")
                            ? complaint(parts[0], parts[1])
                            : new FieldException(path, parts[0]));
        }
        return null;
    }

    /** The path of this object, empty for the top level. */
    public String path() {
        return path;
    }

    /** Whether the field is present; null is the same as absent. */
    public boolean has(String name) {
        boolean there = json.getValue(name) != null;
        if (!there) {
            take(name, FieldShape.of(FieldShape.Kind.ANY));
        }
        return there;
    }

    public String text(String name) {
        FieldShape shape = FieldShape.of(FieldShape.Kind.TEXT).required();
        return required(name, typed(name, String.class, "a string", shape), "", "a string");
    }

    public String text(String name, String fallback) {
        FieldShape shape = FieldShape.of(FieldShape.Kind.TEXT).orElse(fallback);
        String value = typed(name, String.class, "a string", shape);
        return value == null ? fallback : value;
    }

    public @Nullable String textOrNull(String name) {
        return typed(name, String.class, "a string", FieldShape.of(FieldShape.Kind.TEXT));
    }

    public boolean flag(String name, boolean fallback) {
        FieldShape shape = FieldShape.of(FieldShape.Kind.FLAG).orElse(fallback);
        Boolean value = typed(name, Boolean.class, "true or false", shape);
        return value == null ? fallback : value;
    }

    public int int32(String name, int min, int max) {
        Long value = number(name, FieldShape.range(min, max).required(), min, max);
        return Math.toIntExact(required(name, value, (long) min, min + " to " + max));
    }

    public int int32(String name, int fallback, int min, int max) {
        return Math.toIntExact(int64(name, fallback, min, max));
    }

    public long int64(String name, long fallback, long min, long max) {
        Long value = number(name, FieldShape.range(min, max).orElse(fallback), min, max);
        return value == null ? fallback : value;
    }

    public @Nullable Long int64OrNull(String name, long min, long max) {
        return number(name, FieldShape.range(min, max), min, max);
    }

    /** The same, where the default and the largest value are this machine's, and no observer is told them. */
    public long machineInt64(String name, long fallback, long min, long max) {
        Long value = number(name, FieldShape.range(min, Long.MAX_VALUE), min, max);
        return value == null ? fallback : value;
    }

    private @Nullable Long number(String name, FieldShape shape, long min, long max) {
        Object value = take(name, shape);
        if (value == null) {
            return null;
        }
        Long number = TypedValues.int64(value);
        if (number == null || number < min || number > max) {
            complain(name, (number == null ? kind(value) : number) + " (expected: " + min + " to " + max + ")");
            return null;
        }
        return number;
    }

    /** One of an enum's names, in lower case. */
    public <E extends Enum<E>> E oneOf(String name, Class<E> type, E fallback) {
        // The usual case on the way of each request.
        if (observer == FieldObserver.NONE && !has(name)) {
            return fallback;
        }
        List<E> all = List.of(type.getEnumConstants());
        List<String> words = all.stream().map(Fields::word).toList();
        return all.get(words.indexOf(word(name, word(fallback), words)));
    }

    /** One of some words; absent or another: {@code fallback}. */
    public String word(String name, String fallback, List<String> words) {
        String value = word(name, FieldShape.word(words).orElse(fallback));
        return value == null ? fallback : value;
    }

    /** One of some words; null: absent, or another. */
    public @Nullable String wordOrNull(String name, List<String> words) {
        return word(name, FieldShape.word(words));
    }

    private @Nullable String word(String name, FieldShape shape) {
        String value = typed(name, String.class, "a string", shape);
        if (value != null && !shape.words().contains(value)) {
            complain(name, "unknown (expected: one of " + shape.words() + ")");
            return null;
        }
        return value;
    }

    /**
     * One of some words.
     *
     * @throws FieldException when it is missing or another, even if complaints are collected: what a word decides cannot be
     *     read without it
     */
    public String word(String name, List<String> words) {
        String value =
                typed(name, String.class, "a string", FieldShape.word(words).required());
        if (value == null || !words.contains(value)) {
            throw complaint(name, (value == null ? "missing" : "unknown") + " (expected: one of " + words + ")");
        }
        return value;
    }

    /** The value of a field that has more than one form; null when absent. */
    public @Nullable Object valueOrNull(String name) {
        return take(name, FieldShape.of(FieldShape.Kind.ANY));
    }

    /** A nested object; an absent one reads like an empty one. */
    public Fields object(String name) {
        return new Fields(objectOrNull(name), pathOf(name), complaints, observer);
    }

    public @Nullable JsonObject objectOrNull(String name) {
        return typed(name, JsonObject.class, "an object", FieldShape.of(FieldShape.Kind.OBJECT));
    }

    /** A list of strings, empty when absent. */
    public List<String> texts(String name) {
        return texts(name, FieldShape.of(FieldShape.Kind.TEXTS));
    }

    /** A list of strings, which must be there; or {@code word} alone, which gives null. Absent: empty. */
    public @Nullable List<String> textsOr(String name, String word) {
        FieldShape shape = FieldShape.textsOr(word).required();
        return word.equals(json.getValue(name)) && word.equals(take(name, shape)) ? null : texts(name, shape);
    }

    private List<String> texts(String name, FieldShape shape) {
        List<String> all = new ArrayList<>();
        each(name, String.class, "a list of strings", shape, (at, text) -> all.add(text));
        return all;
    }

    /** A list of objects, each read strictly, empty when absent. */
    public List<Fields> objects(String name) {
        List<Fields> all = new ArrayList<>();
        each(
                name,
                JsonObject.class,
                "a list of objects",
                FieldShape.of(FieldShape.Kind.OBJECTS),
                (at, object) -> all.add(new Fields(object, pathOf(at), complaints, observer)));
        return all;
    }

    /** Complains about fields that were not read: the first, or each of them when complaints are collected. */
    public void done() {
        observer.done(path);
        if (known.containsAll(json.fieldNames())) {
            return;
        }
        String expected = complaints == null ? "" : " (expected: one of " + known + ")";
        json.fieldNames().stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .forEach(name -> complain(shown(name), UNKNOWN + expected));
    }

    /** The fields that were not read yet. */
    public JsonObject unread() {
        JsonObject rest = new JsonObject();
        json.forEach(field -> {
            if (!known.contains(field.getKey())) {
                rest.put(field.getKey(), field.getValue());
            }
        });
        return rest;
    }

    /** A name from an untrusted source, made safe for a log. */
    private static String shown(String name) {
        String start = name.length() <= 100 ? name : name.substring(0, 100) + "...";
        return start.replaceAll("\\p{Cntrl}", "?");
    }

    /** A complaint about a field of this object, for checks in other classes; the caller throws it. */
    public FieldException complaint(String name, String what) {
        return new FieldException(pathOf(name), what);
    }

    /** The kind of a JSON value, in words for complaints. */
    public static String kind(@Nullable Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof String) {
            return "a string";
        } else if (value instanceof Number) {
            return value.toString().length() <= 40 ? value.toString() : "a number of many digits";
        } else if (value instanceof Boolean) {
            return value.toString();
        } else if (value instanceof JsonArray || value instanceof List) {
            return "an array";
        }
        return value instanceof JsonObject || value instanceof java.util.Map
                ? "an object"
                : "something that is not JSON";
    }

    private <T> void each(
            String name, Class<T> type, String expected, FieldShape shape, BiConsumer<String, T> element) {
        JsonArray array = typed(name, JsonArray.class, expected, shape);
        for (int i = 0; array != null && i < array.size(); i++) {
            String at = name + "[" + i + "]";
            Object each = array.getValue(i);
            if (type.isInstance(each)) {
                element.accept(at, type.cast(each));
            } else {
                complain(at, kind(each) + " (expected: " + expected + ")");
            }
        }
    }

    private <T> @Nullable T typed(String name, Class<T> type, String expected, FieldShape shape) {
        Object value = take(name, shape);
        if (value != null && !type.isInstance(value)) {
            complain(name, kind(value) + " (expected: " + expected + ")");
            return null;
        }
        return type.cast(value);
    }

    private <T> T required(String name, @Nullable T value, T least, String expected) {
        if (value == null) {
            complain(name, "missing (expected: " + expected + ")");
            return least;
        }
        return value;
    }

    private void complain(String name, String what) {
        complain(complaint(name, what));
    }

    private void complain(FieldException complaint) {
        if (complaints == null) {
            throw complaint;
        }
        complaints.accept(complaint);
    }

    private @Nullable Object take(String name, FieldShape shape) {
        known.add(name);
        Object value = json.getValue(name);
        observer.asked(path, name, shape, value != null);
        return value;
    }

    /** {@code READ_ONLY_REPLICA} is readOnlyReplica. */
    private static String word(Enum<?> constant) {
        String[] parts = constant.name().toLowerCase(Locale.ROOT).split("_");
        StringBuilder word = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            word.append(Character.toUpperCase(parts[i].charAt(0))).append(parts[i], 1, parts[i].length());
        }
        return word.toString();
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
