package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.session.AmqpSubscription;
import dev.polywire.amqp.session.ConsumerLimits;
import dev.polywire.core.bus.binding.BindingOptions;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose messages are sent to an address: {@code {queue, address, prefetch, timeoutMillis, onTimeout, consumerTag,
 * exclusive, arguments, resubscribe, maxConsumerBytes, slowConsumerMillis}}. Its prefetch is also the consumer's at the broker.
 * It is not slow before a request to its address has timed out.
 *
 * @param slowMillis {@code slowConsumerMillis} as it was said; the subscription has {@code timeoutMillis} if that is longer
 */
public record QueueBinding(AmqpSubscription subscription, BindingOptions options, long slowMillis) {

    /** @param limits of a binding that says nothing else */
    static List<QueueBinding> listed(Fields connector, ConsumerLimits limits) {
        return connector.objects("bindings").stream()
                .map(each -> read(DeclarationJson.name(each, "queue"), each.text("address"), each, limits))
                .toList();
    }

    /** The binding of the action {@code bind}. */
    static QueueBinding of(String queue, String address, @Nullable JsonObject options, ConsumerLimits limits) {
        return read(queue, address, Fields.at("options", options), limits);
    }

    Future<? extends StreamSource> open(AmqpClient client, Deadline deadline) {
        return ConsumerStream.open(client, subscription, subscription.limits().mayWaitMillis(), deadline)
                .map(ConsumerStream::source);
    }

    /** How long a message may be out at a consumer that does not answer. */
    public long maxOutMillis() {
        return options.onTimeout() == BindingOptions.OnTimeout.REQUEUE_ONCE
                ? 2 * options.timeoutMillis()
                : options.timeoutMillis();
    }

    private static QueueBinding read(String queue, String address, Fields json, ConsumerLimits otherwise) {
        int prefetch = json.int32("prefetch", BindingOptions.DEFAULT_PREFETCH, 1, 10_000);
        AmqpSubscription said = Subscription.read(queue, prefetch, false, json, otherwise);
        BindingOptions options = BindingOptions.of(address, json);
        ConsumerLimits limits = new ConsumerLimits(
                said.limits().maxBytes(),
                Math.max(said.limits().slowMillis(), options.timeoutMillis()),
                otherwise.timeoutMillis());
        return new QueueBinding(
                new AmqpSubscription(said.consume(), prefetch, said.resubscribe(), limits),
                options,
                said.limits().slowMillis());
    }
}
