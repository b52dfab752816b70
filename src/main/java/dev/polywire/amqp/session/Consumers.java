package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.ReplyCode;
import dev.polywire.core.net.Backoff;
import dev.polywire.core.net.CallException;
import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Monotonic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of a client, and what becomes of one that the broker has ended:
 *
 * <pre>
 *   cancelled, and its queue is gone                        ends; or, with resubscribe, tries until there is one
 *   cancelled, and its queue exists; or its channel closed  begins again after a while; the third time in a minute it ends
 * </pre>
 */
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

    Interruptions interruptions() {
        return new Interruptions(random);
    }

    /** Whether the connection is there, and its consumers get no more deliveries on purpose. */
    boolean isUp() {
        return !closed && connection.now() != null;
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

    /** The broker has cancelled the consumer: its queue is gone, or the broker has waited too long for a settlement. */
    void cancelled(AmqpConsumer consumer) {
        List<AmqpMethod> remake = connection.topology().entities(consumer.queue());
        consumer.recoveringChannel().close().onComplete(closed -> look(consumer, remake, new Backoff(random)));
    }

    private void look(AmqpConsumer consumer, List<AmqpMethod> remake, Backoff backoff) {
        if (consumer.isOver() || closed) {
            consumer.end(cancelled(consumer.queue()));
            return;
        }
        Deadline deadline = Deadline.after(connection.vertx(), Recovery.STEP_MILLIS);
        QueueMethod.Declare passive =
                new QueueMethod.Declare(consumer.queue(), true, false, false, false, false, Map.of());
        declarations.send(passive, deadline).onComplete((there, cause) -> {
            deadline.met();
            if (cause == null || cause instanceof AmqpException && !isNotFound(cause)) {
                interrupted(
                        consumer,
                        new CallException(
                                Reason.UNAVAILABLE,
                                "consumer cancelled by the broker, although queue " + consumer.queue() + " exists"));
            } else if (isNotFound(cause)) {
                gone(consumer, remake);
            } else {
                connection.vertx().setTimer(backoff.nextMillis(), t -> look(consumer, remake, backoff));
            }
        });
    }

    private void gone(AmqpConsumer consumer, List<AmqpMethod> remake) {
        String queue = consumer.queue();
        listener.cancelled(consumer.consumerTag(), queue);
        consumer.offsets().forget();
        // A name that the broker generated is never generated again.
        if (consumer.resubscribes() && !queue.startsWith("amq.") && !consumer.isOver()) {
            again(consumer, remake, new Backoff(random));
        } else {
            consumer.end(cancelled(queue));
        }
    }

    private static CallException cancelled(String queue) {
        return new CallException(
                Reason.NOT_FOUND, "consumer cancelled by the broker: queue " + queue + " is gone or has moved");
    }

    /** The broker has ended the consumer, or its channel, and the queue exists. It begins again, but not for ever. */
    void interrupted(AmqpConsumer consumer, RuntimeException cause) {
        if (consumer.isOver() || closed) {
            consumer.end(cause);
            return;
        }
        long waitMillis = consumer.interruptions().next(Monotonic.millis());
        if (waitMillis < 0) {
            consumer.end(cause);
            return;
        }
        listener.interrupted(consumer.consumerTag(), consumer.queue(), cause);
        Backoff backoff = new Backoff(random);
        connection.vertx().setTimer(waitMillis, t -> again(consumer, List.of(), backoff));
    }

    private static boolean isNotFound(@Nullable Throwable cause) {
        return cause instanceof AmqpException refused && refused.reason().code() == ReplyCode.NOT_FOUND.code();
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
            } else if (begun.failed() && consumer.offsets().isRefused(begun.cause())) {
                again(consumer, remake, backoff);
            } else if (begun.failed() && begun.cause() instanceof AmqpException refused && !consumer.resubscribes()) {
                if (isNotFound(refused)) {
                    consumer.end(refused);
                } else {
                    interrupted(consumer, refused);
                }
            } else if (begun.failed() && !closed) {
                connection.vertx().setTimer(backoff.nextMillis(), t -> again(consumer, remake, backoff));
            }
        });
    }

    static String newTag() {
        return "polywire." + UUID.randomUUID();
    }

    /** Another name of a consumer, for people to recognise; at most 255 bytes. */
    static String renamed(String tag, int number) {
        return tag.length() > 60 ? newTag() : tag + "~" + number;
    }

    private static AmqpSubscription tagged(AmqpSubscription asked) {
        BasicMethod.Consume consume = asked.consume();
        String tag = consume.consumerTag().isEmpty() ? newTag() : consume.consumerTag();
        return new AmqpSubscription(
                consume.with(tag, consume.arguments()), asked.prefetchCount(), asked.resubscribe(), asked.limits());
    }
}
