package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.session.AmqpSubscription;
import dev.polywire.core.bus.binding.BindingOptions;
import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.Fields;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose messages are sent to an address: {@code {queue, address, prefetch, timeoutMillis, onTimeout, consumerTag,
 * exclusive, arguments, resubscribe}}. Its prefetch is also the consumer's at the broker.
 */
record QueueBinding(AmqpSubscription subscription, BindingOptions options) {

    static List<QueueBinding> listed(Fields connector) {
        return connector.objects("bindings").stream()
                .map(each -> read(DeclarationJson.name(each, "queue"), each.text("address"), each))
                .toList();
    }

    /** The binding of the action {@code bind}. */
    static QueueBinding of(String queue, String address, @Nullable JsonObject options) {
        return read(queue, address, Fields.at("options", options));
    }

    Future<? extends StreamSource> open(AmqpClient client, Deadline deadline) {
        return ConsumerStream.open(client, subscription, StreamForm.JSON, () -> {}, deadline)
                .map(ConsumerStream::source);
    }

    private static QueueBinding read(String queue, String address, Fields json) {
        AmqpSubscription subscription = Subscription.read(
                queue, json.int32("prefetch", BindingOptions.DEFAULT_PREFETCH, 1, 10_000), false, json);
        return new QueueBinding(subscription, BindingOptions.of(address, json));
    }
}
