package dev.polywire.mongodb.service;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Base64;
import org.bson.BsonBinary;
import org.bson.BsonDbPointer;
import org.bson.BsonReader;
import org.bson.BsonRegularExpression;
import org.bson.BsonTimestamp;
import org.bson.BsonType;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;

/** Walks a checked document and makes JSON of it; see {@link ExtendedJson}. */
class BsonToJson {

    private static final long MAX_PLAIN_INTEGER = 1L << 53;
    private static final int MAX_DECIMAL_DIGITS = 34;
    private static final long YEAR_10000_MILLIS = 253_402_300_800_000L;

    /** As often, in values, it says how large the JSON becomes. */
    private static final int METERED_VALUES = 512;

    private final BsonReader in;
    private final boolean canonical;
    private int values = 1;
    private int due = METERED_VALUES;

    BsonToJson(BsonReader in, boolean canonical) {
        this.in = in;
        this.canonical = canonical;
    }

    /** How many values the JSON has, the document included. */
    int values() {
        return values;
    }

    /** Called from time to time; throws when the JSON becomes too large. */
    void grows() {}

    JsonObject document() {
        JsonObject document = new JsonObject();
        in.readStartDocument();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            String name = in.readName();
            document.put(name, value());
        }
        in.readEndDocument();
        return document;
    }

    private JsonArray array() {
        JsonArray array = new JsonArray();
        in.readStartArray();
        while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
            array.add(value());
        }
        in.readEndArray();
        return array;
    }

    private @Nullable Object value() {
        if (++values >= due) {
            due = values + METERED_VALUES;
            grows();
        }
        return switch (in.getCurrentBsonType()) {
            case DOCUMENT -> document();
            case ARRAY -> array();
            case STRING -> in.readString();
            case BOOLEAN -> in.readBoolean();
            case NULL -> {
                in.readNull();
                yield null;
            }
            case INT32 -> int32(in.readInt32());
            case INT64 -> int64(in.readInt64());
            case DOUBLE -> float64(in.readDouble());
            case DECIMAL128 ->
                typed("$numberDecimal", decimal(in.readDecimal128().toString()));
            case DATE_TIME -> date(in.readDateTime());
            case OBJECT_ID -> objectId(in.readObjectId().toHexString());
            case BINARY -> binary(in.readBinaryData());
            case REGULAR_EXPRESSION -> regularExpression(in.readRegularExpression());
            case TIMESTAMP -> timestamp(in.readTimestamp());
            case JAVASCRIPT -> typed("$code", in.readJavaScript());
            case JAVASCRIPT_WITH_SCOPE ->
                typed("$code", in.readJavaScriptWithScope()).put("$scope", document());
            case DB_POINTER -> dbPointer(in.readDBPointer());
            case SYMBOL -> typed("$symbol", in.readSymbol());
            case UNDEFINED -> {
                in.readUndefined();
                yield typed("$undefined", true);
            }
            case MIN_KEY -> {
                in.readMinKey();
                yield typed("$minKey", 1);
            }
            case MAX_KEY -> {
                in.readMaxKey();
                yield typed("$maxKey", 1);
            }
            case END_OF_DOCUMENT -> throw new IllegalStateException("no value here");
        };
    }

    private Object int32(int value) {
        return canonical ? typed("$numberInt", Integer.toString(value)) : value;
    }

    private Object int64(long value) {
        Object json = int64(value, canonical);
        values += json instanceof JsonObject ? 1 : 0;
        return json;
    }

    /** An integer of 64 bits that is not in a document. */
    static Object int64(long value, boolean canonical) {
        boolean plain = value >= -MAX_PLAIN_INTEGER && value <= MAX_PLAIN_INTEGER;
        return canonical || !plain ? new JsonObject().put("$numberLong", Long.toString(value)) : value;
    }

    private Object float64(double value) {
        return canonical || !Double.isFinite(value) ? typed("$numberDouble", Double.toString(value)) : value;
    }

    /** A significand over 34 digits is not canonical and means 0 (IEEE 754-2008, 3.5.2); the library prints it. */
    private static String decimal(String text) {
        if (text.length() <= MAX_DECIMAL_DIGITS || !Character.isDigit(text.charAt(text.length() - 1))) {
            return text;
        }
        BigDecimal value = new BigDecimal(text);
        return value.precision() <= MAX_DECIMAL_DIGITS
                ? text
                : Decimal128.parse((value.signum() < 0 ? "-0E" : "0E") + -value.scale())
                        .toString();
    }

    private JsonObject date(long millis) {
        boolean plain = millis >= 0 && millis < YEAR_10000_MILLIS;
        return canonical || !plain
                ? typed("$date", typed("$numberLong", Long.toString(millis)))
                : typed("$date", Instant.ofEpochMilli(millis).toString());
    }

    private JsonObject objectId(String hex) {
        return typed("$oid", hex);
    }

    private JsonObject binary(BsonBinary value) {
        return typed(
                "$binary",
                new JsonObject()
                        .put("base64", Base64.getEncoder().encodeToString(value.getData()))
                        .put("subType", String.format("%02x", value.getType() & 0xff)));
    }

    private JsonObject regularExpression(BsonRegularExpression value) {
        return typed(
                "$regularExpression",
                new JsonObject().put("pattern", value.getPattern()).put("options", value.getOptions()));
    }

    private JsonObject timestamp(BsonTimestamp value) {
        return typed(
                "$timestamp",
                new JsonObject()
                        .put("t", Integer.toUnsignedLong(value.getTime()))
                        .put("i", Integer.toUnsignedLong(value.getInc())));
    }

    private JsonObject dbPointer(BsonDbPointer value) {
        return typed(
                "$dbPointer",
                new JsonObject()
                        .put("$ref", value.getNamespace())
                        .put("$id", objectId(value.getId().toHexString())));
    }

    /** Two values, of which {@link #value} has counted one. */
    private JsonObject typed(String key, Object value) {
        values++;
        return new JsonObject().put(key, value);
    }
}
