package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.LongString;
import dev.polywire.amqp.wire.Timestamp;
import dev.polywire.amqp.wire.UnsignedField;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Field tables, of headers and of arguments, as JSON: plain where JSON has the same type, else typed.
 *
 * <pre>
 *   V null, t true, S "text", F {..}, A [..]            plain
 *   b B s u I i l 7      f d 7.5                        plain: a number, whatever its width
 *   l {"$type": "Long", "_value": "9007199254740993"}   beyond 2^53
 *   d {"$type": "Double", "_value": "NaN"}              NaN, Infinity, -Infinity
 *   D {"$type": "Decimal", "_value": "12.34"}
 *   T {"$type": "Timestamp", "_value": 1795251600}      seconds since 1970
 *   x {"$type": "Base64", "_value": "aGk="}
 *   S {"$type": "LongString", "_value": "/w=="}         base64 of bytes that are not UTF-8
 *   F {"$type": "Table", "_value": {"$type": ..}}       a table that would look like one of these
 * </pre>
 *
 * <p>Input may have these forms, and every type by its name: {@code Void, Boolean, Byte, UnsignedByte, Short,
 * UnsignedShort, Integer, UnsignedInteger, Long, Float, Double, String, Array} beside the above. A JSON integer is an
 * {@code l}, which no client misreads; a number with a fraction is a {@code d}.
 */
public final class TableJson {

    static final String TYPE = "$type";
    static final String VALUE = "_value";

    /** JavaScript represents every integer up to this one exactly. */
    private static final long MAX_PLAIN_INTEGER = 1L << 53;

    private TableJson() {}

    /** A received table as JSON. */
    public static JsonObject json(Map<String, ? extends @Nullable Object> table) {
        JsonObject json = new JsonObject();
        table.forEach((name, value) -> json.put(name, value(value)));
        return json;
    }

    /**
     * A table to write.
     *
     * @param path of the object, for failures
     * @throws FieldException with the path of the bad value
     */
    public static Map<String, @Nullable Object> read(String path, @Nullable JsonObject json) {
        return json == null ? Map.of() : new JsonToTable(path).fields(json);
    }

    /** The reader of tables has bounded their depth. */
    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof LongString text) {
            String utf8 = Utf8.text(text.bytes());
            return utf8 == null
                    ? typed("LongString", TypedValues.text(text.bytes().getBytes()))
                    : utf8;
        } else if (value instanceof Map<?, ?> table) {
            return table(table);
        } else if (value instanceof List<?> items) {
            JsonArray array = new JsonArray();
            items.forEach(item -> array.add(value(item)));
            return array;
        } else if (value instanceof UnsignedField number) {
            return number.value();
        } else if (value instanceof Byte || value instanceof Short) {
            return ((Number) value).intValue();
        } else if (value instanceof Long number) {
            boolean plain = Math.abs(number) <= MAX_PLAIN_INTEGER && number != Long.MIN_VALUE;
            return plain ? number : typed("Long", number.toString());
        } else if (value instanceof Float || value instanceof Double) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? number : typed("Double", Double.toString(number));
        } else if (value instanceof BigDecimal number) {
            return typed("Decimal", number.toPlainString());
        } else if (value instanceof Timestamp time) {
            return typed("Timestamp", seconds(time));
        } else if (value instanceof Buffer bytes) {
            return typed("Base64", TypedValues.text(bytes.getBytes()));
        }
        return value;
    }

    /** 64 bits: a value that JavaScript cannot represent becomes a decimal string. */
    static Object seconds(Timestamp time) {
        boolean plain = time.seconds() >= 0 && time.seconds() <= MAX_PLAIN_INTEGER;
        return plain ? (Object) time.seconds() : Long.toString(time.seconds());
    }

    @SuppressWarnings("unchecked")
    private static JsonObject table(Map<?, ?> table) {
        JsonObject json = json((Map<String, @Nullable Object>) table);
        return json.containsKey(TYPE) ? typed("Table", json) : json;
    }

    private static JsonObject typed(String type, Object value) {
        return new JsonObject().put(TYPE, type).put(VALUE, value);
    }
}
