package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a consumer heard, and it acknowledges each message if it is told its consumer. */
class Received implements AmqpConsumer.Listener {

    final Set<String> ids = ConcurrentHashMap.newKeySet();
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<Long> numbers = new CopyOnWriteArrayList<>();
    volatile RuntimeException cause;
    private final List<Long> early = new CopyOnWriteArrayList<>();
    private AmqpConsumer acknowledging;

    /** From now on each message is acknowledged, those of before, too. */
    Received acknowledge(AmqpConsumer consumer) {
        acknowledging = consumer;
        early.forEach(number -> consumer.ack(number, false));
        return this;
    }

    @Override
    public void delivery(long number, ContentMethod.Deliver deliver, Content content) {
        String id = content.properties().messageId();
        ids.add(id == null ? content.body().toString() : id);
        if (acknowledging != null) {
            acknowledging.ack(number, false);
        } else {
            early.add(number);
            numbers.add(number);
            events.add("delivery " + number + (deliver.redelivered() ? " again" : ""));
        }
    }

    @Override
    public void cancelled() {
        events.add("cancelled");
    }

    @Override
    public void recovered() {
        events.add("recovered");
    }

    @Override
    public void interrupted() {
        events.add("interrupted");
    }

    @Override
    public void overloaded(RuntimeException why, boolean release) {
        cause = why;
        events.add("overloaded");
    }

    @Override
    public void ended(RuntimeException why) {
        cause = why;
        events.add("ended");
    }
}
