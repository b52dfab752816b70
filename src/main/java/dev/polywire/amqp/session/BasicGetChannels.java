package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Channels for {@code basic.get}: each message has one of its own until it is settled. A refusal closes a channel, and on a
 * shared one the broker would requeue the messages of other callers.
 */
final class BasicGetChannels {

    /** Idle channels that are kept for the next call. */
    private static final int MAX_IDLE = 8;

    private final RecoveringConnection connection;
    private final ArrayDeque<AmqpChannel> idle = new ArrayDeque<>();

    BasicGetChannels(RecoveringConnection connection) {
        this.connection = connection;
    }

    Future<@Nullable AmqpGot> get(String queue, Deadline deadline) {
        return connection
                .ready(deadline)
                .compose(up -> {
                    AmqpChannel kept = kept();
                    return kept == null ? up.openChannel(deadline) : Future.succeededFuture(kept);
                })
                .compose(channel -> channel.get(new BasicMethod.Get(queue, false), deadline)
                        .onFailure(cause -> close(channel))
                        .map(message -> {
                            if (message == null) {
                                keep(channel);
                                return null;
                            }
                            return AmqpGot.of(message, channel, this::keep);
                        }));
    }

    private @Nullable AmqpChannel kept() {
        AmqpChannel next = idle.poll();
        while (next != null && next.isClosed()) {
            next = idle.poll();
        }
        return next;
    }

    private void keep(AmqpChannel channel) {
        if (idle.size() < MAX_IDLE) {
            idle.add(channel);
        } else {
            close(channel);
        }
    }

    private void close(AmqpChannel channel) {
        if (!channel.isClosed()) {
            Deadline deadline = Deadline.after(connection.vertx(), Recovery.STEP_MILLIS);
            channel.close(deadline).onComplete(closed -> deadline.met());
        }
    }
}
