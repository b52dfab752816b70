package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.AmqpWriter;
import dev.polywire.amqp.wire.LongString;
import dev.polywire.amqp.wire.Timestamp;
import dev.polywire.amqp.wire.UnsignedField;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.JsonPath;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes field tables from a caller's JSON, strictly, see {@link TableJson}. One object per table, which tracks the path. */
final class JsonToTable {

    private static final Set<String> ENVELOPE = Set.of(TableJson.TYPE, TableJson.VALUE);
    /** Nesting of tables and arrays, the outermost one not counted, as in the writer. */
    private static final int MAX_DEPTH = 32;

    private static final int MAX_NAME_BYTES = 255;
    /** The length of a decimal's text; no AMQP decimal is longer. */
    private static final int MAX_DECIMAL_CHARACTERS = 300;

    private final JsonPath path = new JsonPath();

    private int depth = -1;

    JsonToTable(String path) {
        this.path.enter(path);
    }

    /** All fields of an object, which is never read as a typed value, whatever the names of its fields are. */
    Map<String, @Nullable Object> fields(JsonObject object) {
        deeper();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (Map.Entry<String, Object> field : object) {
            path.enter(field.getKey());
            String name = unicode(field.getKey());
            if (Utf8.bytes(name) > MAX_NAME_BYTES) {
                throw path.bad("a name too long (expected: <= " + MAX_NAME_BYTES + " bytes)");
            }
            fields.put(name, value(field.getValue()));
            path.leave();
        }
        depth--;
        return fields;
    }

    private List<@Nullable Object> items(JsonArray array) {
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

    private @Nullable Object value(@Nullable Object json) {
        if (json instanceof String text) {
            return unicode(text);
        } else if (json == null || json instanceof Boolean) {
            return json;
        } else if (json instanceof Double || json instanceof Float) {
            return ((Number) json).doubleValue();
        } else if (json instanceof JsonObject object) {
            return object.containsKey(TableJson.TYPE) ? typed(object) : fields(object);
        } else if (json instanceof JsonArray array) {
            return items(array);
        }
        Long integer = json instanceof Number ? TypedValues.int64(json) : null;
        if (integer == null) {
            throw path.bad(Fields.kind(json) + " (expected: a JSON value, integers within 64 bits)");
        }
        return integer;
    }

    private @Nullable Object typed(JsonObject object) {
        if (!object.fieldNames().equals(ENVELOPE) || !(object.getValue(TableJson.TYPE) instanceof String type)) {
            throw path.bad(
                    "an object with a field $type (expected: a typed value of $type and _value, or the object in one of"
                            + " $type Table)");
        }
        Object json = object.getValue(TableJson.VALUE);
        return switch (type) {
            case "Void" -> nothing(json);
            case "Boolean" -> as(Boolean.class, json);
            case "Byte" -> (byte) integer(json, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "UnsignedByte" -> new UnsignedField(8, integer(json, 0, 0xff));
            case "Short" -> (short) integer(json, Short.MIN_VALUE, Short.MAX_VALUE);
            case "UnsignedShort" -> new UnsignedField(16, integer(json, 0, 0xffff));
            case "Integer" -> (int) integer(json, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "UnsignedInteger" -> new UnsignedField(32, integer(json, 0, 0xffff_ffffL));
            case "Long" -> integer(json, Long.MIN_VALUE, Long.MAX_VALUE);
            case "Timestamp" -> new Timestamp(integer(json, Long.MIN_VALUE, Long.MAX_VALUE));
            case "Float" -> single(json);
            case "Double" -> number(json);
            case "Decimal" -> decimal(json);
            case "String" -> unicode(as(String.class, json));
            case "LongString" -> new LongString(bytes(json));
            case "Base64" -> bytes(json);
            case "Table" -> fields(as(JsonObject.class, json));
            case "Array" -> items(as(JsonArray.class, json));
            default -> throw path.bad("of a $type that nobody knows");
        };
    }

    private long integer(@Nullable Object json, long min, long max) {
        Long integer = TypedValues.int64(json);
        if (integer == null || integer < min || integer > max) {
            throw path.bad(Fields.kind(json) + " (expected: an integer, " + min + " to " + max + ")");
        }
        return integer;
    }

    private double number(@Nullable Object json) {
        if (json instanceof Number number) {
            return number.doubleValue();
        } else if ("NaN".equals(json)) {
            return Double.NaN;
        } else if ("Infinity".equals(json)) {
            return Double.POSITIVE_INFINITY;
        } else if ("-Infinity".equals(json)) {
            return Double.NEGATIVE_INFINITY;
        }
        throw path.bad(Fields.kind(json) + " (expected: a number, NaN, Infinity or -Infinity)");
    }

    private float single(@Nullable Object json) {
        double number = number(json);
        Float single = TypedValues.float32(number);
        if (single == null) {
            throw path.bad(number + " (expected: a number of 32 bits, NaN, Infinity or -Infinity)");
        }
        return single;
    }

    /** The writer decides whether it fits AMQP's 31 bits and scale; asked here, so that nothing is half written. */
    private BigDecimal decimal(@Nullable Object json) {
        String text = json instanceof String given ? given : json instanceof Number number ? number.toString() : "";
        try {
            if (text.length() <= MAX_DECIMAL_CHARACTERS) {
                BigDecimal decimal = new BigDecimal(text);
                new AmqpWriter().table(Map.of("", decimal));
                return decimal;
            }
        } catch (IllegalArgumentException unfit) {
            // Reported below.
        }
        throw path.bad(Fields.kind(json) + " (expected: a decimal of 31 bits, at most 255 places)");
    }

    private String unicode(String text) {
        if (Utf8.isUnicode(text)) {
            return text;
        }
        throw path.bad(Utf8.NOT_UNICODE);
    }

    private Buffer bytes(@Nullable Object json) {
        byte[] bytes = TypedValues.bytes(json);
        if (bytes == null) {
            throw path.bad(Fields.kind(json) + " (expected: base64)");
        }
        return Buffer.buffer(bytes);
    }

    private <T> T as(Class<T> type, @Nullable Object json) {
        if (type.isInstance(json)) {
            return type.cast(json);
        }
        throw path.bad(Fields.kind(json) + " (expected: a value of its $type)");
    }

    private @Nullable Object nothing(@Nullable Object json) {
        if (json != null) {
            throw path.bad(Fields.kind(json) + " (expected: null)");
        }
        return null;
    }

    private void deeper() {
        if (++depth > MAX_DEPTH) {
            throw path.bad("deeper than " + MAX_DEPTH + " levels");
        }
    }
}
