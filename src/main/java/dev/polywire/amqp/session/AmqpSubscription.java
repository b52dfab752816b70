package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.core.wire.Limits;

/**
 * The settings of a consumer.
 *
 * @param consume queue (with a name), tag (empty: one is made), {@code exclusive}, and arguments such as {@code x-priority} and
 *     {@code x-stream-offset}
 * @param prefetchCount deliveries that may be unsettled, 0 to 65,535; 0: any number. For this consumer alone, and fixed
 * @param resubscribe whether, when the broker cancels the consumer, it subscribes again as soon as there is such a queue; one
 *     that was declared through this client is declared again, with its bindings
 * @param limits bytes that may be unsettled or waiting
 */
public record AmqpSubscription(
        BasicMethod.Consume consume, int prefetchCount, boolean resubscribe, ConsumerLimits limits) {

    public AmqpSubscription {
        Limits.range("prefetchCount", prefetchCount, 0, 0xffff);
        if (consume.queue().isEmpty()) {
            throw new IllegalArgumentException("queue: empty (expected: a name)");
        }
    }

    /** With the default limits. */
    public AmqpSubscription(BasicMethod.Consume consume, int prefetchCount, boolean resubscribe) {
        this(consume, prefetchCount, resubscribe, ConsumerLimits.DEFAULT);
    }
}
