package dev.polywire.testing;

import dev.polywire.core.bus.stream.StreamReader;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The items of a stream, for a thread that may wait for them. */
public final class Items implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final Context context;
    private final CompletableFuture<StreamReader> reader = new CompletableFuture<>();
    private final BlockingQueue<JsonObject> items = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();

    /** Reads as fast as it goes. @param handle what {@code open} gave */
    public Items(Vertx vertx, JsonObject handle) {
        context = vertx.getOrCreateContext();
        context.runOnContext(v -> reader.complete(new StreamReader(vertx, handle)
                .exceptionHandler(ended::complete)
                .handler(item -> items.add((JsonObject) item))));
    }

    public JsonObject next() {
        try {
            JsonObject item = items.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (item == null) {
                throw new AssertionError("no item within " + PATIENCE_SECONDS + " s, ended: " + ended);
            }
            return item;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    public List<JsonObject> next(int count) {
        List<JsonObject> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(next());
        }
        return all;
    }

    /** Those that came and were not taken. */
    public List<JsonObject> rest() {
        return List.copyOf(items);
    }

    /** Why the stream ended. */
    public Throwable failure() {
        return ended.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        Outcome.on(context, () -> reader.join().close());
    }
}
