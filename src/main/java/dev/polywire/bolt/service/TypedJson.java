package dev.polywire.bolt.service;

import dev.polywire.bolt.wire.BoltRecord;
import dev.polywire.bolt.wire.PackStreamReader;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.JsonWeight;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of a graph as JSON: plain where JSON has the type, else the typed JSON of Neo4j's Query API (version 1.1).
 *
 * <pre>
 *   null, true, "text", [..]                      plain
 *   7, 7.5                                        plain; an integer beyond 2^53, and NaN, typed
 *   {"$type": "Integer", "_value": "9007199254740993"}
 *   {"$type": "Float", "_value": "NaN"}           NaN, Infinity, -Infinity
 *   {"$type": "Base64", "_value": "aGk="}         bytes
 *   {"$type": "Date", "_value": "2026-11-21"}     and LocalTime, Time, LocalDateTime, OffsetDateTime
 *   {"$type": "ZonedDateTime", "_value": "2026-11-21T08:00+01:00[Europe/Paris]"}
 *   {"$type": "Duration", "_value": "P1Y2M3DT4H5M6.7S"}
 *   {"$type": "Point", "_value": "SRID=4326;POINT (12.3 45.6)"}, "SRID=4979;POINT Z (1.0 2.0 3.0)"
 *   {"$type": "Vector", "_value": {"coordinatesType": "FLOAT32", "coordinates": ["1.0", "2.5"]}}
 *   {"$type": "UUID", "_value": ".."}             an extension: the Query API has none
 *   {"$type": "Node", "_value": {"_element_id": "4:..:0", "_id": 0, "_labels": [..], "_properties": {..}}}
 *   {"$type": "Relationship", "_value": {"_element_id": .., "_start_node_element_id": .., "_end_node_element_id": ..,
 *       "_id": 7, "_start_node_id": 0, "_end_node_id": 1, "_type": "KNOWS", "_properties": {..}}}
 *   {"$type": "Path", "_value": [node, relationship, node, ..]}
 *   {"$type": "Unsupported", "_value": "name: message (from Bolt 6.1 on)"}
 *   {"$type": "Map", "_value": {"$type": ..}}     a map that would be read as one of these
 * </pre>
 *
 * <p>An object with a name {@code $type} is always a typed value, and must be a valid one; every other object is a map. A
 * user's map with such a name is therefore written, and must be sent, as a {@code Map}, whose names are all plain.
 * {@code Null, Boolean, Integer, Float, String} and {@code List} are also accepted. A JSON number without fraction and
 * exponent is an integer; clients that cannot write {@code 7.0} send a {@code Float}. Nodes, relationships, paths and
 * unsupported values come from servers only.
 */
public final class TypedJson {

    static final String TYPE = "$type";
    static final String VALUE = "_value";

    /** JavaScript represents all integers up to this exactly, and not all beyond. */
    static final long MAX_PLAIN_INTEGER = 1L << 53;

    private TypedJson() {}

    /** The values of a record. */
    public static JsonArray record(BoltRecord record) {
        JsonArray values = new JsonArray();
        read(record, values);
        return values;
    }

    /** Adds a record. @return what it takes in memory, see {@link JsonWeight} */
    static long add(JsonArray records, BoltRecord record) {
        JsonArray values = new JsonArray();
        records.add(values);
        return JsonWeight.of(record.rawBytes(), read(record, values));
    }

    private static int read(BoltRecord record, JsonArray values) {
        PackStreamReader in = record.reader();
        for (int left = record.size(); left > 0; left--) {
            values.add(ValueToJson.next(in));
        }
        return record.valuesRead(in);
    }

    /** A map that is not a user's value, such as metadata: all its names are plain. */
    public static JsonObject fields(Map<String, ? extends @Nullable Object> fields) {
        return ValueToJson.fields(fields);
    }

    /** A value in the form of {@link PackStreamReader#value}. */
    public static @Nullable Object value(@Nullable Object value) {
        return ValueToJson.value(value);
    }

    /**
     * The fields of an object, with any names, each a value that PackStream can write.
     *
     * @param path of the object, for complaints
     * @throws FieldException with the path of the bad value
     */
    public static Map<String, @Nullable Object> parameters(String path, @Nullable JsonObject object) {
        return object == null ? Map.of() : new JsonToValue(path).fields(object);
    }
}
