package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Declarations of exchanges and queues in a call or a configuration. The specification's default ({@code durable} false) is
 * deprecated by brokers, so ours differs: exchanges and queues are durable, but a queue whose name the broker generates is
 * exclusive instead.
 */
final class DeclarationJson {

    private DeclarationJson() {}

    /** {@code passive, durable, autoDelete, internal, arguments} */
    static ExchangeMethod.Declare exchange(String exchange, String type, Fields json) {
        return new ExchangeMethod.Declare(
                ShortText.check("exchange", exchange),
                ShortText.check("type", type),
                json.flag("passive", false),
                json.flag("durable", true),
                json.flag("autoDelete", false),
                json.flag("internal", false),
                false,
                arguments(json));
    }

    /** {@code passive, durable, exclusive, autoDelete, arguments} @param queue empty: the broker generates a name */
    static QueueMethod.Declare queue(String queue, Fields json) {
        boolean exclusive = json.flag("exclusive", queue.isEmpty());
        return new QueueMethod.Declare(
                ShortText.check("queue", queue),
                json.flag("passive", false),
                json.flag("durable", !exclusive),
                exclusive,
                json.flag("autoDelete", false),
                false,
                arguments(json));
    }

    static QueueMethod.Bind bind(String queue, String exchange, String routingKey, Fields json) {
        return new QueueMethod.Bind(
                name("queue", queue),
                ShortText.check("exchange", exchange),
                ShortText.check("routingKey", routingKey),
                false,
                arguments(json));
    }

    static ExchangeMethod.Bind bindExchange(String destination, String source, String routingKey, Fields json) {
        return new ExchangeMethod.Bind(
                ShortText.check("destination", destination),
                ShortText.check("source", source),
                ShortText.check("routingKey", routingKey),
                false,
                arguments(json));
    }

    /** A queue's name; on a shared connection "the last declared queue" has no meaning. */
    static String name(String field, String queue) {
        if (queue.isEmpty()) {
            throw new FieldException(field, "empty (expected: a name)");
        }
        return ShortText.check(field, queue);
    }

    /** The same from a field of an object; a missing field is reported, and reading continues. */
    static String name(Fields json, String field) {
        String name = json.text(field);
        return name.isEmpty() && !json.has(field) ? "missing" : name(json.path() + "." + field, name);
    }

    static Map<String, @Nullable Object> arguments(Fields json) {
        return TableJson.read(
                (json.path().isEmpty() ? "" : json.path() + ".") + "arguments", json.objectOrNull("arguments"));
    }
}
