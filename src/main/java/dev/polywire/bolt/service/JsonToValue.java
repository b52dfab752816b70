package dev.polywire.bolt.service;

import dev.polywire.bolt.wire.BoltLimits;
import dev.polywire.bolt.wire.GraphValue;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.JsonPath;
import dev.polywire.core.json.TypedValues;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Converts a caller's JSON to values, see {@link TypedJson}, strictly. One for each object: it tracks the path. */
final class JsonToValue {

    private static final Set<String> ENVELOPE = Set.of(TypedJson.TYPE, TypedJson.VALUE);
    private static final Set<String> FROM_SERVERS = Set.of("Node", "Relationship", "Path", "Unsupported");
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /** Every valid time, duration or point is shorter; their parsers are fast for short texts. */
    private static final int MAX_TEXT_CHARACTERS = 300;

    private final JsonPath path = new JsonPath();

    private final @Nullable JsonToGraph graph;
    private int depth;

    /** For values from a client. */
    JsonToValue(String path) {
        this(path, false);
    }

    /** @param server whether the values come from a server, and may be nodes, relationships and paths, too */
    JsonToValue(String path, boolean server) {
        this.path.enter(path);
        this.graph = server ? new JsonToGraph(this) : null;
    }

    /** All fields of an object, which is not a typed value, whatever its names. */
    Map<String, @Nullable Object> fields(JsonObject object) {
        deeper();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (Map.Entry<String, Object> field : object) {
            path.enter(field.getKey());
            fields.put(field.getKey(), value(field.getValue()));
            path.leave();
        }
        depth--;
        return fields;
    }

    /** Whether PackStream can write all values unchanged. */
    static boolean arePlain(List<?> values) {
        for (int i = 0; i < values.size(); i++) {
            if (!isPlain(values.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(@Nullable Object json) {
        return json == null
                || json instanceof String
                || json instanceof Long
                || json instanceof Integer
                || json instanceof Double
                || json instanceof Boolean;
    }

    private @Nullable Object value(@Nullable Object json) {
        if (json == null || json instanceof String || json instanceof Boolean) {
            return json;
        } else if (json instanceof Double || json instanceof Float) {
            return ((Number) json).doubleValue();
        } else if (json instanceof JsonObject object) {
            return object.containsKey(TypedJson.TYPE) ? typed(object) : fields(object);
        } else if (json instanceof JsonArray array) {
            return items(array);
        }
        Long integer = json instanceof Number ? TypedValues.int64(json) : null;
        if (integer == null) {
            throw path.bad(Fields.kind(json) + " (expected: a JSON value, integers within 64 bits)");
        }
        return integer;
    }

    List<@Nullable Object> items(JsonArray array) {
        deeper();
        List<@Nullable Object> items = new ArrayList<>(array.size());
        for (Object item : array) {
            path.enter(items.size());
            items.add(value(item));
            path.leave();
        }
        depth--;
        return items;
    }

    private @Nullable Object typed(JsonObject object) {
        Object named = object.getValue(TypedJson.TYPE);
        if (!object.fieldNames().equals(ENVELOPE) || !(named instanceof String)) {
            throw path.bad(
                    "a map with a field $type (expected: a typed value of $type and _value, or the map in one of $type"
                            + " Map)");
        }
        String type = (String) named;
        Object json = object.getValue(TypedJson.VALUE);
        try {
            return switch (type) {
                case "Null" -> nothing(json);
                case "Boolean" -> as(Boolean.class, json);
                case "String" -> as(String.class, json);
                case "Integer" -> integer(json);
                case "Float" -> FloatText.parse(json);
                case "Base64" -> bytes(json);
                case "UUID" -> uuid(json);
                case "Vector" -> VectorJson.parse(json);
                case "Map" -> fields(as(JsonObject.class, json));
                case "List" -> items(as(JsonArray.class, json));
                case "Point" -> PointText.parse(text(json));
                default -> structure(type, json);
            };
        } catch (DateTimeException | ArithmeticException malformed) {
            throw path.bad("not a value of its $type (expected: ISO 8601, in range)");
        } catch (FieldException known) {
            throw known;
        } catch (IllegalArgumentException malformed) {
            throw path.bad(malformed.getMessage());
        }
    }

    private Object structure(String type, @Nullable Object json) {
        GraphValue value = graph == null ? null : graph.parse(type, json);
        if (value != null) {
            return value;
        } else if (FROM_SERVERS.contains(type)) {
            throw path.bad("a " + type + " (expected: what a server takes, such as its id)");
        }
        Object temporal = TemporalText.parse(type, text(json));
        if (temporal == null) {
            throw path.bad("of a $type that nobody knows");
        }
        return temporal;
    }

    private static long integer(@Nullable Object json) {
        Long integer = TypedValues.int64(json);
        if (integer == null) {
            throw new IllegalArgumentException("not an integer (expected: of 64 bits, decimal digits in a string)");
        }
        return integer;
    }

    private static Buffer bytes(@Nullable Object json) {
        byte[] bytes = TypedValues.bytes(json);
        if (bytes == null) {
            throw new IllegalArgumentException("not bytes (expected: base64)");
        }
        return Buffer.buffer(bytes);
    }

    private static UUID uuid(@Nullable Object json) {
        String text = text(json);
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("not a UUID (expected: 8-4-4-4-12 hexadecimal digits)");
        }
        return UUID.fromString(text);
    }

    private static String text(@Nullable Object json) {
        if (json instanceof String text && text.length() <= MAX_TEXT_CHARACTERS) {
            return text;
        }
        throw new IllegalArgumentException(
                Fields.kind(json) + " (expected: a string of at most " + MAX_TEXT_CHARACTERS + " characters)");
    }

    private static <T> T as(Class<T> type, @Nullable Object json) {
        if (type.isInstance(json)) {
            return type.cast(json);
        }
        throw new IllegalArgumentException(Fields.kind(json) + " (expected: a value of its $type)");
    }

    private static @Nullable Object nothing(@Nullable Object json) {
        if (json != null) {
            throw new IllegalArgumentException(Fields.kind(json) + " (expected: null)");
        }
        return null;
    }

    private void deeper() {
        if (++depth > BoltLimits.GREATEST_MAX_DEPTH) {
            throw path.bad("deeper than " + BoltLimits.GREATEST_MAX_DEPTH + " levels");
        }
    }
}
