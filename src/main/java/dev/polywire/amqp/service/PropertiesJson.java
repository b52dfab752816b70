package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Property;
import dev.polywire.amqp.wire.Timestamp;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a content as JSON, with the names of the specification; absent properties are left out:
 *
 * <pre>
 *   {"contentType": "text/plain", "contentEncoding": "gzip", "headers": {..}, "deliveryMode": 2, "priority": 5,
 *    "correlationId": "..", "replyTo": "..", "expiration": "60000", "messageId": "..", "timestamp": 1795251600,
 *    "type": "..", "userId": "..", "appId": "..", "clusterId": ".."}
 * </pre>
 *
 * <p>{@code headers} are a {@link TableJson}; {@code deliveryMode} 2 is persistent; {@code timestamp} is in seconds since 1970.
 */
final class PropertiesJson {

    private PropertiesJson() {}

    static JsonObject json(BasicProperties properties) {
        JsonObject json = new JsonObject();
        for (Property property : Property.values()) {
            Object value = properties.get(property);
            if (value != null) {
                json.put(property.word(), value(property, value, properties));
            }
        }
        return json;
    }

    private static Object value(Property property, Object value, BasicProperties properties) {
        return switch (property) {
            case HEADERS -> TableJson.json(properties.headers());
            case TIMESTAMP -> TableJson.seconds((Timestamp) value);
            default -> value;
        };
    }

    /** Reads a whole object. @throws FieldException with the path of the bad value */
    static BasicProperties read(Fields json) {
        Map<Property, Object> values = new EnumMap<>(Property.class);
        for (Property property : Property.values()) {
            if (json.has(property.word())) {
                values.put(property, read(json, property));
            }
        }
        json.done();
        return values.isEmpty() ? BasicProperties.NONE : BasicProperties.of(values);
    }

    private static Object read(Fields json, Property property) {
        String name = property.word();
        return switch (property) {
            case HEADERS -> TableJson.read(json.path() + "." + name, json.objectOrNull(name));
            case DELIVERY_MODE -> json.int32(name, 1, 2);
            case PRIORITY -> json.int32(name, 0, 255);
            case TIMESTAMP -> new Timestamp(seconds(json, json.valueOrNull(name)));
            default -> ShortText.of(json, name, "");
        };
    }

    private static long seconds(Fields json, @Nullable Object value) {
        Long seconds = TypedValues.int64(value);
        if (seconds == null) {
            throw json.complaint(
                    Property.TIMESTAMP.word(), Fields.kind(value) + " (expected: seconds since 1970, an integer)");
        }
        return seconds;
    }
}
