package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpChannel;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.TxMethod;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes and settlements that take effect together or not at all ({@code tx.select}), on a channel of its own. It is not
 * recovered: a lost connection rolls it back, unless {@code commit} was in flight.
 */
public final class AmqpTransaction {

    private final Vertx vertx;
    private final AmqpChannel channel;
    private Consumer<RuntimeException> endHandler = cause -> {};
    private @Nullable RuntimeException ended;

    AmqpTransaction(Vertx vertx, AmqpChannel channel) {
        this.vertx = vertx;
        this.channel = channel;
        channel.listener(new AmqpChannel.Listener() {
            @Override
            public void closed(RuntimeException cause) {
                if (ended == null) {
                    ended = cause;
                    endHandler.accept(cause);
                }
            }
        });
    }

    /** Called once if the transaction ends by itself: the broker refused a request, or the connection is lost. */
    public void endHandler(Consumer<RuntimeException> handler) {
        endHandler = handler;
        if (ended != null) {
            handler.accept(ended);
        }
    }

    /** Completes when the publish is written; the outcome of {@link #commit} decides whether it has an effect. */
    public Future<Void> publish(AmqpPublish publish, Deadline deadline) {
        return ended != null
                ? Future.failedFuture(ended)
                : channel.publish(
                        new ContentMethod.Publish(publish.exchange(), publish.routingKey(), publish.mandatory(), false),
                        publish.content(),
                        deadline);
    }

    /** Fetches a message, whose settlement is part of the transaction; null if the queue is empty. */
    public Future<@Nullable AmqpGot> get(String queue, Deadline deadline) {
        return ended != null
                ? Future.failedFuture(ended)
                : channel.get(new BasicMethod.Get(queue, false), deadline)
                        .map(message -> message == null ? null : AmqpGot.of(message, channel, settled -> {}));
    }

    /**
     * Commits, and ends the transaction.
     *
     * @return fails with UNKNOWN_OUTCOME when the connection is lost meanwhile, and then it may have happened
     */
    public Future<Void> commit(Deadline deadline) {
        return end(new TxMethod.Commit(), deadline);
    }

    /** Rolls back, and ends the transaction. */
    public Future<Void> rollback(Deadline deadline) {
        return end(new TxMethod.Rollback(), deadline);
    }

    private Future<Void> end(AmqpMethod how, Deadline deadline) {
        if (ended != null) {
            return Future.failedFuture(ended);
        }
        ended = new CallException(Reason.NOT_FOUND, "the transaction has ended");
        return channel.send(how, deadline).<Void>mapEmpty().onComplete(done -> {
            Deadline closing = Deadline.after(vertx, Recovery.STEP_MILLIS);
            channel.close(closing).onComplete(closed -> closing.met());
        });
    }
}
