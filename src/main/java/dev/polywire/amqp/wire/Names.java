package dev.polywire.amqp.wire;

import java.util.List;

/** Requests in the form that recovery repeats: with explicit names, and with an answer. */
final class Names {

    private Names() {}

    static ExchangeMethod.Declare waiting(ExchangeMethod.Declare declare) {
        return new ExchangeMethod.Declare(
                declare.exchange(),
                declare.type(),
                false,
                declare.durable(),
                declare.autoDelete(),
                declare.internal(),
                false,
                declare.arguments());
    }

    static ExchangeMethod.Bind waiting(ExchangeMethod.Bind bind) {
        return new ExchangeMethod.Bind(bind.destination(), bind.source(), bind.routingKey(), false, bind.arguments());
    }

    static QueueMethod.Declare waiting(QueueMethod.Declare declare) {
        return new QueueMethod.Declare(
                declare.queue(),
                false,
                declare.durable(),
                declare.exclusive(),
                declare.autoDelete(),
                false,
                declare.arguments());
    }

    /** An empty queue is the last one declared on the channel; an empty routing key is then also its name. */
    static QueueMethod.Bind waiting(QueueMethod.Bind bind, String lastQueue) {
        boolean meant = bind.queue().isEmpty();
        return new QueueMethod.Bind(
                meant ? lastQueue : bind.queue(),
                bind.exchange(),
                meant && bind.routingKey().isEmpty() ? lastQueue : bind.routingKey(),
                false,
                bind.arguments());
    }

    static BasicMethod.Consume waiting(BasicMethod.Consume consume, String queue, String tag) {
        return new BasicMethod.Consume(
                queue, tag, consume.noLocal(), consume.noAck(), consume.exclusive(), false, consume.arguments());
    }

    /** The routing key too, when it was the queue's name. */
    static QueueMethod.Bind rename(QueueMethod.Bind bind, String queue) {
        boolean byName = bind.routingKey().equals(bind.queue());
        return new QueueMethod.Bind(
                queue, bind.exchange(), byName ? queue : bind.routingKey(), false, bind.arguments());
    }

    static BasicMethod.Consume rename(BasicMethod.Consume consume, String queue) {
        return waiting(consume, queue, consume.consumerTag());
    }

    static <T> void addOnce(List<T> all, T one) {
        if (!all.contains(one)) {
            all.add(one);
        }
    }
}
