package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Settles a fetched message. If it is unsettled when the connection is lost or closed, the broker requeues it. */
public final class AmqpReceipt {

    private final long deliveryTag;
    private final Consumer<AmqpChannel> afterwards;
    private @Nullable AmqpChannel channel;

    /** @param channel null: it is settled. @param afterwards receives the channel after the settlement */
    AmqpReceipt(long deliveryTag, @Nullable AmqpChannel channel, Consumer<AmqpChannel> afterwards) {
        this.deliveryTag = deliveryTag;
        this.channel = channel;
        this.afterwards = afterwards;
    }

    /**
     * Acknowledges the message.
     *
     * @return false when it was settled before, or when its connection is lost and it is in its queue again
     */
    public boolean ack() {
        AmqpChannel open = take();
        if (open == null || !open.ack(deliveryTag, false)) {
            return false;
        }
        afterwards.accept(open);
        return true;
    }

    /** Refuses the message: it is requeued, or dropped or dead-lettered. As {@link #ack}. */
    public boolean reject(boolean requeue) {
        AmqpChannel open = take();
        if (open == null || !open.reject(deliveryTag, requeue)) {
            return false;
        }
        afterwards.accept(open);
        return true;
    }

    /** Requeues a message that nobody has processed. As {@link #ack}. */
    public boolean giveBack() {
        AmqpChannel open = take();
        if (open == null || !open.requeue(deliveryTag, false)) {
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
