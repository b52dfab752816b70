package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpMessage;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A message that was fetched. One that is not settled goes back to its queue when the connection is lost or closed. */
public final class AmqpGot {

    private final AmqpMessage message;
    private final Consumer<AmqpChannel> afterwards;
    private @Nullable AmqpChannel channel;

    /** @param channel null: it is settled. @param afterwards gets the channel when it was settled here */
    AmqpGot(AmqpMessage message, @Nullable AmqpChannel channel, Consumer<AmqpChannel> afterwards) {
        this.message = message;
        this.channel = channel;
        this.afterwards = afterwards;
    }

    /** How it came; its tag is for nobody else. */
    public ContentMethod.GetOk method() {
        return message.method();
    }

    public Content content() {
        return message.content();
    }

    /**
     * It is done.
     *
     * @return false when it was settled before, or its connection is lost and it is in its queue again
     */
    public boolean ack() {
        AmqpChannel open = take();
        if (open == null || !open.ack(message.method().deliveryTag(), false)) {
            return false;
        }
        afterwards.accept(open);
        return true;
    }

    /** It is not taken: to be delivered again, or dropped or dead-lettered. As {@link #ack}. */
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
