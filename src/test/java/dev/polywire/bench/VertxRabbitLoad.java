package dev.polywire.bench;

import com.rabbitmq.client.AMQP;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.rabbitmq.QueueOptions;
import io.vertx.rabbitmq.RabbitMQClient;
import io.vertx.rabbitmq.RabbitMQConsumer;
import io.vertx.rabbitmq.RabbitMQMessage;
import io.vertx.rabbitmq.RabbitMQOptions;
import io.vertx.rabbitmq.RabbitMQPublisher;
import io.vertx.rabbitmq.RabbitMQPublisherOptions;
import org.jspecify.annotations.Nullable;

/** The same by io.vertx:vertx-rabbitmq-client, which is com.rabbitmq:amqp-client with futures. */
abstract class VertxRabbitLoad implements Load {

    @Nullable
    RabbitMQClient client;

    static final class Publishing extends VertxRabbitLoad {

        private final Buffer body = Buffer.buffer(new byte[AmqpLoad.BODY_BYTES]);
        private @Nullable RabbitMQPublisher publisher;

        @Override
        Future<?> prepare(Vertx vertx) {
            publisher = RabbitMQPublisher.create(vertx, client, new RabbitMQPublisherOptions());
            return client.queueDeclare(AmqpQueues.PUBLISHED, false, false, true, new JsonObject(AmqpQueues.BOUNDED))
                    .compose(declared -> publisher.start());
        }

        @Override
        public void run(Window window) {
            window.open(() -> {
                AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                        .contentType("application/octet-stream")
                        .build();
                publisher
                        .publishConfirm("", AmqpQueues.PUBLISHED, properties, body)
                        .onComplete(confirmed -> {
                            if (confirmed.succeeded()) {
                                window.ended();
                            } else {
                                window.failed(confirmed.cause());
                            }
                        });
            });
        }
    }

    static final class Consuming extends VertxRabbitLoad {

        private int count;
        private long checksum;

        @Override
        Future<?> prepare(Vertx vertx) {
            return client.basicQos(AmqpLoad.PREFETCH);
        }

        @Override
        public void run(Window window) {
            count = 0;
            QueueOptions options = new QueueOptions().setAutoAck(false).setMaxInternalQueueSize(2 * AmqpLoad.PREFETCH);
            options.setConsumerTag("reader");
            options.setConsumerArguments(AmqpQueues.FROM_THE_FIRST);
            client.basicConsumer(AmqpQueues.consumed(window.operations()), options)
                    .onSuccess(consumer -> consumer.handler(message -> received(window, consumer, message)))
                    .onFailure(window::failed);
        }

        private void received(Window window, RabbitMQConsumer consumer, RabbitMQMessage message) {
            checksum += message.body().length();
            count++;
            boolean last = count == window.operations();
            if (last || count % AmqpLoad.ACK_EVERY == 0) {
                client.basicAck(message.envelope().getDeliveryTag(), true);
            }
            if (last) {
                consumer.cancel()
                        .onSuccess(cancelled -> window.ended(window.operations()))
                        .onFailure(window::failed);
            }
        }
    }

    @Override
    public Future<?> start(Vertx vertx, int port) {
        client = RabbitMQClient.create(
                vertx, new RabbitMQOptions().setHost("127.0.0.1").setPort(port));
        return client.start().compose(started -> prepare(vertx));
    }

    abstract Future<?> prepare(Vertx vertx);
}
