package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpGot;
import dev.polywire.amqp.session.AmqpReceipt;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.bus.stream.Rejection;
import dev.polywire.core.bus.stream.SettledSource;
import dev.polywire.core.json.JsonWeight;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A fetched message as a stream of one item, so that it is settled like all others. Whoever pulls the item keeps it. */
final class GotMessage implements SettledSource {

    private final AmqpReceipt receipt;
    private @Nullable Page page;
    private boolean settled;

    /** @param item the message in its {@link #answer} */
    GotMessage(AmqpGot got, JsonObject item) {
        this.receipt = got.receipt();
        this.page = new Page(new JsonArray().add(item), true, JsonWeight.of(item));
    }

    /** {@code {message, messageCount}}; {@code got} is null if the queue was empty */
    static JsonObject answer(@Nullable AmqpGot got, long deliveryTag) {
        return new JsonObject()
                .put("message", got == null ? null : json(got, deliveryTag))
                .put("messageCount", got == null ? 0 : got.method().messageCount());
    }

    private static JsonObject json(AmqpGot got, long deliveryTag) {
        ContentMethod.GetOk method = got.method();
        return ConsumerStream.json(
                deliveryTag,
                new ContentMethod.Deliver(
                        "", deliveryTag, method.redelivered(), method.exchange(), method.routingKey()),
                got.content());
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        Page once = page;
        page = null;
        return Future.succeededFuture(once == null ? Page.END : once);
    }

    @Override
    public boolean acknowledge(long item) {
        settled = true;
        return receipt.ack();
    }

    @Override
    public boolean reject(long item, Rejection how) {
        settled = true;
        return receipt.reject(how.requeue());
    }

    /** The message is requeued. */
    @Override
    public Future<Void> close() {
        if (!settled) {
            receipt.giveBack();
        }
        return Future.succeededFuture();
    }
}
