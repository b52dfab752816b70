package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are fetched one by one, each on a channel that is its own until it is settled: a refusal closes a channel, and
 * would send back what others hold.
 */
final class Gets {

    /** Channels that are kept for the next. */
    private static final int MAX_IDLE = 8;

    private final AmqpLink link;
    private final ArrayDeque<AmqpChannel> idle = new ArrayDeque<>();

    Gets(AmqpLink link) {
        this.link = link;
    }

    Future<@Nullable AmqpGot> get(String queue, Deadline deadline) {
        return link.ready(deadline)
                .compose(connection -> {
                    AmqpChannel kept = kept();
                    return kept == null ? connection.openChannel(deadline) : Future.succeededFuture(kept);
                })
                .compose(channel -> channel.get(new BasicMethod.Get(queue, false), deadline)
                        .onFailure(cause -> close(channel))
                        .map(message -> {
                            if (message == null) {
                                keep(channel);
                                return null;
                            }
                            return new AmqpGot(message, channel, this::keep);
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
            Deadline deadline = Deadline.after(link.vertx(), Recovery.STEP_MILLIS);
            channel.close(deadline).onComplete(closed -> deadline.met());
        }
    }
}
