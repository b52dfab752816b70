package dev.polywire.bench;

import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.mongodb.service.MongoService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Calls to an address where nobody is: what a failure costs that the bus gives by itself. */
abstract class NobodyThere implements Load {

    private static final String ADDRESS = "polywire.nobody";

    private @Nullable Vertx vertx;

    /** A call, which fails. */
    abstract Future<?> call(Vertx vertx);

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        return Future.succeededFuture();
    }

    @Override
    public final void run(Window window) {
        window.open(() -> call(vertx).onComplete(nobody -> {
            if (nobody.failed()) {
                window.ended();
            } else {
                window.failed(new IllegalStateException("somebody"));
            }
        }));
    }

    /** By a proxy, with the node watch that every program has. */
    static final class ByProxy extends NobodyThere {

        private @Nullable MongoService service;

        @Override
        public Future<?> start(Vertx vertx, int port) {
            service = MongoService.proxy(vertx, ADDRESS);
            return NodeWatch.install(vertx).ready();
        }

        @Override
        Future<?> call(Vertx vertx) {
            return service.ping();
        }
    }

    /** By the bus alone. */
    static final class ByBus extends NobodyThere {

        @Override
        Future<?> call(Vertx vertx) {
            DeliveryOptions options = new DeliveryOptions()
                    .addHeader("action", "ping")
                    .addHeader("timeout", "25000")
                    .setSendTimeout(27_000);
            return vertx.eventBus().<JsonObject>request(ADDRESS, new JsonObject(), options);
        }
    }
}
