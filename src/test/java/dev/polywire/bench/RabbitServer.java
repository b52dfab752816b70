package dev.polywire.bench;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.polywire.amqp.broker.Brokers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** A RabbitMQ of its own, of Debian's packages, with what is to be consumed in a stream, which stays there: each round reads it from the first. */
final class RabbitServer implements Server {

    static final int STORED = 100_000;

    @Override
    public Future<Integer> listen(Vertx vertx) {
        System.setProperty("rabbitmq", "/usr/lib/rabbitmq");
        return vertx.executeBlocking(() -> {
            int port = Brokers.chosen().port();
            fill(port);
            return port;
        });
    }

    private static void fill(int port) throws IOException, TimeoutException, InterruptedException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(port);
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                .contentType("application/octet-stream")
                .build();
        byte[] body = new byte[AmqpLoad.BODY_BYTES];
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            String queue = AmqpQueues.consumed(STORED);
            channel.queueDeclare(queue, true, false, false, Map.of("x-queue-type", "stream"));
            channel.confirmSelect();
            for (int i = 0; i < STORED; i++) {
                channel.basicPublish("", queue, properties, body);
                if (i % 1_000 == 999) {
                    channel.waitForConfirmsOrDie(60_000);
                }
            }
        }
    }
}
