package dev.polywire.amqp.service;

import dev.polywire.amqp.session.AmqpClient;
import dev.polywire.amqp.session.AmqpConsumer;
import dev.polywire.amqp.session.AmqpSubscription;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.core.bus.binding.HeldSource;
import dev.polywire.core.bus.stream.ItemQueue;
import dev.polywire.core.bus.stream.Rejection;
import dev.polywire.core.bus.stream.SettledSource;
import dev.polywire.core.bus.stream.StreamForm;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.core.json.JsonWeight;
import dev.polywire.core.net.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as a stream. Deliveries wait here until the reader pulls; the broker keeps to the prefetch, and the consumer to
 * its bytes. When it is cut because the reader is too slow, what waits goes back to the queue; without acknowledgements, the
 * reader gets it first.
 *
 * <pre>
 *   broker --deliver--> waiting --pull--> reader --settle--> broker, which delivers more
 *          at most prefetchCount, and about maxConsumerBytes, in all
 * </pre>
 */
final class ConsumerStream implements StreamSource {

    /** @param item made on arrival, since the receive buffer belongs to the connection */
    private record Waiting(Object item, Arrival arrival) implements ItemQueue.Entry {

        @Override
        public long heldBytes() {
            return arrival.bytes();
        }
    }

    /** @param number the consumer's. @param bytes in memory. @param atMillis when it came, for a binding */
    private record Arrival(long number, long bytes, long atMillis) {}

    private final StreamForm form;
    private final boolean bounded;
    private final int prefetchCount;
    /** Whether the reader is a binding: it keeps its items until they are settled, in our memory. */
    private final boolean bound;
    /** How long a binding may keep an item that nobody works on; {@link Long#MAX_VALUE}: for ever. */
    private final long mayKeepMillis;

    private final Runnable overrun;
    private final ItemQueue<Waiting> waiting;
    /** Items that a binding has, by their numbers. */
    private final Map<Long, Arrival> given = new HashMap<>();

    private long givenBytes;
    /** Items that were pulled. */
    private long gave;

    private @Nullable AmqpConsumer consumer;
    private @Nullable Throwable failure;
    private @Nullable Handler<Throwable> cutHandler;
    private SettledSource.LapseHandler lapseHandler = (first, last) -> {};
    private boolean cut;
    /** Deliveries that were not pulled when the connection was lost: not items, and delivered again. */
    private long dropped;
    /** Items up to this number belong to lost connections. */
    private long stale;

    private ConsumerStream(
            Vertx vertx,
            StreamForm form,
            AmqpSubscription subscription,
            boolean bound,
            long mayKeepMillis,
            Runnable overrun) {
        this.waiting = new ItemQueue<>(vertx, this::taken, this::gave);
        this.form = form;
        this.bounded = !subscription.consume().noAck();
        this.prefetchCount = subscription.prefetchCount();
        this.bound = bound;
        this.mayKeepMillis = mayKeepMillis;
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
        ConsumerStream stream = new ConsumerStream(client.vertx(), form, subscription, false, Long.MAX_VALUE, overrun);
        return stream.begin(client, subscription, deadline);
    }

    /**
     * The same for a binding, which has its items until they are settled.
     *
     * @param mayKeepMillis how long it may keep an item that nobody works on; {@link Long#MAX_VALUE}: for ever
     */
    static Future<ConsumerStream> open(
            AmqpClient client, AmqpSubscription subscription, long mayKeepMillis, Deadline deadline) {
        return new ConsumerStream(client.vertx(), StreamForm.JSON, subscription, true, mayKeepMillis, () -> {})
                .begin(client, subscription, deadline);
    }

    private Future<ConsumerStream> begin(AmqpClient client, AmqpSubscription subscription, Deadline deadline) {
        return client.consume(subscription, new ConsumerListener(), deadline).map(begun -> {
            consumer = begun;
            if (failure != null) {
                begun.close();
            }
            return this;
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
        return bound ? new Held() : bounded ? new Settled() : this;
    }

    @Override
    public Future<Page> pull(int max, int maxBytes) {
        return waiting.pull(max, maxBytes);
    }

    @Override
    public Future<Void> close() {
        waiting.clear();
        given.clear();
        givenBytes = 0;
        return consumer().close();
    }

    private void taken(Waiting next) {
        gave++;
        if (bound) {
            given.put(gave, next.arrival());
            givenBytes += next.arrival().bytes();
        }
    }

    private void gave() {
        if (consumer != null) {
            consumer.taken();
        }
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
            dropped += waiting.clear().size();
            stale = gave;
            lapseHandler.lapsed(1, gave);
        }
    }

    /** What waits goes back to the queue. */
    private void giveBack() {
        List<Waiting> back = waiting.clear();
        if (bounded && consumer != null) {
            AmqpConsumer open = consumer;
            back.forEach(each -> open.requeue(each.arrival().number(), false));
        }
    }

    private void cut(Throwable why) {
        cut = true;
        if (cutHandler != null) {
            cutHandler.handle(why);
        }
    }

    /** The consumer's number of an item that is being settled; for a stale item, any stale number. */
    private long number(long item) {
        Arrival arrival = bound ? given.remove(item) : null;
        givenBytes -= arrival == null ? 0 : arrival.bytes();
        return arrival != null ? arrival.number() : item <= stale ? item : item + dropped;
    }

    private final class ConsumerListener implements AmqpConsumer.Listener {

        @Override
        public void delivery(long number, ContentMethod.Deliver deliver, Content content) {
            if (failure != null) {
                return;
            }
            long place = gave + waiting.size() + 1;
            Object item =
                    form == StreamForm.RAW ? RawRecord.of(place, deliver, content) : json(place, deliver, content);
            long bytes = JsonWeight.of(item);
            waiting.addNow(new Waiting(item, new Arrival(number, bytes, bound ? HeldSource.nowMillis() : 0)));
        }

        @Override
        public long keptBytes() {
            return waiting.heldBytes() + givenBytes;
        }

        @Override
        public void overloaded(RuntimeException why, boolean release) {
            if (failure == null) {
                failure = why;
                overrun.run();
            }
            if (bounded || release) {
                giveBack();
            }
            if (bounded) {
                cut(why);
            }
            waiting.fail(why);
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
            failure = failure == null ? cause : failure;
            if (bound && cause != null && !cut) {
                // A binding that has paused does not ask.
                cut(cause);
            }
            if (cause == null) {
                waiting.end();
            } else {
                waiting.fail(cause);
            }
        }
    }

    private class Settled implements SettledSource {

        @Override
        public Future<Page> pull(int max, int maxBytes) {
            return ConsumerStream.this.pull(max, maxBytes);
        }

        @Override
        public Future<Void> close() {
            return ConsumerStream.this.close();
        }

        @Override
        public void cutHandler(Handler<Throwable> handler) {
            cutHandler = handler;
            if (cut && failure != null) {
                handler.handle(failure);
            }
        }

        @Override
        public boolean acknowledge(long item) {
            return consumer().ack(number(item), false);
        }

        @Override
        public boolean reject(long item, Rejection how) {
            // After basic.reject without requeue, Qpid delivers no more messages.
            return how.requeue()
                    ? consumer().requeue(number(item), true)
                    : consumer().nack(number(item), false, false);
        }

        @Override
        public void acknowledgeUpTo(long item, LongStream all) {
            consumer().ack(number(item), true);
        }

        @Override
        public void rejectUpTo(long item, Rejection how, LongStream all) {
            if (how.requeue()) {
                all.forEach(each -> reject(each, how));
            } else {
                consumer().nack(number(item), true, false);
            }
        }
    }

    private final class Held extends Settled implements HeldSource {

        @Override
        public boolean giveBack(long item) {
            long number = number(item);
            if (item <= stale) {
                return false;
            }
            // Else the broker gives it to this consumer again.
            consumer().stop();
            return consumer().requeue(number, false);
        }

        @Override
        public long leftMillis(long item) {
            Waiting next = waiting.peek();
            Arrival arrival = given.getOrDefault(item, next == null ? null : next.arrival());
            return mayKeepMillis == Long.MAX_VALUE || arrival == null
                    ? mayKeepMillis
                    : arrival.atMillis() + mayKeepMillis - HeldSource.nowMillis();
        }

        @Override
        public void giveOne(LongStream items) {
            LongStream numbers = items.map(ConsumerStream.this::number);
            LongStream unread =
                    waiting.clear().stream().mapToLong(each -> each.arrival().number());
            long[] back = LongStream.concat(numbers, unread).toArray();
            consumer().again(1, back);
        }

        @Override
        public void giveAll() {
            consumer().again(prefetchCount);
        }

        @Override
        public void lapseHandler(LapseHandler handler) {
            lapseHandler = handler;
        }
    }
}
