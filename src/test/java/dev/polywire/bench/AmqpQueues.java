package dev.polywire.bench;

import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.QueueMethod;
import java.util.Map;

/** The queues of the AMQP loads. */
final class AmqpQueues {

    /** What is published goes there, and the oldest of it goes away. */
    static final String PUBLISHED = "published";

    static final Map<String, Object> BOUNDED = Map.of("x-max-length", 1_000);
    static final QueueMethod.Declare PUBLISHED_DECLARE =
            new QueueMethod.Declare(PUBLISHED, false, false, false, true, false, Map.copyOf(BOUNDED));

    /** From the beginning, each time: what is consumed are streams where the broker has queues. */
    static final Map<String, Object> FROM_THE_FIRST = Map.of("x-stream-offset", "first");

    private AmqpQueues() {}

    /** A queue that a {@link AmqpServer} makes up, and a {@link RabbitServer} has. */
    static String consumed(int count) {
        return AmqpServer.queue(count, AmqpLoad.BODY_BYTES);
    }

    static BasicMethod.Consume consume(int count) {
        return new BasicMethod.Consume(
                consumed(count), "reader", false, false, false, false, Map.copyOf(FROM_THE_FIRST));
    }
}
