package dev.polywire.core.bus.binding;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.Rejection;
import dev.polywire.core.json.Fields;
import dev.polywire.testing.Consumers;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A binding whose protocol waits only so long for an item: a second of its own clock, which is 25 times as fast. */
class HeldBindingTest {

    private static final int PREFETCH = 8;
    private static final long MAY_WAIT_MILLIS = 1_000;

    private final LoggedTraces log = new LoggedTraces();
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final BindingCounters counters = new BindingCounters();
    private final Consumers consumers = new Consumers(vertx, "work");
    private final Queue source = new Queue();
    private final Binding binding = new Binding(
            vertx,
            source,
            BindingOptions.of("work", Fields.of(new JsonObject().put("prefetch", PREFETCH))),
            counters,
            Failure::of,
            (self, id) -> {});

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
        log.close();
    }

    /** Delivers numbers without an end, as long as there is room. */
    private static final class Queue implements HeldSource {

        final List<String> heard = new ArrayList<>();
        final Set<Long> returned = new TreeSet<>();
        /** Deliveries that are not settled, and when they must be back. */
        final Map<Long, Long> unsettled = new TreeMap<>();
        /** Of them those that were not pulled. */
        private final ArrayDeque<Long> waiting = new ArrayDeque<>();
        /** The deliveries that are items. */
        private final List<Long> items = new ArrayList<>();

        private int prefetch = PREFETCH;
        private long delivered;
        private long clock;
        private LapseHandler lapseHandler;
        private Promise<Page> asking;
        private int asked;

        @Override
        public Future<Page> pull(int max, int maxBytes) {
            asked = max;
            asking = Promise.promise();
            Future<Page> page = asking.future();
            deliver();
            return page;
        }

        private void deliver() {
            while (unsettled.size() < prefetch) {
                unsettled.put(++delivered, clock + MAY_WAIT_MILLIS);
                waiting.add(delivered);
            }
            if (asking != null && !waiting.isEmpty()) {
                JsonArray page = new JsonArray();
                while (page.size() < asked && !waiting.isEmpty()) {
                    items.add(waiting.peek());
                    page.add(waiting.remove());
                }
                Promise<Page> promise = asking;
                asking = null;
                promise.complete(new Page(page, false));
            }
        }

        private long delivery(long item) {
            return items.get((int) item - 1);
        }

        @Override
        public long leftMillis(long item) {
            long delivery = item > items.size() ? (waiting.isEmpty() ? 0 : waiting.peek()) : delivery(item);
            return Math.min(1, unsettled.getOrDefault(delivery, clock + MAY_WAIT_MILLIS) - clock);
        }

        @Override
        public void giveOne(LongStream back) {
            prefetch = 1;
            back.map(this::delivery).forEach(returned::add);
            returned.addAll(waiting);
            waiting.clear();
            int before = unsettled.size();
            unsettled.keySet().removeAll(returned);
            heard.add("one, back " + (before - unsettled.size()));
            deliver();
        }

        @Override
        public void giveAll() {
            prefetch = PREFETCH;
            heard.add("all");
            deliver();
        }

        @Override
        public void lapseHandler(LapseHandler handler) {
            lapseHandler = handler;
        }

        /** The peer gives one of them to somebody else. */
        void lose(long item) {
            unsettled.remove(delivery(item));
            lapseHandler.lapsed(item, item);
        }

        void lose() {
            unsettled.clear();
            waiting.clear();
            lapseHandler.lapsed(1, items.size());
            deliver();
        }

        @Override
        public boolean acknowledge(long item) {
            boolean known = unsettled.remove(delivery(item)) != null;
            deliver();
            return known;
        }

        @Override
        public boolean reject(long item, Rejection how) {
            return acknowledge(item);
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    private void start() {
        on(() -> vertx.setPeriodic(10, tick -> source.clock += 250));
        on(binding::start);
    }

    private <T> T on(java.util.function.Supplier<T> step) {
        return Outcome.on(context, () -> Future.succeededFuture(step.get()));
    }

    private void awaitPause() {
        await().until(() -> on(() -> counters.pauses) > 0);
    }

    /** After its prefetch one delivery a second, of which each is asked with. */
    @Test
    void itCostsOneDeliveryASecond() {
        start();
        await().until(() -> on(() -> source.heard.size()) >= 20);
        on(() -> {
            assertEquals("one, back 8", source.heard.get(0));
            assertTrue(source.heard.stream().skip(1).allMatch(each -> each.startsWith("one, back")));
            assertEquals(PREFETCH + source.heard.size(), source.delivered);
            assertTrue((source.delivered - PREFETCH) * MAY_WAIT_MILLIS <= source.clock);
            assertEquals(0, counters.acknowledged);
            return null;
        });
    }

    @Test
    void somebodyComes() {
        start();
        await().until(() -> on(() -> source.heard.size()) >= 3);
        Consumers.One consumer = consumers.join(delivery -> {});
        await().until(() -> consumer.seen.size() == 1);
        assertEquals(0L, on(() -> source.heard.stream().filter("all"::equals).count()));
        consumer.seen.get(0).reply(null);
        await().until(() -> consumer.seen.size() == 1 + PREFETCH);
        assertEquals("all", on(() -> source.heard.get(source.heard.size() - 1)));
        assertEquals(1L, on(() -> counters.acknowledged));
    }

    /** Five say that they are not ready, three are being worked on: those are not returned. */
    @Test
    void whatIsOutIsNotReturned() {
        List<Message<Object>> out = new ArrayList<>();
        consumers.join(delivery -> {
            if ((long) delivery.body() <= 3) {
                synchronized (out) {
                    out.add(delivery);
                }
            } else {
                delivery.fail(4429, "not now");
            }
        });
        start();
        await().until(() -> on(() -> source.returned.containsAll(List.of(4L, 5L, 6L, 7L, 8L))));
        assertTrue(on(() -> Collections.disjoint(source.returned, List.of(1L, 2L, 3L))));
        synchronized (out) {
            out.forEach(each -> each.reply(null));
        }
        await().until(() -> on(() -> counters.acknowledged) == 3);
    }

    /** The protocol has taken back what is kept, and gives it again. */
    @Test
    void whatIsLostIsNotSent() {
        start();
        awaitPause();
        on(() -> {
            source.lose();
            return null;
        });
        Consumers.One consumer = consumers.join(delivery -> {});
        await().until(() -> !consumer.seen.isEmpty());
        assertTrue((long) consumer.seen.get(0).body() > PREFETCH);
        assertEquals(8L, on(() -> counters.stale));
    }

    /** Only what was given can be lost, and one item may be. */
    @Test
    void oneThatIsLostIsNotSent() {
        on(() -> {
            source.lose();
            return null;
        });
        on(binding::start);
        awaitPause();
        on(() -> {
            source.lose(3);
            return null;
        });
        Consumers.One consumer = consumers.join(delivery -> delivery.reply(null));
        await().until(() -> consumer.seen.size() > PREFETCH);
        assertEquals(
                List.of(1L, 2L, 4L, 5L, 6L, 7L, 8L, 9L),
                consumer.seen.stream()
                        .map(Message::body)
                        .limit(PREFETCH)
                        .sorted()
                        .toList());
        assertEquals(1L, on(() -> counters.stale));
    }

    /** It was out: its answer comes too late, and one that says that nobody has worked on it drops it. */
    @Test
    void anAnswerThatIsTooLate() {
        Consumers.One consumer = consumers.join(delivery -> {});
        start();
        await().until(() -> consumer.seen.size() == PREFETCH);
        on(() -> {
            source.lose();
            return null;
        });
        consumer.seen.get(0).reply(null);
        consumer.seen.get(1).fail(4400, "never");
        consumer.seen.get(2).fail(4503, "again");
        await().until(() -> on(() -> counters.staleAnswers) == 3);
        consumer.seen.get(3).fail(4429, "not now");
        await().until(() -> on(() -> counters.stale) == 4);
        await().until(() -> consumer.seen.size() >= PREFETCH + 3);
        assertEquals(consumer.seen.size(), new HashSet<>(consumer.items()).size());
        assertEquals(0L, on(() -> counters.acknowledged + counters.rejected + counters.requeued));
    }
}
