package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpMessage;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A fetched message. If it is unsettled when the connection is lost or closed, the broker requeues it. */
public final class AmqpGot {

    private final AmqpMessage message;
    private final Consumer<AmqpChannel> afterwards;
    private @Nullable AmqpChannel channel;

    /** @param channel null: it is settled. @param afterwards receives the channel after the settlement */
    AmqpGot(AmqpMessage message, @Nullable AmqpChannel channel, Consumer<AmqpChannel> afterwards) {
        this.message = message;
        this.channel = channel;
        this.afterwards = afterwards;
    }

    /** The method that delivered the message; settle with {@link #ack} and {@link #reject}, not with its tag. */
    public ContentMethod.GetOk method() {
        return message.method();
    }

    public Content content() {
        return message.content();
    }

    /**
     * Acknowledges the message.
     *
     * @return false when it was settled before, or when its connection is lost and it is in its queue again
     */
    public boolean ack() {
        AmqpChannel open = take();
        if (open == null || !open.ack(message.method().deliveryTag(), false)) {
            return false;
        }
        afterwards.accept(open);
        return true;
    }

    /** Refuses the message: it is requeued, or dropped or dead-lettered. As {@link #ack}. */
    public boolean reject(boolean requeue) {
        AmqpChannel open = take();
        if (open == null || !open.reject(message.method().deliveryTag(), requeue)) {
            return false;
        }
        afterwards.accept(open);
        return true;
    }

    private @Nullable AmqpChannel take() {
        AmqpChannel once = channel;
        channel = null;
        return once;
    }
}
