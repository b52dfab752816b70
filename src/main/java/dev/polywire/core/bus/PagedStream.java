package dev.polywire.core.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: numbers the pages of its source, keeps the two newest, answers who waits for one.
 *
 * <pre>
 *   asked again      served from here       may be asked for
 *   | produced-1 | produced |             | produced+1 | produced+2 |
 * </pre>
 */
final class PagedStream {

    private static final int AHEAD = 2;

    private final Vertx vertx;
    private final StreamSource source;
    private final TreeMap<Long, JsonObject> kept = new TreeMap<>();
    private final TreeMap<Long, Waiter> waiting = new TreeMap<>();
    private long produced;
    private boolean pulling;
    private boolean done;
    private boolean released;
    private @Nullable Throwable failure;

    private record Waiter(Promise<JsonObject> promise, int max) {}

    PagedStream(Vertx vertx, StreamSource source) {
        this.vertx = vertx;
        this.source = source;
    }

    static JsonObject nothing(long batch) {
        return answer(batch, new JsonArray(), false);
    }

    Future<JsonObject> next(long batch, int max, long waitMillis) {
        JsonObject known = kept.get(batch);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        if (batch <= produced || batch > produced + AHEAD) {
            throw Failure.BAD_REQUEST.because(
                    "batch: " + batch + " (expected: " + (produced + 1) + " or " + (produced + AHEAD) + ")");
        }
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        if (done) {
            return Future.succeededFuture(answer(batch, new JsonArray(), true));
        }
        return wait(batch, max, waitMillis);
    }

    private Future<JsonObject> wait(long batch, int max, long waitMillis) {
        Waiter waiter = new Waiter(Promise.promise(), max);
        Waiter earlier = waiting.put(batch, waiter);
        if (earlier != null) {
            earlier.promise.tryComplete(nothing(batch));
        }
        pump();
        if (waiter.promise.future().isComplete()) {
            return waiter.promise.future();
        }
        long timer = vertx.setTimer(Math.max(1, waitMillis), t -> {
            waiting.remove(batch, waiter);
            waiter.promise.tryComplete(nothing(batch));
        });
        return waiter.promise.future().onComplete(answered -> vertx.cancelTimer(timer));
    }

    private void pump() {
        while (!pulling && !waiting.isEmpty() && !done && failure == null) {
            pulling = true;
            boolean[] later = new boolean[1];
            pull(waiting.firstEntry().getValue().max).onComplete(pulled -> {
                pulling = false;
                if (pulled.succeeded()) {
                    produced(pulled.result());
                } else if (failure == null) {
                    fail(pulled.cause());
                }
                if (later[0]) {
                    pump();
                }
            });
            later[0] = true;
        }
    }

    private Future<StreamSource.Page> pull(int max) {
        try {
            return source.pull(max, Streams.MAX_BATCH_BYTES);
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    private void produced(StreamSource.Page page) {
        if (released) {
            return;
        }
        done = page.done() || page.items().isEmpty();
        if (!page.items().isEmpty()) {
            produced++;
            JsonObject answer = answer(produced, page.items(), done);
            kept.put(produced, answer);
            kept.headMap(produced - 1).clear();
            Waiter waiter = waiting.remove(produced);
            if (waiter != null) {
                waiter.promise.tryComplete(answer);
            }
        }
        if (done) {
            close();
        }
    }

    /** Ends it with a failure: who waits hears it, and who asks later. */
    Future<Void> fail(Throwable cause) {
        ServiceException typed = Failure.of(cause);
        failure = typed;
        return over((batch, waiter) -> waiter.promise.tryFail(typed));
    }

    /** Whether a reader waits for a batch at this moment. */
    boolean awaited() {
        return !waiting.isEmpty();
    }

    void lapse() {
        fail(Failure.NOT_FOUND.because("the stream's lease lapsed"));
    }

    /** It has no more, or its reader has enough: who still waits is told that it is over. */
    Future<Void> close() {
        done = true;
        return over((batch, waiter) -> waiter.promise.tryComplete(answer(batch, new JsonArray(), true)));
    }

    private Future<Void> over(BiConsumer<Long, Waiter> tell) {
        Map<Long, Waiter> told = new TreeMap<>(waiting);
        waiting.clear();
        told.forEach(tell);
        if (released) {
            return Future.succeededFuture();
        }
        released = true;
        try {
            return source.close();
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }

    private static JsonObject answer(long batch, JsonArray items, boolean done) {
        return new JsonObject().put("batch", batch).put("items", items).put("done", done);
    }
}
