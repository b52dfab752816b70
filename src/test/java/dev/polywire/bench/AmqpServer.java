package dev.polywire.bench;

import dev.polywire.amqp.server.ScriptedBroker;
import dev.polywire.amqp.server.ScriptedClient;
import dev.polywire.amqp.wire.AmqpServerEvent;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.core.net.EndpointOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A broker without queues: what is published is confirmed once a turn, with {@code multiple}; who consumes {@code count-bytes}
 * ({@code 1000000-1024}) gets that many messages of that size, as many unacknowledged as {@code basic.qos} allows, else all.
 */
final class AmqpServer implements Server, ScriptedBroker.Script {

    /** A million a turn would be memory, not speed. */
    private static final long UNLIMITED = 2_000;

    private final Map<ScriptedClient, Map<Integer, Work>> clients = new HashMap<>();

    /** What a channel is owed. */
    private static final class Work {
        private long prefetch = UNLIMITED;
        private String tag = "";
        private Content message = new Content(Buffer.buffer());
        private boolean manual;
        private long left;
        private long delivered;
        private long settled;
        private boolean turning;
        private long confirmed;
    }

    static String queue(int count, int bytes) {
        return count + "-" + bytes;
    }

    @Override
    public Future<Integer> listen(Vertx vertx) {
        return new ScriptedBroker(vertx, EndpointOptions.of("127.0.0.1", 0), this).listen();
    }

    @Override
    public boolean asked(ScriptedClient client, AmqpServerEvent.Method asked) {
        int channel = asked.channel();
        Work work = clients.computeIfAbsent(client, c -> new HashMap<>()).computeIfAbsent(channel, c -> new Work());
        if (asked.method() instanceof ContentMethod.Publish) {
            turn(client, channel, work);
            return true;
        } else if (asked.method() instanceof BasicMethod.Ack ack) {
            work.settled = ack.multiple() ? ack.deliveryTag() : work.settled + 1;
            turn(client, channel, work);
            return true;
        } else if (asked.method() instanceof BasicMethod.Qos qos) {
            work.prefetch = qos.prefetchCount() == 0 ? UNLIMITED : qos.prefetchCount();
        } else if (asked.method() instanceof BasicMethod.Consume consume) {
            String[] wanted = consume.queue().split("-");
            work.tag = consume.consumerTag().isEmpty() ? "consumer-" + channel : consume.consumerTag();
            work.manual = !consume.noAck();
            work.left = Long.parseLong(wanted[0]);
            work.message = new Content(
                    BasicProperties.NONE.with(Property.CONTENT_TYPE, "application/octet-stream"),
                    Buffer.buffer(new byte[Integer.parseInt(wanted[1])]));
            client.send(channel, new BasicMethod.ConsumeOk(work.tag));
            turn(client, channel, work);
            return true;
        }
        return false;
    }

    @Override
    public void closed(ScriptedClient client, RuntimeException cause) {
        clients.remove(client);
    }

    private void turn(ScriptedClient client, int channel, Work work) {
        if (!work.turning) {
            work.turning = true;
            Vertx.currentContext().runOnContext(now -> work(client, channel, work));
        }
    }

    private void work(ScriptedClient client, int channel, Work work) {
        work.turning = false;
        if (client.published(channel) > work.confirmed) {
            work.confirmed = client.published(channel);
            client.send(channel, new BasicMethod.Ack(work.confirmed, true));
        }
        long room = work.manual ? work.prefetch - (work.delivered - work.settled) : UNLIMITED;
        for (; work.left > 0 && room > 0 && !client.isFull(); work.left--, room--) {
            client.send(channel, new ContentMethod.Deliver(work.tag, ++work.delivered, false, "", "key"), work.message);
        }
        if (work.left > 0 && (!work.manual || room > 0) && clients.containsKey(client)) {
            client.whenRoom(() -> turn(client, channel, work));
        }
    }
}
