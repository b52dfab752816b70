package dev.polywire.bolt.service;

import dev.polywire.bolt.wire.BoltStructure;
import dev.polywire.bolt.wire.GraphValue;
import dev.polywire.bolt.wire.PackStreamReader;
import dev.polywire.bolt.wire.Point;
import dev.polywire.bolt.wire.TemporalValue;
import dev.polywire.bolt.wire.UnsupportedType;
import dev.polywire.bolt.wire.Vector;
import dev.polywire.core.json.TypedValues;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Converts values to JSON, see {@link TypedJson}. Their reader has limited their depth, which at most triples. */
final class ValueToJson {

    private ValueToJson() {}

    /** The next value of a checked record, without intermediate objects. */
    static @Nullable Object next(PackStreamReader in) {
        return switch (in.type()) {
            case NULL -> {
                in.nullValue();
                yield null;
            }
            case BOOLEAN -> in.bool();
            case INTEGER -> integer(in.integer());
            case FLOAT -> floating(in.floating());
            case BYTES -> bytes(in.bytes());
            case STRING -> in.text();
            case LIST -> {
                JsonArray items = new JsonArray();
                for (int left = in.listHeader(); left > 0; left--) {
                    items.add(next(in));
                }
                yield items;
            }
            case MAP -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                for (int left = in.mapHeader(); left > 0; left--) {
                    fields.put(in.text(), next(in));
                }
                yield map(fields);
            }
            case STRUCTURE -> structure(in.structure());
            case UUID -> uuid(in.uuid());
        };
    }

    static @Nullable Object value(@Nullable Object value) {
        if (value == null || value instanceof Boolean || value instanceof String) {
            return value;
        } else if (value instanceof Long integer) {
            return integer(integer);
        } else if (value instanceof Double floating) {
            return floating(floating);
        } else if (value instanceof Collection<?> items) {
            return list(items);
        } else if (value instanceof Map<?, ?> fields) {
            return map(fields(fields).getMap());
        } else if (value instanceof Buffer bytes) {
            return bytes(bytes);
        } else if (value instanceof BoltStructure structure) {
            return structure(structure);
        } else if (value instanceof UUID uuid) {
            return uuid(uuid);
        }
        throw new IllegalArgumentException("value: " + value.getClass().getSimpleName() + " (expected: of PackStream)");
    }

    static JsonObject fields(Map<?, ? extends @Nullable Object> fields) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        fields.forEach((name, value) -> json.put((String) name, value(value)));
        return new JsonObject(json);
    }

    static Object integer(long value) {
        boolean plain = value >= -TypedJson.MAX_PLAIN_INTEGER && value <= TypedJson.MAX_PLAIN_INTEGER;
        return plain ? (Object) value : typed("Integer", Long.toString(value));
    }

    static JsonObject typed(String type, @Nullable Object value) {
        // The map always has two names, and does not need space for sixteen.
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(4);
        fields.put(TypedJson.TYPE, type);
        fields.put(TypedJson.VALUE, value);
        return new JsonObject(fields);
    }

    private static Object floating(double value) {
        return Double.isFinite(value) ? (Object) value : typed("Float", Double.toString(value));
    }

    private static JsonObject bytes(Buffer value) {
        return typed("Base64", TypedValues.text(value.getBytes()));
    }

    private static JsonObject uuid(UUID value) {
        return typed("UUID", value.toString());
    }

    private static JsonArray list(Collection<?> values) {
        JsonArray items = new JsonArray();
        values.forEach(value -> items.add(value(value)));
        return items;
    }

    private static JsonObject map(Map<String, @Nullable Object> json) {
        JsonObject object = new JsonObject(json);
        return json.containsKey(TypedJson.TYPE) ? typed("Map", object) : object;
    }

    private static JsonObject structure(BoltStructure value) {
        if (value instanceof GraphValue graph) {
            return GraphJson.of(graph);
        } else if (value instanceof TemporalValue temporal) {
            return TemporalText.of(temporal);
        } else if (value instanceof Point point) {
            return typed("Point", PointText.of(point));
        } else if (value instanceof Vector vector) {
            return VectorJson.of(vector);
        }
        UnsupportedType unsupported = (UnsupportedType) value;
        Object message = unsupported.extra().get("message");
        return typed(
                "Unsupported",
                unsupported.name() + (message instanceof String text ? ": " + text : "") + " (from Bolt "
                        + unsupported.minMajor() + "." + unsupported.minMinor() + " on)");
    }
}
