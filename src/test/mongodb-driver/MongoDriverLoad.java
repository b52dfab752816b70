import com.mongodb.ConnectionString;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoDatabase;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;
import org.bson.json.JsonObject;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * MongoDB's driver with reactive streams as the benchmark's client: {@code MongoDriverLoad PORT KIND COMPRESSOR POOL}. A line
 * {@code COUNT IN_FLIGHT} of its input is a round of finds of one document, each begun by the end of another; it is answered as
 * {@code EsjcLoad} answers. The kind is the class of the documents: {@code raw} (also by {@code command}, not by find), {@code document} or
 * {@code json}; the compressor may be {@code none}; the pool is the most connections. With one in flight the time of each is kept.
 */
public final class MongoDriverLoad {

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final String FOUND =
            "\"_id\": 4711, \"name\": \"Jupiter\", \"rings\": true, \"temperatures\": [-145.5, -108.2]";

    private MongoDriverLoad() {}

    public static void main(String[] arguments) throws Exception {
        String compressor = arguments[2].equals("none") ? "" : "&compressors=" + arguments[2];
        ConnectionString uri = new ConnectionString("mongodb://127.0.0.1:" + arguments[0] + "/?maxPoolSize=" + arguments[3] + compressor);
        try (MongoClient client = MongoClients.create(uri)) {
            Supplier<Publisher<?>> find = find(client.getDatabase("db"), arguments[1]);
            new Round(1, find).run(1).check();
            System.out.println("@ {\"ready\":true}");
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                String[] numbers = order.split(" ");
                System.out.println("@ " + round(find, Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1])));
            }
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private static Supplier<Publisher<?>> find(MongoDatabase database, String kind) {
        return switch (kind) {
            case "raw" -> find(database, RawBsonDocument.class, RawBsonDocument.parse("{_id: 4711}"));
            case "document" -> find(database, Document.class, new Document("_id", 4711));
            case "json" -> find(database, JsonObject.class, new JsonObject("{\"_id\": 4711}"));
            case "command" -> {
                RawBsonDocument command =
                        RawBsonDocument.parse("{find: 'planets', filter: {_id: 4711}, limit: 1, singleBatch: true}");
                yield () -> database.runCommand(command, RawBsonDocument.class);
            }
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Supplier<Publisher<?>> find(MongoDatabase database, Class<?> documents, Bson filter) {
        var planets = database.getCollection("planets", documents);
        return () -> planets.find(filter).first();
    }

    private static String round(Supplier<Publisher<?>> find, int count, int inFlight) throws InterruptedException {
        long allocated = sum(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()));
        long threads = threadNanos();
        long begun = System.nanoTime();
        Round round = new Round(count, find).run(inFlight);
        long nanos = System.nanoTime() - begun;
        return String.format(
                "{\"nanos\":%d,\"threadNanos\":%d,\"allocatedBytes\":%d,\"p50Nanos\":%d,\"p99Nanos\":%d}",
                nanos,
                threadNanos() - threads,
                sum(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) - allocated,
                round.nanos(0.5),
                round.nanos(0.99));
    }

    private static long threadNanos() {
        return sum(LongStream.of(THREADS.getAllThreadIds()).map(THREADS::getThreadCpuTime).toArray());
    }

    /** A thread that has ended meanwhile counts -1. */
    private static long sum(long[] values) {
        return LongStream.of(values).filter(value -> value > 0).sum();
    }

    private static final class Round {

        private final int count;
        private final Supplier<Publisher<?>> find;
        private final AtomicInteger begun = new AtomicInteger();
        private final CountDownLatch left;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private long[] tookNanos = new long[0];
        private volatile Object last;

        Round(int count, Supplier<Publisher<?>> find) {
            this.count = count;
            this.find = find;
            this.left = new CountDownLatch(count);
        }

        Round run(int inFlight) throws InterruptedException {
            tookNanos = new long[inFlight == 1 ? count : 0];
            for (int i = 0; i < inFlight; i++) {
                next();
            }
            left.await();
            if (failure.get() != null) {
                throw new IllegalStateException(failure.get());
            }
            return this;
        }

        /** That the document is the server's, or is in the answer of a command. */
        void check() {
            String json = last instanceof Document document
                    ? document.toJson()
                    : last instanceof RawBsonDocument raw ? raw.toJson() : ((JsonObject) last).getJson();
            if (!json.contains(FOUND)) {
                throw new IllegalStateException("found " + json);
            }
        }

        long nanos(double part) {
            long[] sorted = tookNanos.clone();
            Arrays.sort(sorted);
            return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1L, Math.round(part * sorted.length))];
        }

        void next() {
            int number = begun.getAndIncrement();
            if (number < count) {
                One one = new One(number);
                find.get().subscribe(one);
            }
        }

        void ended(Throwable failed) {
            failure.compareAndSet(null, failed);
            next();
            left.countDown();
        }

        /** Wants one document. */
        private final class One implements Subscriber<Object> {

            private final int number;
            private final long begunNanos = System.nanoTime();
            private boolean found;

            One(int number) {
                this.number = number;
            }

            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Object document) {
                found = true;
                if (count == 1) {
                    last = document;
                }
            }

            @Override
            public void onError(Throwable failed) {
                ended(failed);
            }

            @Override
            public void onComplete() {
                if (tookNanos.length > 0) {
                    tookNanos[number] = System.nanoTime() - begunNanos;
                }
                ended(found ? null : new IllegalStateException("no document"));
            }
        }
    }
}
