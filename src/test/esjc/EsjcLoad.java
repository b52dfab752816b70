import com.github.msemys.esjc.CatchUpSubscription;
import com.github.msemys.esjc.CatchUpSubscriptionSettings;
import com.github.msemys.esjc.EventData;
import com.github.msemys.esjc.EventStore;
import com.github.msemys.esjc.ExpectedVersion;
import com.github.msemys.esjc.Position;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Esjc as the benchmark's client: {@code EsjcLoad PORT}. Each line of its input is a round, answered by a line
 * {@code @ {"nanos":…,"threadNanos":…,"allocatedBytes":…,"p50Nanos":…,"p99Nanos":…}}, the last two of chains with one in flight:
 *
 * <pre>
 *   append COUNT IN_FLIGHT                  events of 256 bytes to one stream, one at a time
 *   chained COUNT IN_FLIGHT                 the same of 1 KiB, each begun by the end of another, as on an event loop
 *   slices COUNT IN_FLIGHT                  the first 4,096 events of a stream, chained too
 *   catchUp EVENTS                          a catch-up subscription from the beginning
 *   fill EVENTS STREAMS                     events of 100 bytes, a hundred at a time, to streams in turns
 *   read STREAM FROM EVENTS COUNT IN_FLIGHT the same slice of one of these streams
 *   all first|last EVENTS COUNT IN_FLIGHT   the same slice of $all, forward or backward
 * </pre>
 */
public final class EsjcLoad {

    private static final int BATCH = 100;
    private static final int FILLING_IN_FLIGHT = 32;
    private static final int SLICE_EVENTS = 4_096;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final EventStore store;
    private long[] tookNanos = {0};

    private EsjcLoad(EventStore store) {
        this.store = store;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        EventStore store = EsjcDriver.as(Integer.parseInt(arguments[0]), EsjcDriver.USER, EsjcDriver.PASSWORD)
                // On the threads that read: a hop to others would be counted as the client's.
                .executor(Runnable::run)
                .build();
        EsjcLoad load = new EsjcLoad(store);
        store.connect();
        System.out.println("@ {\"ready\":true}");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            long allocated = allocatedBytes();
            long threads = threadNanos();
            long begun = System.nanoTime();
            load.round(order.split(" "));
            long ended = System.nanoTime();
            System.out.println("@ {\"nanos\":" + (ended - begun)
                    + ",\"threadNanos\":" + (threadNanos() - threads)
                    + ",\"allocatedBytes\":" + (allocatedBytes() - allocated)
                    + ",\"p50Nanos\":" + load.nanos(0.5)
                    + ",\"p99Nanos\":" + load.nanos(0.99) + "}");
        }
        System.exit(0);
    }

    private void round(String[] order) throws InterruptedException {
        switch (order[0]) {
            case "append" -> all(number(order, 1), number(order, 2), append(new byte[256]));
            case "chained" -> chained(number(order, 1), number(order, 2), append(new byte[1_024]));
            case "slices" -> chained(number(order, 1), number(order, 2), read("scripted", 0, SLICE_EVENTS));
            case "catchUp" -> catchUp(number(order, 1));
            case "fill" -> all(number(order, 1) / BATCH, FILLING_IN_FLIGHT, fill(new byte[100], number(order, 2)));
            case "read" ->
                all(number(order, 4), number(order, 5), read("filled-" + order[1], number(order, 2), number(order, 3)));
            case "all" -> all(number(order, 3), number(order, 4), readAll(order[1].equals("last"), number(order, 2)));
            default -> throw new IllegalArgumentException(order[0]);
        }
    }

    private static int number(String[] order, int at) {
        return Integer.parseInt(order[at]);
    }

    private IntFunction<CompletableFuture<?>> append(byte[] data) {
        return number -> store.appendToStream("appended", ExpectedVersion.ANY, event(data));
    }

    private IntFunction<CompletableFuture<?>> fill(byte[] data, int streams) {
        return number -> {
            List<EventData> events = Stream.generate(() -> event(data)).limit(BATCH).toList();
            return store.appendToStream("filled-" + number % streams, ExpectedVersion.ANY, events);
        };
    }

    private IntFunction<CompletableFuture<?>> read(String stream, int from, int events) {
        return number -> store.readStreamEventsForward(stream, from, events, false)
                .thenAccept(slice -> require(slice.events.size(), events));
    }

    private IntFunction<CompletableFuture<?>> readAll(boolean last, int events) {
        return number -> (last
                        ? store.readAllEventsBackward(Position.END, events, false)
                        : store.readAllEventsForward(Position.START, events, false))
                .thenAccept(slice -> require(slice.events.size(), events));
    }

    private static void require(int events, int expected) {
        if (events != expected) {
            throw new IllegalStateException("events: " + events + " (expected: " + expected + ")");
        }
    }

    private static EventData event(byte[] data) {
        return EventData.newBuilder().type("event").data(data).build();
    }

    /** Begins them in turn, so many at a time, and waits for all. */
    private static void all(int count, int inFlight, IntFunction<CompletableFuture<?>> begin) throws InterruptedException {
        Semaphore free = new Semaphore(inFlight);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < count && failure.get() == null; i++) {
            free.acquire();
            begin.apply(i).whenComplete((done, failed) -> {
                if (failed != null) {
                    failure.set(failed);
                }
                free.release();
            });
        }
        free.acquire(inFlight);
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
    }

    /** The end of one begins the next, so that no thread waits but the caller's. */
    private void chained(int count, int inFlight, IntFunction<CompletableFuture<?>> begin) throws InterruptedException {
        Chain chain = new Chain(count, inFlight == 1, begin);
        for (int i = 0; i < inFlight; i++) {
            chain.next();
        }
        chain.await();
        tookNanos = chain.tookNanos;
    }

    private static final class Chain {

        private final int count;
        private final IntFunction<CompletableFuture<?>> begin;
        private final AtomicInteger begun = new AtomicInteger();
        private final CountDownLatch left;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        final long[] tookNanos;

        Chain(int count, boolean timed, IntFunction<CompletableFuture<?>> begin) {
            this.count = count;
            this.begin = begin;
            this.left = new CountDownLatch(count);
            this.tookNanos = new long[timed ? count : 1];
        }

        void next() {
            int number = begun.getAndIncrement();
            if (number < count) {
                long at = System.nanoTime();
                begin.apply(number).whenComplete((done, failed) -> ended(number, System.nanoTime() - at, failed));
            }
        }

        private void ended(int number, long nanos, Throwable failed) {
            if (failed != null) {
                failure.set(failed);
            }
            if (tookNanos.length == count) {
                tookNanos[number] = nanos;
            }
            next();
            left.countDown();
        }

        void await() throws InterruptedException {
            left.await();
            if (failure.get() != null) {
                throw new IllegalStateException(failure.get());
            }
        }
    }

    private void catchUp(int events) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(events);
        CatchUpSubscription subscription = store.subscribeToStreamFrom(
                "scripted", null, CatchUpSubscriptionSettings.DEFAULT, (from, event) -> left.countDown());
        left.await();
        subscription.stop();
    }

    /** @param part 0.5: the median */
    private long nanos(double part) {
        long[] sorted = tookNanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(part * sorted.length))];
    }

    private static long allocatedBytes() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    private static long threadNanos() {
        return Arrays.stream(THREADS.getAllThreadIds())
                .map(THREADS::getThreadCpuTime)
                .filter(nanos -> nanos > 0)
                .sum();
    }
}
