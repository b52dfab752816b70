package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpMessage;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A fetched message.
 *
 * @param method the method that delivered it; its delivery tag is valid on one channel only: do not use it
 * @param receipt settles it; whoever has only this does not keep the message
 */
public record AmqpGot(ContentMethod.GetOk method, Content content, AmqpReceipt receipt) {

    /** @param channel null: it is settled. @param afterwards receives the channel after the settlement */
    static AmqpGot of(AmqpMessage message, @Nullable AmqpChannel channel, Consumer<AmqpChannel> afterwards) {
        ContentMethod.GetOk method = message.method();
        return new AmqpGot(method, message.content(), new AmqpReceipt(method.deliveryTag(), channel, afterwards));
    }
}
