package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** The consumers of a client. A consumer that the broker has cancelled ends, or subscribes again until it succeeds. */
final class Consumers {

    private final RecoveringConnection connection;
    private final SynchronousChannel declarations;
    private final AmqpClient.Listener listener;
    private final Random random;
    private final Set<AmqpConsumer> consumers = new LinkedHashSet<>();
    private long stale;
    private boolean closed;

    Consumers(
            RecoveringConnection connection,
            SynchronousChannel declarations,
            AmqpClient.Listener listener,
            Random random) {
        this.connection = connection;
        this.declarations = declarations;
        this.listener = listener;
        this.random = random;
    }

    Future<AmqpConsumer> consume(AmqpSubscription asked, AmqpConsumer.Listener listener, Deadline deadline) {
        if (closed) {
            return Future.failedFuture(RecoveringConnection.closing());
        }
        AmqpConsumer consumer = new AmqpConsumer(this, connection, tagged(asked), listener);
        return consumer.begin(deadline).onSuccess(consumers::add).onFailure(none -> consumer.end(null));
    }

    /** Those that the broker delivers to. */
    int size() {
        return (int) consumers.stream().filter(each -> !each.isOver()).count();
    }

    Vertx vertx() {
        return connection.vertx();
    }

    int unsettled() {
        return consumers.stream().mapToInt(AmqpConsumer::unsettled).sum();
    }

    /** Settlements that were dropped because their connection was lost. */
    long staleSettlements() {
        return stale;
    }

    /** Stops all deliveries; earlier ones can still be settled. */
    Future<Void> cancel(Deadline deadline) {
        closed = true;
        return Future.join(consumers.stream().map(each -> each.cancel(deadline)).toList())
                .mapEmpty();
    }

    void close() {
        closed = true;
        List.copyOf(consumers).forEach(each -> each.end(null));
    }

    void stale() {
        stale++;
    }

    void ended(AmqpConsumer consumer) {
        consumers.remove(consumer);
    }

    /** The broker has cancelled the consumer. */
    void cancelled(AmqpConsumer consumer, boolean resubscribe) {
        String queue = consumer.queue();
        List<AmqpMethod> remake = connection.topology().entities(queue);
        listener.cancelled(consumer.consumerTag(), queue);
        consumer.recoveringChannel().close();
        // A name that the broker generated is never generated again.
        if (resubscribe && !queue.startsWith("amq.") && !consumer.isOver()) {
            again(consumer, remake, new Backoff(random));
        } else {
            consumer.end(new CallException(
                    Reason.NOT_FOUND, "consumer cancelled by the broker: queue " + queue + " is gone or has moved"));
        }
    }

    private void again(AmqpConsumer consumer, List<AmqpMethod> remake, Backoff backoff) {
        if (consumer.isOver() || closed) {
            return;
        }
        Deadline deadline = Deadline.after(connection.vertx(), Recovery.STEP_MILLIS);
        Future<?> made = connection.ready(deadline);
        for (AmqpMethod each : remake) {
            made = made.compose(done -> declarations.send(each, deadline).otherwiseEmpty());
        }
        made.compose(done -> consumer.begin(deadline)).onComplete(begun -> {
            deadline.met();
            if (begun.succeeded() && consumer.isOver()) {
                consumer.recoveringChannel().close();
            } else if (begun.failed() && !closed) {
                connection.vertx().setTimer(backoff.nextMillis(), t -> again(consumer, remake, backoff));
            }
        });
    }

    private static AmqpSubscription tagged(AmqpSubscription asked) {
        BasicMethod.Consume consume = asked.consume();
        String tag = consume.consumerTag().isEmpty() ? "polywire." + UUID.randomUUID() : consume.consumerTag();
        return new AmqpSubscription(
                new BasicMethod.Consume(
                        consume.queue(),
                        tag,
                        consume.noLocal(),
                        consume.noAck(),
                        consume.exclusive(),
                        false,
                        consume.arguments()),
                asked.prefetchCount(),
                asked.resubscribe(),
                asked.limits());
    }
}
