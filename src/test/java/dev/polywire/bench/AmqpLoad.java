package dev.polywire.bench;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.AmqpEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Our AMQP client: one connection, one channel. */
abstract class AmqpLoad implements Load {

    static final int BODY_BYTES = 1_024;
    static final int PREFETCH = 250;
    /** Half of the prefetch in one acknowledgement, so that the broker never waits for it. */
    static final int ACK_EVERY = PREFETCH / 2;

    private @Nullable Dialer dialer;

    @Nullable
    AmqpChannel channel;

    @Nullable
    Deadline deadline;

    /** Publishes under confirms. */
    static final class Publishing extends AmqpLoad {

        private final ContentMethod.Publish method = new ContentMethod.Publish("", AmqpQueues.PUBLISHED, false, false);
        private final Buffer body = Buffer.buffer(new byte[BODY_BYTES]);

        @Override
        Future<?> prepare() {
            return channel.send(new ConfirmMethod.Select(false), deadline)
                    .compose(selected -> channel.send(AmqpQueues.PUBLISHED_DECLARE, deadline));
        }

        @Override
        public void run(Window window) {
            window.open(() -> channel.publish(method, message(), null).onComplete(confirmed -> {
                if (confirmed.succeeded()) {
                    window.ended();
                } else {
                    window.failed(confirmed.cause());
                }
            }));
        }

        /** Properties of its own, as messages have. */
        private Content message() {
            return new Content(BasicProperties.NONE.with(Property.CONTENT_TYPE, "application/octet-stream"), body);
        }
    }

    /** Consumes, and acknowledges many at a time. */
    static final class Consuming extends AmqpLoad implements AmqpChannel.Listener {

        private @Nullable Window window;
        private int count;
        private long checksum;

        @Override
        Future<?> prepare() {
            channel.listener(this);
            return channel.send(new BasicMethod.Qos(0, PREFETCH, false), deadline);
        }

        @Override
        public void run(Window window) {
            this.window = window;
            count = 0;
            channel.send(AmqpQueues.consume(window.operations()), deadline).onFailure(window::failed);
        }

        @Override
        public void delivery(AmqpEvent.Delivery delivery) {
            checksum += delivery.content().body().length();
            count++;
            boolean last = count == window.operations();
            if (last || count % ACK_EVERY == 0) {
                channel.ack(delivery.method().deliveryTag(), true);
            }
            if (last) {
                channel.send(new BasicMethod.Cancel(delivery.method().consumerTag(), false), deadline)
                        .onSuccess(cancelled -> window.ended(window.operations()))
                        .onFailure(window::failed);
            }
        }
    }

    @Override
    public Future<?> start(Vertx vertx, int port) {
        deadline = Deadline.after(vertx, 3_600_000);
        dialer = new Dialer(vertx, EndpointOptions.of("127.0.0.1", port), "amqp", Spi.NONE);
        return AmqpConnection.connect(dialer, new AmqpClientOptions("/", SaslMechanism.plain("guest", "guest")))
                .compose(connection -> connection.openChannel(deadline))
                .compose(opened -> {
                    channel = opened;
                    return prepare();
                });
    }

    abstract Future<?> prepare();
}
