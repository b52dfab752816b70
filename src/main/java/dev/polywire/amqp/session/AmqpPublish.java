package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.Property;
import io.vertx.core.buffer.Buffer;

/**
 * A message and where it goes.
 *
 * @param exchange empty: the default exchange, where the routing key is a queue's name
 * @param mandatory whether the publish fails when it reaches no queue
 */
public record AmqpPublish(String exchange, String routingKey, boolean mandatory, Content content) {

    /** The same without its bytes. */
    AmqpPublish withoutBody() {
        return new AmqpPublish(exchange, routingKey, mandatory, new Content(content.properties(), Buffer.buffer()));
    }

    /** The same with this message id. */
    AmqpPublish with(String messageId) {
        Content named = new Content(content.properties().with(Property.MESSAGE_ID, messageId), content.body());
        return new AmqpPublish(exchange, routingKey, mandatory, named);
    }
}
