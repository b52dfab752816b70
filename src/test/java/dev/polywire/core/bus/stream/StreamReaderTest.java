package dev.polywire.core.bus.stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.net.CallException;
import dev.polywire.testing.LoggedTraces;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.probe.Numbers;
import dev.polywire.testing.probe.ProbeService;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamReaderTest {

    private static final long LEASE_MILLIS = 600;
    private static final int MAX = 10;
    private static final long WAIT_MILLIS = 100;

    private Vertx vertx;
    private Context context;
    private ProbeVerticle probe;
    private String deployment;
    private final List<Object> seen = new CopyOnWriteArrayList<>();
    private final Promise<Void> ended = Promise.promise();

    @BeforeEach
    void deploy() {
        vertx = Vertx.vertx();
        context = vertx.getOrCreateContext();
        probe = new ProbeVerticle(new JsonObject().put("leaseMillis", LEASE_MILLIS));
        deployment = Outcome.value(vertx.deployVerticle(probe));
    }

    @AfterEach
    void close() {
        Outcome.value(vertx.close());
    }

    /** Every item is compared with the one it must be, so none is lost, doubled or out of order. */
    @Test
    void everyItemComesOnceAndInOrderThroughAPauseAndLostReplies() {
        int count = 100_000;
        int pauseAt = count / 2;
        AtomicInteger replies = new AtomicInteger();
        Set<Integer> lost = Set.of(2, 3, 20);
        vertx.eventBus().<Object>addInboundInterceptor(delivery -> {
            if (!isBatch(delivery) || !lost.contains(replies.incrementAndGet())) {
                delivery.next();
            }
        });
        AtomicInteger last = new AtomicInteger();
        JsonObject handle = open(count);
        StreamReader reader = read(
                () -> new StreamReader(vertx, handle, StreamReader.DEFAULT_MAX, WAIT_MILLIS, 1_000),
                started -> started.handler(item -> {
                    if (!item.equals(last.incrementAndGet())) {
                        ended.tryFail("item: " + item + " (expected: " + last.get() + ")");
                    }
                    if (last.get() == pauseAt) {
                        started.pause();
                        vertx.setTimer(LEASE_MILLIS * 5 / 2, t -> started.resume());
                    }
                }));
        Outcome.value(ended.future());
        assertEquals(count, last.get());
        assertEquals(lost.size(), reader.repeated());
        await().until(() -> probe.seen().getInteger("streams") == 0);
        assertEquals(0, probe.seen().getJsonObject("counters").getInteger("lapsedStreams"));
        assertEquals(1, probe.closedSources.get());
    }

    @Test
    void nothingComesWithoutDemand() {
        StreamReader reader = read(
                open(35), MAX, started -> started.pause().handler(seen::add).fetch(3));
        await().until(() -> seen.size() >= 3);
        settled(3);
        fetch(reader, 4);
        await().until(() -> seen.size() >= 7);
        settled(7);
        fetch(reader, 0);
        settled(7);
        assertThrows(IllegalArgumentException.class, () -> reader.fetch(-1));
        Outcome.on(context, () -> Future.succeededFuture(reader.resume()));
        Outcome.value(ended.future());
        assertEquals(numbers(35), seen);
    }

    @Test
    void aHandlerMayPauseAfterEachItem() {
        read(
                open(35),
                MAX,
                started -> started.handler(item -> {
                    seen.add(item);
                    started.pause();
                    vertx.runOnContext(later -> started.fetch(1));
                }));
        Outcome.value(ended.future());
        assertEquals(numbers(35), seen);
    }

    @Test
    void aPausedReaderHoldsAFewBatchesAndItsLease() {
        AtomicInteger pulled = new AtomicInteger();
        probe.reading(count -> new Numbers(count, probe.closedSources) {
            @Override
            public Future<Page> pull(int max, int maxBytes) {
                pulled.addAndGet(max);
                return super.pull(max, maxBytes);
            }
        });
        StreamReader reader = read(open(1_000), MAX, started -> started.pause().handler(seen::add));
        awaitPulse(4);
        assertTrue(pulled.get() >= MAX && pulled.get() <= 4 * MAX, pulled::toString);
        assertEquals(1, probe.seen().getInteger("streams"));
        assertEquals(List.of(), seen);
        Outcome.on(context, () -> Future.succeededFuture(reader.resume()));
        Outcome.value(ended.future());
        assertEquals(numbers(1_000), seen);
    }

    /** A pipe pauses its source first and sets the handler when its destination is there. */
    @Test
    void aReaderPausedBeforeItHasAHandlerKeepsItsLease() {
        read(open(35), MAX, StreamReader::pause);
        awaitPulse(4);
        assertEquals(1, probe.seen().getInteger("streams"));
    }

    @Test
    void closeReleasesTheStreamAndNobodyIsTold() {
        StreamReader reader = read(
                open(1_000), MAX, started -> started.pause().handler(seen::add).fetch(5));
        await().until(() -> seen.size() == 5);
        Outcome.on(context, reader::close);
        assertEquals(1, probe.closedSources.get());
        Outcome.on(context, () -> {
            reader.resume();
            return reader.close();
        });
        settled(5);
        assertEquals(false, ended.future().isComplete());
    }

    @Test
    void aFailureComesAfterTheItemsBeforeIt() {
        probe.reading(count -> new Numbers(count, probe.closedSources) {
            private int pages;

            @Override
            public Future<Page> pull(int max, int maxBytes) {
                return ++pages > 3
                        ? Future.failedFuture(new CallException(CallException.Reason.CONNECTION_LOST, "reset"))
                        : super.pull(max, maxBytes);
            }
        });
        read(open(1_000), MAX, started -> started.handler(seen::add));
        ServiceException failed = failure();
        assertEquals(4504, failed.failureCode());
        assertEquals("reset", failed.getMessage());
        assertEquals(numbers(30), seen);
        await().until(() -> probe.seen().getInteger("streams") == 0);
    }

    @Test
    void anUnknownHandleIsAFailure() {
        JsonObject handle = open(5).put("id", "0123456789abcdef0123456789abcdef");
        read(handle, MAX, started -> started.handler(seen::add));
        assertEquals(4404, failure().failureCode());
    }

    @Test
    void whenNobodyIsAtTheAddressTheNodeIsLost() {
        JsonObject handle = open(1_000);
        Outcome.value(vertx.undeploy(deployment));
        read(handle, MAX, started -> started.handler(seen::add));
        assertEquals(4531, failure().failureCode());
    }

    @Test
    void aPausedReaderHearsThatTheNodeIsLost() {
        read(open(1_000), MAX, started -> started.pause().handler(seen::add));
        awaitPulse(1);
        Outcome.value(vertx.undeploy(deployment));
        assertEquals(4531, failure().failureCode());
    }

    @Test
    void aReaderThatWaitsHearsThatTheServiceLeaves() {
        probe.reading(count -> new Numbers(count, probe.closedSources) {
            @Override
            public Future<Page> pull(int max, int maxBytes) {
                return Promise.<Page>promise().future();
            }
        });
        JsonObject handle = open(1_000);
        read(
                () -> new StreamReader(vertx, handle, MAX, StreamService.MAX_WAIT_MILLIS),
                started -> started.handler(seen::add));
        await().until(() -> probe.seen().getInteger("inFlight") == 2);
        Outcome.value(vertx.undeploy(deployment));
        assertEquals(4530, failure().failureCode());
    }

    /** Its questions lie unread at the room when that is closed: the bus calls it a timeout, but nobody is left to ask. */
    @Test
    void aReaderWhoseQuestionsAreDiscardedDoesNotAskAgain() {
        JsonObject handle = open(1_000);
        context = probe.home();
        StreamReader reader = read(() -> new StreamReader(vertx, handle, MAX, WAIT_MILLIS), started -> {
            started.handler(seen::add);
            probe.stop();
        });
        assertEquals(4530, failure().failureCode());
        assertEquals(0, reader.repeated());
    }

    @Test
    void aServiceThatNeverAnswersIsNotAskedForEver() {
        vertx.eventBus().<Object>addInboundInterceptor(delivery -> {
            if (!isBatch(delivery)) {
                delivery.next();
            }
        });
        JsonObject handle = open(1_000);
        StreamReader reader = read(
                () -> new StreamReader(vertx, handle, MAX, WAIT_MILLIS, WAIT_MILLIS),
                started -> started.handler(seen::add));
        assertEquals(4408, failure().failureCode());
        assertTrue(reader.repeated() > 0);
    }

    /** Six times the time after which it asks again, and a small part of the lease that it was told. */
    @Test
    void aSilenceShorterThanTheLeaseIsOutlived() {
        AtomicInteger lost = new AtomicInteger(12);
        vertx.eventBus().<Object>addInboundInterceptor(delivery -> {
            if (!isBatch(delivery) || lost.decrementAndGet() < 0) {
                delivery.next();
            }
        });
        JsonObject handle = open(35).put("leaseMillis", 3_600_000);
        StreamReader reader =
                read(() -> new StreamReader(vertx, handle, MAX, 0, WAIT_MILLIS), started -> started.handler(seen::add));
        Outcome.value(ended.future());
        assertEquals(numbers(35), seen);
        assertTrue(reader.repeated() >= 12);
    }

    @Test
    void aHandlerThatThrowsCostsItsItemOnly() {
        try (LoggedTraces log = new LoggedTraces()) {
            read(
                    open(35),
                    MAX,
                    started -> started.handler(item -> {
                        if (item.equals(5)) {
                            throw new IllegalStateException("five");
                        }
                        seen.add(item);
                    }));
            Outcome.value(ended.future());
            assertEquals(1, log.traces().size(), log.traces()::toString);
        }
        assertEquals(numbers(35).stream().filter(item -> !item.equals(5)).toList(), seen);
    }

    private JsonObject open(int count) {
        return Outcome.value(ProbeService.proxy(vertx, ProbeVerticle.ADDRESS).open(count, false));
    }

    private StreamReader read(JsonObject handle, int max, Consumer<StreamReader> start) {
        return read(() -> new StreamReader(vertx, handle, max, WAIT_MILLIS), start);
    }

    /** A reader on a context of its own; how it ends completes {@link #ended}. */
    private StreamReader read(Supplier<StreamReader> made, Consumer<StreamReader> start) {
        return Outcome.on(context, () -> {
            StreamReader reader = made.get().endHandler(end -> ended.complete()).exceptionHandler(ended::fail);
            start.accept(reader);
            return Future.succeededFuture(reader);
        });
    }

    private void fetch(StreamReader reader, long amount) {
        Outcome.on(context, () -> Future.succeededFuture(reader.fetch(amount)));
    }

    /** What was asked for is there, and nothing else, when the reader has had its turn. */
    private void settled(int expected) {
        Outcome.on(context, Future::succeededFuture);
        assertEquals(numbers(expected), seen);
    }

    /** Until the service has seen the reader say {@code times} times that it is there. */
    private void awaitPulse(int times) {
        AtomicInteger pulses = new AtomicInteger();
        Promise<Void> heard = Promise.promise();
        vertx.eventBus().<Object>addInboundInterceptor(delivery -> {
            if (delivery.message().body() instanceof JsonObject body
                    && Integer.valueOf(0).equals(body.getValue("max"))
                    && pulses.incrementAndGet() == times) {
                heard.complete();
            }
            delivery.next();
        });
        Outcome.value(heard.future());
    }

    private static boolean isBatch(DeliveryContext<Object> delivery) {
        return delivery.message().body() instanceof Batch batch
                && !batch.items().isEmpty();
    }

    private ServiceException failure() {
        return assertInstanceOf(ServiceException.class, Outcome.failure(ended.future()));
    }

    private static List<Object> numbers(int count) {
        return IntStream.rangeClosed(1, count).<Object>mapToObj(i -> i).toList();
    }
}
