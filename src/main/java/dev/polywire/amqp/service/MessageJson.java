package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpPublish;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.Property;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.EncodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A message as JSON.
 *
 * <pre>
 *   {"exchange": "", "routingKey": "hello", "properties": {"contentType": "text/plain"}, "text": "Hello World!"}
 *   {"exchange": "logs", "routingKey": "", "json": {"level": "error"}}
 *   {"exchange": "logs", "routingKey": "", "body": "aGVsbG8="}
 * </pre>
 *
 * <p>Its bytes are one of {@code body} (base64), {@code text} (UTF-8) and {@code json}. For a received message the content
 * type decides: JSON ({@code application/json}, {@code ..+json}) is {@code json}, {@code text/..} is {@code text}, any
 * other body, one that is not well-formed and one with a content encoding is {@code body}. For a published message {@code
 * text} and {@code json} set the content type when the properties have none.
 */
public final class MessageJson {

    private MessageJson() {}

    /** Puts the properties and the body of a received message. */
    static JsonObject put(JsonObject json, Content content) {
        BasicProperties properties = content.properties();
        json.put("properties", PropertiesJson.json(properties));
        return BodyJson.put(json, properties, content.body());
    }

    /**
     * Reads a message to publish; the whole object.
     *
     * @throws FieldException with the path of the bad value
     */
    static AmqpPublish read(Fields json) {
        AmqpPublish read = new AmqpPublish(
                ShortText.of(json, "exchange", ""),
                ShortText.of(json, "routingKey", ""),
                json.flag("mandatory", false),
                content(json));
        json.done();
        return read;
    }

    private static Content content(Fields json) {
        BasicProperties properties = PropertiesJson.read(json.object("properties"));
        Object bytes = json.valueOrNull("body");
        String text = json.textOrNull("text");
        Object value = json.valueOrNull("json");
        int forms = (bytes == null ? 0 : 1) + (text == null ? 0 : 1) + (value == null ? 0 : 1);
        if (forms > 1) {
            throw json.complaint("body", "beside another one (expected: one of body, text and json)");
        } else if (text != null) {
            return new Content(typed(properties, "text/plain"), utf8(json, text));
        } else if (value != null) {
            return new Content(typed(properties, "application/json"), encoded(json, value));
        }
        return new Content(properties, bytes == null ? Buffer.buffer() : bytes(json, bytes));
    }

    private static BasicProperties typed(BasicProperties properties, String contentType) {
        return properties.contentType() == null ? properties.with(Property.CONTENT_TYPE, contentType) : properties;
    }

    private static Buffer encoded(Fields json, Object value) {
        try {
            return Json.encodeToBuffer(value);
        } catch (EncodeException unfit) {
            throw json.complaint("json", "cannot be written (expected: JSON of at most 1000 levels)");
        }
    }

    private static Buffer utf8(Fields json, String text) {
        try {
            return Buffer.buffer(Utf8.encoded(text));
        } catch (IllegalArgumentException half) {
            throw json.complaint("text", Utf8.NOT_UNICODE);
        }
    }

    private static Buffer bytes(Fields json, @Nullable Object value) {
        byte[] bytes = TypedValues.bytes(value);
        if (bytes == null) {
            throw json.complaint("body", Fields.kind(value) + " (expected: base64)");
        }
        return Buffer.buffer(bytes);
    }
}
