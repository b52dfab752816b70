package dev.polywire.amqp.client;

import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import org.jspecify.annotations.Nullable;

/**
 * A fetched message ({@code basic.get}).
 *
 * @param method delivery tag, where it was published to, and how many are left
 * @param content has memory of its own, so it may be kept
 */
public record AmqpMessage(ContentMethod.GetOk method, Content content) {

    /** Null if the queue was empty. */
    static @Nullable AmqpMessage of(AmqpEvent.Reply reply) {
        Content received = reply.content();
        return received != null && reply.method() instanceof ContentMethod.GetOk method
                ? new AmqpMessage(
                        method,
                        new Content(received.properties(), received.body().copy()))
                : null;
    }
}
