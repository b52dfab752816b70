package dev.polywire.mongodb.service;

import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.bson.BsonBinary;
import org.bson.BsonDateTime;
import org.bson.BsonDbPointer;
import org.bson.BsonDecimal128;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonJavaScript;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonObjectId;
import org.bson.BsonRegularExpression;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Type wrapper objects of Extended JSON, each of which stands for one value, such as {@code {"$oid": ".."}}; read strictly:
 * no field missing, no extra field.
 */
final class TypeWrapper {

    private static final Set<String> KEYS = Set.of(
            "$oid",
            "$symbol",
            "$numberInt",
            "$numberLong",
            "$numberDouble",
            "$numberDecimal",
            "$binary",
            "$uuid",
            "$code",
            "$scope",
            "$timestamp",
            "$regularExpression",
            "$dbPointer",
            "$date",
            "$minKey",
            "$maxKey",
            "$undefined");

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");
    private static final Pattern DOUBLE =
            Pattern.compile("-?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?|NaN|-?Infinity");
    private static final Pattern OID = Pattern.compile("[0-9a-fA-F]{24}");
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern SUB_TYPE = Pattern.compile("[0-9a-fA-F]{1,2}");
    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");
    /** The JDK reads a point without digits, which RFC 3339 does not have. */
    private static final Pattern POINT_ALONE = Pattern.compile("\\.(?![0-9])");

    /** Reading a decimal takes time quadratic in its digits; only 34 of them count. */
    private static final int MAX_DECIMAL_CHARS = 8_192;

    private static final long UINT32_MAX = 0xffff_ffffL;

    private TypeWrapper() {}

    static boolean isKey(String key) {
        return KEYS.contains(key);
    }

    static boolean isTyped(JsonObject object) {
        return !object.isEmpty() && isKey(object.fieldNames().iterator().next());
    }

    /** The value of an object whose first key belongs to the format; code with scope is not read here. */
    static BsonValue read(JsonObject object, DocumentPath path) {
        String key = object.fieldNames().iterator().next();
        path.enter(key);
        if (object.size() != 1) {
            throw path.malformed(object.size() + " keys (expected: 1)");
        }
        Object value = object.getValue(key);
        BsonValue typed = switch (key) {
            case "$oid" -> new BsonObjectId(new ObjectId(matching(OID, value, path)));
            case "$symbol" -> new BsonSymbol(text(value, path));
            case "$numberInt" -> new BsonInt32((int) integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE, path));
            case "$numberLong" -> new BsonInt64(integer(value, Long.MIN_VALUE, Long.MAX_VALUE, path));
            case "$numberDouble" -> new BsonDouble(float64(matching(DOUBLE, value, path), path));
            case "$numberDecimal" -> new BsonDecimal128(decimal(text(value, path), path));
            case "$binary" -> binary(fields(value, path, "base64", "subType"), path);
            case "$uuid" -> new BsonBinary(UUID.fromString(matching(UUID_TEXT, value, path)));
            case "$code" -> new BsonJavaScript(text(value, path));
            case "$timestamp" -> timestamp(fields(value, path, "t", "i"), path);
            case "$regularExpression" -> regularExpression(fields(value, path, "pattern", "options"), path);
            case "$dbPointer" -> dbPointer(fields(value, path, "$ref", "$id"), path);
            case "$date" -> new BsonDateTime(date(value, path));
            case "$minKey" -> constant(value, 1, new BsonMinKey(), path);
            case "$maxKey" -> constant(value, 1, new BsonMaxKey(), path);
            case "$undefined" -> constant(value, true, new BsonUndefined(), path);
            default -> throw path.malformed("alone (expected: with $code)");
        };
        path.leave();
        return typed;
    }

    private static double float64(String text, DocumentPath path) {
        Double number = TypedValues.float64(text);
        if (number == null) {
            throw path.malformed("not in range (expected: a number of 64 bits)");
        }
        return number;
    }

    private static long date(@Nullable Object value, DocumentPath path) {
        if (value instanceof JsonObject) {
            return integer(
                    fields(value, path, "$numberLong").getValue("$numberLong"), Long.MIN_VALUE, Long.MAX_VALUE, path);
        }
        String text = text(value, path);
        try {
            if (!POINT_ALONE.matcher(text).find()) {
                return OffsetDateTime.parse(text).toInstant().toEpochMilli();
            }
        } catch (DateTimeException | ArithmeticException notTime) {
            // reported below
        }
        throw path.malformed("not a time (expected: ISO 8601 with offset, or $numberLong)");
    }

    private static BsonBinary binary(JsonObject fields, DocumentPath path) {
        String base64 = text(fields.getValue("base64"), path);
        String subType = matching(SUB_TYPE, fields.getValue("subType"), path);
        try {
            if (base64.length() % 4 == 0) {
                return new BsonBinary(
                        (byte) Integer.parseInt(subType, 16),
                        Base64.getDecoder().decode(base64));
            }
        } catch (IllegalArgumentException notBase64) {
            // reported below
        }
        throw path.malformed("not base64 (expected: the standard alphabet, padded)");
    }

    private static BsonTimestamp timestamp(JsonObject fields, DocumentPath path) {
        return new BsonTimestamp((int) uint32(fields.getValue("t"), path), (int) uint32(fields.getValue("i"), path));
    }

    private static BsonRegularExpression regularExpression(JsonObject fields, DocumentPath path) {
        String pattern = text(fields.getValue("pattern"), path);
        String options = text(fields.getValue("options"), path);
        requireCstring(pattern, path);
        requireCstring(options, path);
        BsonRegularExpression expression = new BsonRegularExpression(pattern, options);
        // The library sorts options by UTF-16 unit, which splits surrogate pairs.
        requireUnicode(expression.getOptions(), path);
        return expression;
    }

    private static BsonDbPointer dbPointer(JsonObject fields, DocumentPath path) {
        JsonObject id = fields(fields.getValue("$id"), path, "$oid");
        return new BsonDbPointer(
                text(fields.getValue("$ref"), path), new ObjectId(matching(OID, id.getValue("$oid"), path)));
    }

    private static Decimal128 decimal(String text, DocumentPath path) {
        try {
            // The JDK reads the digits of all scripts.
            if (text.length() <= MAX_DECIMAL_CHARS && ASCII.matcher(text).matches()) {
                return Decimal128.parse(text);
            }
        } catch (NumberFormatException notDecimal) {
            // reported below
        }
        throw path.malformed("not a decimal of 34 digits");
    }

    private static long integer(@Nullable Object value, long least, long most, DocumentPath path) {
        try {
            long number = Long.parseLong(matching(INTEGER, value, path));
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException over64Bits) {
            // reported below
        }
        throw path.malformed("out of range (expected: " + least + " to " + most + ")");
    }

    private static long uint32(@Nullable Object value, DocumentPath path) {
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            if (number >= 0 && number <= UINT32_MAX) {
                return number;
            }
        }
        throw path.malformed("not an integer of 32 bits (expected: 0 to " + UINT32_MAX + ")");
    }

    private static BsonValue constant(@Nullable Object value, Object expected, BsonValue constant, DocumentPath path) {
        if (!expected.equals(value)) {
            throw path.malformed("another value (expected: " + expected + ")");
        }
        return constant;
    }

    private static JsonObject fields(@Nullable Object value, DocumentPath path, String... names) {
        if (value instanceof JsonObject object && object.fieldNames().equals(Set.of(names))) {
            return object;
        }
        throw path.malformed("not an object of " + String.join(" and ", names));
    }

    private static String matching(Pattern pattern, @Nullable Object value, DocumentPath path) {
        String text = text(value, path);
        if (!pattern.matcher(text).matches()) {
            throw path.malformed("malformed (expected: " + pattern + ")");
        }
        return text;
    }

    private static String text(@Nullable Object value, DocumentPath path) {
        if (value instanceof String text) {
            requireUnicode(text, path);
            return text;
        }
        throw path.malformed("not a string");
    }

    static void requireUnicode(String text, DocumentPath path) {
        if (!Utf8.isUnicode(text)) {
            throw path.malformed(Utf8.NOT_UNICODE);
        }
    }

    /** Keys and regular expressions end at their zero character in BSON. */
    static void requireCstring(String text, DocumentPath path) {
        requireUnicode(text, path);
        if (text.indexOf('\0') >= 0) {
            throw path.malformed("holds a zero character (expected: none)");
        }
    }
}
