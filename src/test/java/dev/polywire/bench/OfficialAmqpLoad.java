package dev.polywire.bench;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.CancelCallback;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.BitSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The same by com.rabbitmq:amqp-client: one connection, one channel, a thread that publishes. */
abstract class OfficialAmqpLoad implements Load {

    /** Lives on: what it allocates is counted at the end of a round. */
    private final ExecutorService user = Executors.newSingleThreadExecutor();

    private @Nullable Context context;
    private @Nullable Connection connection;

    @Nullable
    Channel channel;

    /** Keeps of the publishes what their confirms need, and not a map of them, as its users do. */
    static final class Publishing extends OfficialAmqpLoad {

        private static final int IN_FLIGHT = 1_000;

        private final byte[] body = new byte[AmqpLoad.BODY_BYTES];
        private final Semaphore room = new Semaphore(IN_FLIGHT);
        /** Used by the thread of the confirms only. */
        private final BitSet confirmed = new BitSet();

        private long lowest = 1;

        @Override
        void prepare() throws IOException {
            channel.confirmSelect();
            channel.queueDeclare(AmqpQueues.PUBLISHED, false, false, true, AmqpQueues.BOUNDED);
            channel.addConfirmListener(this::confirmed, (tag, multiple) -> {
                throw new IllegalStateException("nack");
            });
        }

        @Override
        void operations(int count) throws IOException, InterruptedException {
            for (int i = 0; i < count; i++) {
                room.acquire();
                AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder()
                        .contentType("application/octet-stream")
                        .build();
                channel.basicPublish("", AmqpQueues.PUBLISHED, false, properties, body);
            }
            room.acquire(IN_FLIGHT);
            room.release(IN_FLIGHT);
        }

        private void confirmed(long tag, boolean multiple) {
            int before = confirmed.cardinality();
            int index = (int) (tag - lowest);
            confirmed.set(multiple ? 0 : index, index + 1);
            room.release(confirmed.cardinality() - before);
            int done = confirmed.nextClearBit(0);
            if (done >= IN_FLIGHT) {
                BitSet rest = confirmed.get(done, confirmed.length());
                confirmed.clear();
                confirmed.or(rest);
                lowest += done;
            }
        }
    }

    static final class Consuming extends OfficialAmqpLoad {

        private final Semaphore ended = new Semaphore(0);
        private int count;
        private long checksum;

        @Override
        void prepare() throws IOException {
            channel.basicQos(AmqpLoad.PREFETCH);
        }

        @Override
        void operations(int operations) throws IOException, InterruptedException {
            count = 0;
            CancelCallback never = tag -> {};
            channel.basicConsume(
                    AmqpQueues.consumed(operations),
                    false,
                    "reader",
                    false,
                    false,
                    AmqpQueues.FROM_THE_FIRST,
                    (tag, delivery) -> {
                        checksum += delivery.getBody().length;
                        count++;
                        if (count == operations || count % AmqpLoad.ACK_EVERY == 0) {
                            channel.basicAck(delivery.getEnvelope().getDeliveryTag(), true);
                        }
                        if (count == operations) {
                            ended.release();
                        }
                    },
                    never);
            ended.acquire();
            channel.basicCancel("reader");
        }
    }

    @Override
    public Future<?> start(Vertx vertx, int port) {
        context = vertx.getOrCreateContext();
        return vertx.executeBlocking(() -> {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setPort(port);
            connection = factory.newConnection();
            channel = connection.createChannel();
            prepare();
            return channel;
        });
    }

    @Override
    public void run(Window window) {
        user.execute(() -> {
            try {
                operations(window.operations());
                context.runOnContext(now -> window.ended(window.operations()));
            } catch (IOException | InterruptedException failed) {
                context.runOnContext(now -> window.failed(failed));
            }
        });
    }

    abstract void prepare() throws IOException;

    abstract void operations(int count) throws IOException, InterruptedException;
}
