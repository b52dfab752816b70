package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Declarations of exchanges and queues as their callers, or a configuration, write them. Where the specification's default is
 * what brokers give up ({@code durable} false), ours is another: exchanges are durable, and so are queues, but for those
 * whose name the broker makes, which are exclusive.
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

    /** {@code passive, durable, exclusive, autoDelete, arguments} @param queue empty: the broker makes a name */
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

    /** A queue's name: which one "the last one" would be, nobody knows on a connection that many share. */
    static String name(String field, String queue) {
        if (queue.isEmpty()) {
            throw new FieldException(field, "empty (expected: a name)");
        }
        return ShortText.check(field, queue);
    }

    /** The same of an object; one that is missing was complained of, and reading goes on. */
    static String name(Fields json, String field) {
        String name = json.text(field);
        return name.isEmpty() && !json.has(field) ? "missing" : name(json.path() + "." + field, name);
    }

    static Map<String, @Nullable Object> arguments(Fields json) {
        return TableJson.read(
                (json.path().isEmpty() ? "" : json.path() + ".") + "arguments", json.objectOrNull("arguments"));
    }
}
