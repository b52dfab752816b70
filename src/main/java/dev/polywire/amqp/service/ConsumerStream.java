package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.session.AmqpConsumer;
import dev.polywire.amqp.session.AmqpSubscription;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.SettledSource;
import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as a stream. Deliveries wait here until the reader pulls; the broker keeps to the prefetch. Without
 * acknowledgements nothing bounds the broker, so the stream of a slow reader is ended.
 *
 * <pre>
 *   broker --deliver--> waiting --pull--> reader --settle--> broker, which delivers more
 *          at most prefetchCount in all
 * </pre>
 */
final class ConsumerStream implements StreamSource {

    /** Bytes of deliveries without acknowledgement that may wait for a reader, and how many. */
    private static final long MAX_WAITING_BYTES = 16L * 1024 * 1024;

    private static final int MAX_WAITING = 10_000;

    /** @param item made on arrival, since the receive buffer belongs to the connection */
    private record Waiting(Object item, int bytes) {}

    private final StreamForm form;
    private final boolean bounded;
    private final Runnable overrun;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private @Nullable Promise<Page> asking;
    private int asked;
    private int askedBytes;
    private @Nullable AmqpConsumer consumer;
    private @Nullable Throwable failure;
    private boolean ended;
    /** The consumer's number of the last delivery. */
    private long lastNumber;
    /** Deliveries that were not pulled when the connection was lost: not items, and delivered again. */
    private long dropped;
    /** Items up to this number belong to lost connections. */
    private long stale;

    private ConsumerStream(StreamForm form, boolean bounded, Runnable overrun) {
        this.form = form;
        this.bounded = bounded;
        this.overrun = overrun;
    }

    /**
     * Begins to consume.
     *
     * @param overrun called once, when the reader is too slow
     * @return the stream; its items are settled, unless the consumer has {@code noAck}
     */
    static Future<ConsumerStream> open(
            AmqpClient client, AmqpSubscription subscription, StreamForm form, Runnable overrun, Deadline deadline) {
        ConsumerStream stream = new ConsumerStream(form, !subscription.consume().noAck(), overrun);
        return client.consume(subscription, stream.new ConsumerListener(), deadline)
                .map(consumer -> {
                    stream.consumer = consumer;
                    if (stream.failure != null) {
                        consumer.close();
                    }
                    return stream;
                });
    }

    AmqpConsumer consumer() {
        if (consumer == null) {
            throw new IllegalStateException("not consuming yet");
        }
        return consumer;
    }

    /** The same stream; with acknowledgements, one whose items are settled. */
    StreamSource source() {
        return bounded ? new Settled() : this;
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        Promise<Page> promise = Promise.promise();
        asking = promise;
        asked = max;
        askedBytes = maxBytes;
        answer();
        return promise.future();
    }

    @Override
    public Future<Void> close() {
        waiting.clear();
        return consumer().close();
    }

    private void answer() {
        Promise<Page> promise = asking;
        if (promise == null || waiting.isEmpty() && failure == null && !ended) {
            return;
        }
        asking = null;
        if (!waiting.isEmpty()) {
            promise.complete(new Page(items(), false));
        } else if (failure != null) {
            promise.fail(failure);
        } else {
            promise.complete(Page.END);
        }
    }

    private JsonArray items() {
        JsonArray items = new JsonArray();
        long bytes = 0;
        while (!waiting.isEmpty() && items.size() < asked && bytes < askedBytes) {
            Waiting next = waiting.remove();
            waitingBytes -= next.bytes();
            bytes += next.bytes();
            items.add(next.item());
        }
        return items;
    }

    static JsonObject json(long number, ContentMethod.Deliver deliver, Content content) {
        return MessageJson.put(
                new JsonObject()
                        .put("deliveryTag", number)
                        .put("redelivered", deliver.redelivered())
                        .put("exchange", deliver.exchange())
                        .put("routingKey", deliver.routingKey()),
                content);
    }

    /** Drops waiting deliveries, which the broker delivers again; else each recovery would add a prefetch. */
    private void lost() {
        if (bounded) {
            dropped += waiting.size();
            waiting.clear();
            waitingBytes = 0;
            stale = lastNumber - dropped;
        }
    }

    /** The consumer's number of an item; for a stale item, any stale number. */
    private long number(long item) {
        return item <= stale ? item : item + dropped;
    }

    private final class ConsumerListener implements AmqpConsumer.Listener {

        @Override
        public void delivery(long number, ContentMethod.Deliver deliver, Content content) {
            int size = content.body().length();
            boolean full = !bounded && (waiting.size() >= MAX_WAITING || waitingBytes + size > MAX_WAITING_BYTES);
            if (failure != null) {
                return;
            } else if (full) {
                failure =
                        Failure.OVERLOADED.because("a reader slower than the broker, and noAck (expected: to settle)");
                overrun.run();
                if (consumer != null) {
                    consumer.close();
                }
                return;
            }
            lastNumber = number;
            long place = number - dropped;
            Object item =
                    form == StreamForm.RAW ? RawRecord.of(place, deliver, content) : json(place, deliver, content);
            waiting.add(new Waiting(item, size));
            waitingBytes += size;
            answer();
        }

        @Override
        public void interrupted() {
            lost();
        }

        @Override
        public void cancelled() {
            lost();
        }

        @Override
        public void ended(@Nullable RuntimeException cause) {
            ended = true;
            failure = failure == null ? cause : failure;
            answer();
        }
    }

    private final class Settled implements SettledSource {

        @Override
        public Future<Page> pull(int max, int maxBytes) {
            return ConsumerStream.this.pull(max, maxBytes);
        }

        @Override
        public Future<Void> close() {
            return ConsumerStream.this.close();
        }

        @Override
        public void acknowledge(long item) {
            consumer().ack(number(item), false);
        }

        @Override
        public void reject(long item, boolean requeue) {
            // After basic.reject without requeue, Qpid delivers no more messages.
            consumer().nack(number(item), false, requeue);
        }

        @Override
        public void acknowledgeUpTo(long item, LongStream all) {
            consumer().ack(number(item), true);
        }

        @Override
        public void rejectUpTo(long item, boolean requeue, LongStream all) {
            consumer().nack(number(item), true, requeue);
        }
    }
}
