package dev.polywire.bolt.service;

import dev.polywire.bolt.wire.Vector;
import dev.polywire.core.json.TypedValues;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Vectors as {@code {coordinatesType, coordinates}}, each coordinate a string. */
final class VectorJson {

    private static final String KIND = "coordinatesType";
    private static final String COORDINATES = "coordinates";

    /** Cypher's names; the shortest with a size is written. */
    private static final Map<String, Vector.Element> KINDS = Map.of(
            "INT8", Vector.Element.INT_8,
            "INT16", Vector.Element.INT_16,
            "INT32", Vector.Element.INT_32,
            "INT64", Vector.Element.INT_64,
            "FLOAT32", Vector.Element.FLOAT_32,
            "FLOAT64", Vector.Element.FLOAT_64,
            "INTEGER8", Vector.Element.INT_8,
            "INTEGER16", Vector.Element.INT_16,
            "INTEGER32", Vector.Element.INT_32,
            "INTEGER", Vector.Element.INT_64);

    private VectorJson() {}

    static JsonObject of(Vector vector) {
        JsonArray coordinates = new JsonArray();
        for (int i = 0; i < vector.size(); i++) {
            boolean single = vector.element() == Vector.Element.FLOAT_32;
            Number coordinate = vector.get(i);
            coordinates.add(single ? Float.toString(coordinate.floatValue()) : coordinate.toString());
        }
        return ValueToJson.typed(
                "Vector",
                new JsonObject()
                        .put(KIND, vector.element().name().replace("_", ""))
                        .put(COORDINATES, coordinates));
    }

    /** @throws IllegalArgumentException when it is not a vector; {@link NumberFormatException} for an invalid number */
    static Vector parse(@Nullable Object json) {
        if (!(json instanceof JsonObject vector)
                || !vector.fieldNames().equals(Set.of(KIND, COORDINATES))
                || !(vector.getValue(KIND) instanceof String kind)
                || !(vector.getValue(COORDINATES) instanceof JsonArray coordinates)
                || !KINDS.containsKey(kind)) {
            throw new IllegalArgumentException(
                    "not a vector (expected: {coordinatesType: one of " + KINDS.keySet() + ", coordinates: an array})");
        }
        Vector.Element element = KINDS.get(kind);
        Buffer data = Buffer.buffer();
        for (Object coordinate : coordinates) {
            append(data, element, coordinate);
        }
        return new Vector(element, data);
    }

    private static void append(Buffer data, Vector.Element element, @Nullable Object coordinate) {
        switch (element) {
            case INT_8 -> data.appendByte((byte) integer(coordinate, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case INT_16 -> data.appendShort((short) integer(coordinate, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT_32 -> data.appendInt((int) integer(coordinate, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT_64 -> data.appendLong(integer(coordinate, Long.MIN_VALUE, Long.MAX_VALUE));
            case FLOAT_32 -> data.appendFloat(FloatText.parseSingle(coordinate));
            case FLOAT_64 -> data.appendDouble(FloatText.parse(coordinate));
        }
    }

    private static long integer(@Nullable Object coordinate, long least, long most) {
        Long integer = TypedValues.int64(coordinate);
        if (integer == null || integer < least || integer > most) {
            throw new IllegalArgumentException("coordinate: not in range (expected: " + least + " to " + most + ")");
        }
        return integer;
    }
}
