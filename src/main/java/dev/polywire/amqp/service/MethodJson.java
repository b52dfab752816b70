package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import io.vertx.core.json.JsonObject;

/** What recovery declares again, in readable form: {@code {method, ..}} with its names. */
final class MethodJson {

    private MethodJson() {}

    static JsonObject of(AmqpMethod method) {
        JsonObject json = new JsonObject().put("method", method.name());
        if (method instanceof ExchangeMethod.Declare declare) {
            json.put("exchange", declare.exchange()).put("type", declare.type());
        } else if (method instanceof ExchangeMethod.Bind bind) {
            json.put("destination", bind.destination())
                    .put("source", bind.source())
                    .put("routingKey", bind.routingKey());
        } else if (method instanceof QueueMethod.Declare declare) {
            json.put("queue", declare.queue());
        } else if (method instanceof QueueMethod.Bind bind) {
            json.put("queue", bind.queue()).put("exchange", bind.exchange()).put("routingKey", bind.routingKey());
        } else if (method instanceof BasicMethod.Consume consume) {
            json.put("queue", consume.queue()).put("consumerTag", consume.consumerTag());
        }
        return json;
    }
}
