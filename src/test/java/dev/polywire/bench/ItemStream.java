package dev.polywire.bench;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.core.bus.stream.StreamSource;
import dev.polywire.testing.probe.ProbeVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stream of small items, opened, read to its end and closed. */
final class ItemStream implements Load {

    static final int MAX = 256;

    private @Nullable Vertx vertx;
    private @Nullable ProbeVerticle probe;

    /** Runs a step on a context that is not the caller's. */
    static Future<Void> elsewhere(Vertx vertx, Supplier<Future<Void>> step) {
        return vertx.deployVerticle(new io.vertx.core.VerticleBase() {
                    @Override
                    public Future<?> start() {
                        return step.get();
                    }
                })
                .mapEmpty();
    }

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        return vertx.deployVerticle(new ProbeVerticle().reading(Items::new));
    }

    @Override
    public void run(Window window) {
        dev.polywire.testing.probe.ProbeService.proxy(vertx, ProbeVerticle.ADDRESS)
                .open(window.operations(), false)
                .onSuccess(handle -> new StreamReader(vertx, handle, MAX, StreamService.DEFAULT_WAIT_MILLIS)
                        .exceptionHandler(window::failed)
                        .handler(item -> window.ended(
                                ((JsonObject) item).getString("name").length() / 4)))
                .onFailure(window::failed);
    }

    private static final class Items implements StreamSource {

        private final Batches batches = new Batches();
        private int left;

        Items(int count) {
            left = count;
        }

        @Override
        public Future<Page> pull(int max, int maxBytes) {
            int count = Math.min(max, left);
            left -= count;
            return Future.succeededFuture(new Page(batches.next(count), left == 0));
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
