import com.mongodb.ConnectionString;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoDatabase;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
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
 * MongoDB's driver with reactive streams as the benchmark's client: {@code MongoDriverLoad PORT KIND COMPRESSOR}. A line
 * {@code COUNT IN_FLIGHT} of its input is a round of finds of one document, each begun by the end of another; it is answered as
 * {@code EsjcLoad} answers. The kind is the class of the documents: {@code raw} (also by {@code command}, not by find), {@code document} or
 * {@code json}; the compressor may be {@code none}.
 */
public final class MongoDriverLoad {

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private MongoDriverLoad() {}

    public static void main(String[] arguments) throws Exception {
        String compressor = arguments[2].equals("none") ? "" : "&compressors=" + arguments[2];
        ConnectionString uri = new ConnectionString("mongodb://127.0.0.1:" + arguments[0] + "/?maxPoolSize=64" + compressor);
        try (MongoClient client = MongoClients.create(uri)) {
            Supplier<Publisher<?>> find = find(client.getDatabase("db"), arguments[1]);
            new Round(1, find).run(1);
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
        new Round(count, find).run(inFlight);
        long nanos = System.nanoTime() - begun;
        return String.format(
                "{\"nanos\":%d,\"threadNanos\":%d,\"allocatedBytes\":%d,\"p50Nanos\":0,\"p99Nanos\":0}",
                nanos,
                threadNanos() - threads,
                sum(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) - allocated);
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

        Round(int count, Supplier<Publisher<?>> find) {
            this.count = count;
            this.find = find;
            this.left = new CountDownLatch(count);
        }

        void run(int inFlight) throws InterruptedException {
            for (int i = 0; i < inFlight; i++) {
                next();
            }
            left.await();
            if (failure.get() != null) {
                throw new IllegalStateException(failure.get());
            }
        }

        void next() {
            if (begun.getAndIncrement() < count) {
                find.get().subscribe(new One());
            }
        }

        void ended(Throwable failed) {
            failure.compareAndSet(null, failed);
            next();
            left.countDown();
        }

        /** Wants one document. */
        private final class One implements Subscriber<Object> {

            private boolean found;

            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Object document) {
                found = true;
            }

            @Override
            public void onError(Throwable failed) {
                ended(failed);
            }

            @Override
            public void onComplete() {
                ended(found ? null : new IllegalStateException("no document"));
            }
        }
    }
}
