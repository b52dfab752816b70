package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpSubscription;
import dev.polywire.amqp.session.ConsumerLimits;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.core.json.Fields;

/** The settings of a consumer, from a call or a configuration. */
final class Subscription {

    private Subscription() {}

    /**
     * {@code consumerTag, noLocal, noAck, exclusive, arguments, resubscribe, maxConsumerBytes, slowConsumerMillis}
     *
     * @param prefetchCount 0 with {@code noAck}, where it has no meaning
     * @param limits of a consumer that says nothing else
     */
    static AmqpSubscription read(String queue, int prefetchCount, boolean noAck, Fields json, ConsumerLimits limits) {
        BasicMethod.Consume consume = new BasicMethod.Consume(
                DeclarationJson.name("queue", queue),
                ShortText.of(json, "consumerTag", ""),
                json.flag("noLocal", false),
                noAck,
                json.flag("exclusive", false),
                false,
                DeclarationJson.arguments(json));
        return new AmqpSubscription(
                consume, noAck ? 0 : prefetchCount, json.flag("resubscribe", false), limits(json, limits));
    }

    /** {@code maxConsumerBytes, slowConsumerMillis} */
    static ConsumerLimits limits(Fields json, ConsumerLimits otherwise) {
        return new ConsumerLimits(
                json.int64("maxConsumerBytes", otherwise.maxBytes(), 1, ConsumerLimits.GREATEST_MAX_BYTES),
                json.int64("slowConsumerMillis", otherwise.slowMillis(), 1, ConsumerLimits.GREATEST_SLOW_MILLIS),
                otherwise.timeoutMillis());
    }
}
