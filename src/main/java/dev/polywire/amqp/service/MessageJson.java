package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpPublish;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.Property;
import dev.polywire.core.bus.BytesJson;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
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
        BytesJson body = BytesJson.read(json, "body", "text", "json");
        return new Content(typed(properties, body.spelling()), body.bytes());
    }

    private static BasicProperties typed(BasicProperties properties, BytesJson.@Nullable Spelling spelling) {
        if (properties.contentType() != null || spelling == null || spelling == BytesJson.Spelling.BASE64) {
            return properties;
        }
        String type = spelling == BytesJson.Spelling.TEXT ? "text/plain" : "application/json";
        return properties.with(Property.CONTENT_TYPE, type);
    }
}
