package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import org.jspecify.annotations.Nullable;

/**
 * A message that was asked for ({@code basic.get}).
 *
 * @param method delivery tag, where it was published to, and how many are left
 * @param content its own memory, so that it may be kept
 */
public record AmqpMessage(ContentMethod.GetOk method, Content content) {

    /** Null: the queue was empty. */
    static @Nullable AmqpMessage of(AmqpEvent.Reply reply) {
        Content received = reply.content();
        return received != null && reply.method() instanceof ContentMethod.GetOk method
                ? new AmqpMessage(
                        method,
                        new Content(received.properties(), received.body().copy()))
                : null;
    }
}
