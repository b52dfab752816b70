package dev.polywire.mongodb.service;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.wire.BsonBounds;
import dev.polywire.mongodb.wire.BsonFields;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.bson.BsonBinaryReader;

/**
 * BSON as JSON: MongoDB Extended JSON v2, converted value by value, never through text.
 *
 * <pre>
 *               relaxed (default)                canonical
 *   int32       7                                {"$numberInt": "7"}
 *   int64       7, beyond 2^53 as canonical      {"$numberLong": "7"}
 *   double      7.5, NaN as canonical            {"$numberDouble": "7.5"}
 *   date        {"$date": "1970-01-01T00:00:00Z"}, outside 1970 to 9999 as canonical
 *                                                {"$date": {"$numberLong": "0"}}
 * </pre>
 *
 * <p>Both forms are read, and plain JSON: an integer becomes an int32 when it fits, else an int64 ({@code $numberLong}
 * forces one); a number with a fraction or exponent becomes a double; a date's parts finer than a millisecond are cut off.
 * An object whose first key belongs to the format ({@code $oid}, {@code $date}, ...) must be a valid value of that type;
 * every other object is a document, {@code {"$gt": 5}} too. A stored document that looks like such a value cannot be
 * distinguished from it. The order of keys is kept; of duplicate keys in BSON the last one counts.
 *
 * <p>One deviation from the specification, which writes each int64 as a plain number in the relaxed form: beyond 2^53 ours
 * stays canonical, because a reader whose numbers are doubles, such as JavaScript, would take another number for it.
 */
public final class ExtendedJson {

    /** Documents and arrays inside each other, the outermost one counted, in both directions. */
    public static final int MAX_DEPTH = BsonBounds.MAX_DEPTH;

    /** Reads both forms, writes the relaxed one. */
    public static final BsonCodec<JsonObject> RELAXED = BsonCodec.of(ExtendedJson::encode, bson -> decode(bson, false));

    /** Reads both forms, writes the canonical one. */
    public static final BsonCodec<JsonObject> CANONICAL =
            BsonCodec.of(ExtendedJson::encode, bson -> decode(bson, true));

    private static final String DATABASE = "$db";

    private ExtendedJson() {}

    /**
     * Reads a document.
     *
     * @param bson checked first, so it may come from anywhere
     * @param canonical every number typed; false: relaxed
     * @throws ProtocolException DECODE
     */
    public static JsonObject decode(Buffer bson, boolean canonical) {
        BsonBounds.check(bson);
        return decodeChecked(bson, canonical);
    }

    /** The same for a document from the server, which was checked when its message was read. */
    static JsonObject decodeChecked(Buffer checked, boolean canonical) {
        try (BsonBinaryReader in = BsonFields.reader(checked)) {
            return new BsonToJson(in, canonical).document();
        }
    }

    /**
     * Writes a document, its fields in the order of the JSON.
     *
     * @throws ProtocolException DECODE, with the path of the bad value
     */
    public static Buffer encode(JsonObject document) {
        JsonToBson out = new JsonToBson();
        out.start();
        document.forEach(field -> out.field(field.getKey(), field.getValue()));
        return out.finish();
    }

    /**
     * Writes a command: its name first, whatever the order of the JSON, then the other fields, then {@code extra}.
     *
     * @param command the caller's command; must not have {@code $db} or a field of {@code extra}
     * @param name the field that names the command; must be there
     * @param extra fields that we add, in this order, such as {@code $db}; JSON values
     * @throws ProtocolException DECODE, with the path of the bad value
     */
    public static Buffer encode(JsonObject command, String name, Map<String, ?> extra) {
        requireName(command, name);
        JsonToBson out = new JsonToBson();
        out.start();
        out.field(name, command.getValue(name));
        command.forEach(field -> {
            String key = field.getKey();
            if (key.equals(DATABASE) || extra.containsKey(key)) {
                throw ProtocolException.decode(key + ": present (expected: absent, it is not the caller's)");
            }
            if (!key.equals(name)) {
                out.field(key, field.getValue());
            }
        });
        extra.forEach(out::field);
        return out.finish();
    }

    static void requireName(JsonObject command, String name) {
        if (!command.containsKey(name)) {
            throw ProtocolException.decode(name + ": absent (expected: the command's name)");
        }
    }
}
