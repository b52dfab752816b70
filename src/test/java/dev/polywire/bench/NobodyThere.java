package dev.polywire.bench;

import dev.polywire.core.bus.request.ServiceProxies;
import dev.polywire.core.bus.watch.NodeWatch;
import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.service.MongoServiceVertxEBProxy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/**
 * Calls to an address where nobody is: what a failure costs that the bus gives by itself, with the node watch that every program
 * has.
 */
abstract class NobodyThere implements Load {

    private static final String ADDRESS = "polywire.nobody";
    /** Calls in one turn of the event loop. */
    private static final int TURN = 1_000;

    private @Nullable Vertx vertx;

    /** A call, which fails. */
    abstract Future<?> call(Vertx vertx);

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        return NodeWatch.install(vertx).ready();
    }

    @Override
    public final void run(Window window) {
        turn(window, window.operations());
    }

    /** The failure comes before the call returns: one call that begins the next would never come back. */
    private void turn(Window window, int left) {
        int now = Math.min(left, TURN);
        for (int i = 0; i < now; i++) {
            call(vertx).onComplete(nobody -> {
                if (nobody.failed()) {
                    window.ended(1);
                } else {
                    window.failed(new IllegalStateException("somebody"));
                }
            });
        }
        if (left > now) {
            vertx.runOnContext(next -> turn(window, left - now));
        }
    }

    /** By a proxy of ours, which types it. */
    static final class ByProxy extends NobodyThere {

        private @Nullable MongoService service;

        @Override
        public Future<?> start(Vertx vertx, int port) {
            service = MongoService.proxy(vertx, ADDRESS);
            return super.start(vertx, port);
        }

        @Override
        Future<?> call(Vertx vertx) {
            return service.ping();
        }
    }

    /** By the generated proxy alone, which fails as the bus does. */
    static final class ByGenerated extends NobodyThere {

        private @Nullable MongoService service;

        @Override
        public Future<?> start(Vertx vertx, int port) {
            service = new MongoServiceVertxEBProxy(vertx, ADDRESS, ServiceProxies.options(25_000));
            return super.start(vertx, port);
        }

        @Override
        Future<?> call(Vertx vertx) {
            return service.ping();
        }
    }
}
