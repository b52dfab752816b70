package dev.polywire.mongodb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.testing.Books;
import dev.polywire.testing.TrueOutcomes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * 64 callers of a connector on the bus, each with one call at a time and a seed: every other one inserts documents that nobody else
 * has, the rest read. What they are told is noted, and must be what can be true.
 */
final class MongoCallers {

    static final int CALLERS = 64;
    static final String DATABASE = "db";
    static final String COLLECTION = "books";

    private static final Set<String> NOT_DONE = Set.of("CONNECTION_LOST", "UNAVAILABLE", "OVERLOADED");
    /** A cursor ends with the connection that has opened it. */
    private static final int CURSOR_NOT_FOUND = 43;

    final Books books = new Books();
    private final TrueOutcomes outcomes = new TrueOutcomes();
    private final Vertx vertx;
    private volatile String address;
    private final long seed;
    private final LongSupplier clock;
    private final Queue<String> untrue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger found = new AtomicInteger();
    private final AtomicInteger cursorsRead = new AtomicInteger();
    private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);
    private volatile boolean over;
    private Future<?> all = Future.succeededFuture();

    /** @param address of the connector. @param clock milliseconds, by which a call is late */
    MongoCallers(Vertx vertx, String address, long seed, LongSupplier clock) {
        this.vertx = vertx;
        this.address = address;
        this.seed = seed;
        this.clock = clock;
    }

    MongoCallers begin() {
        all = Future.all(IntStream.range(0, CALLERS)
                .mapToObj(number -> new Caller(number).begin())
                .toList());
        return this;
    }

    /** From their next calls on they ask another connector of the same server. */
    void ask(String address) {
        this.address = address;
    }

    /** What is under way goes on to its outcome. */
    Future<?> end() {
        over = true;
        return all;
    }

    /** Of the calls, by how much was the latest answered behind its deadline; negative: in time. */
    long latestMillis() {
        return latest.get();
    }

    /** When all has ended. @param there what the server has */
    void verify(Set<String> there) {
        assertEquals(List.of(), List.copyOf(untrue));
        assertEquals(books.sent(), books.settled(), "calls with an outcome");
        outcomes.verify(there);
    }

    /** Written and acknowledged, not written, unknown. */
    List<Integer> writes() {
        return outcomes.counts();
    }

    /** Documents that were acknowledged and then read, and cursors that were read to their ends. */
    List<Integer> reads() {
        return List.of(found.get(), cursorsRead.get());
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + books + ", writes done, not done, unknown: " + writes()
                + ", documents and cursors read: " + reads() + ", latest: " + latestMillis() + " ms";
    }

    private final class Caller {

        private final int number;
        private final SplittableRandom random;
        private final Promise<Void> ended = Promise.promise();
        private int calls;
        /** The last document that it knows to be there. */
        private String acknowledged = "";

        Caller(int number) {
            this.number = number;
            this.random = new SplittableRandom(seed * CALLERS + number);
        }

        Future<Void> begin() {
            next();
            return ended.future();
        }

        private void next() {
            if (over) {
                ended.complete();
                return;
            }
            boolean writes = number % 2 == 0;
            (writes && (calls == 0 || random.nextInt(4) > 0) ? write() : read())
                    .onComplete(told -> vertx.setTimer(random.nextInt(2, 12), pause -> next()));
        }

        private Future<?> write() {
            String what = seed + "-" + number + "-" + calls++;
            JsonArray documents = new JsonArray().add(new JsonObject().put("_id", what));
            JsonObject insert = new JsonObject().put("insert", COLLECTION).put("documents", documents);
            Future<JsonObject> inserted = told(what, true, mongo -> mongo.command(DATABASE, "insert", insert, null));
            return outcomes.any(what, inserted).onSuccess(noted -> {
                if (inserted.succeeded()) {
                    acknowledged = what;
                }
            });
        }

        private Future<?> read() {
            int kind = random.nextInt(8);
            if (kind == 0) {
                return told("ping", false, MongoService::ping);
            } else if (kind == 1) {
                return cursor();
            }
            String what = acknowledged;
            JsonObject find = new JsonObject()
                    .put("find", COLLECTION)
                    .put("filter", new JsonObject().put("_id", what))
                    .put("singleBatch", true);
            return told("find", false, mongo -> mongo.command(DATABASE, "find", find, null))
                    .onSuccess(answer -> {
                        JsonArray batch = answer.getJsonObject("cursor").getJsonArray("firstBatch");
                        if (!what.isEmpty() && batch.size() != 1) {
                            untrue.add(what + " was acknowledged, and is there " + batch.size() + " times");
                        }
                        found.addAndGet(batch.size());
                    });
        }

        /** Three batches. */
        private Future<?> cursor() {
            JsonObject find =
                    new JsonObject().put("find", COLLECTION).put("batchSize", 2).put("limit", 6);
            return told("open", false, mongo -> mongo.open(DATABASE, "find", find, null))
                    .compose(handle -> {
                        StreamService streams = StreamService.proxy(vertx, handle.getString("address"));
                        String id = handle.getString("id");
                        return batch(streams, id, 1).eventually(() -> streams.close(id));
                    });
        }

        private Future<Void> batch(StreamService streams, String id, long batch) {
            Future<JsonObject> next = streams.next(id, batch, 2, 2_000L);
            books.note(next);
            return next.transform(told -> {
                if (told.failed()) {
                    if (!isCursorGone(told.cause())) {
                        mustBePossible("batch", false, told.cause());
                    }
                    return Future.succeededFuture();
                } else if (told.result().getBoolean("done")) {
                    cursorsRead.incrementAndGet();
                    return Future.succeededFuture();
                }
                return batch(
                        streams,
                        id,
                        batch + (told.result().getJsonArray("items").isEmpty() ? 0 : 1));
            });
        }

        private Future<JsonObject> told(String what, boolean writes, Function<MongoService, Future<JsonObject>> call) {
            long deadlineMillis = random.nextInt(100, 1_000);
            long beganMillis = clock.getAsLong();
            Future<JsonObject> outcome = call.apply(MongoService.proxy(vertx, address, deadlineMillis));
            books.note(outcome);
            return outcome.onComplete(told -> {
                latest.accumulateAndGet(clock.getAsLong() - beganMillis - deadlineMillis, Math::max);
                if (told.failed()) {
                    mustBePossible(what, writes, told.cause());
                }
            });
        }
    }

    private void mustBePossible(String what, boolean writes, Throwable cause) {
        JsonObject failure = Failure.of(cause).getDebugInfo();
        String name = failure.getString("name");
        boolean mayBeDone = failure.getBoolean("mayHaveExecuted");
        boolean possible = mayBeDone
                ? name.equals("TIMEOUT") || writes && name.equals("UNKNOWN_OUTCOME")
                : NOT_DONE.contains(name);
        if (!possible) {
            untrue.add(what + ": " + failure.encode() + ": " + cause.getMessage());
        }
    }

    private static boolean isCursorGone(Throwable cause) {
        JsonObject server = Failure.of(cause).getDebugInfo().getJsonObject("server");
        return server != null && server.getInteger("code") == CURSOR_NOT_FOUND;
    }
}
