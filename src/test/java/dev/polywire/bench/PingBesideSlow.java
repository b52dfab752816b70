package dev.polywire.bench;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.service.MongoVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * {@code ping} by the connector's proxy, while the same connector runs a query of 10 s, again and again, and reads a cursor that waits. A round is only good
 * when most pings have seen both at the server.
 */
class PingBesideSlow implements Load {

    /** The same pings with nothing beside them in their connector; the server is also asked by others. */
    static final class Alone extends PingBesideSlow {
        @Override
        Future<?> beside(Vertx vertx) {
            return Future.succeededFuture();
        }

        @Override
        boolean isBeside(JsonObject seen) {
            return true;
        }
    }

    private static final String ADDRESS = "polywire.mongodb";
    private static final JsonObject TAIL =
            new JsonObject().put("find", "tail").put("tailable", true).put("awaitData", true);

    private @Nullable MongoService service;
    private @Nullable MongoService patient;
    private @Nullable Throwable broken;

    @Override
    public Future<?> start(Vertx vertx, int port) {
        MongoService proxy = MongoService.proxy(vertx, ADDRESS);
        service = proxy;
        patient = MongoService.proxy(vertx, ADDRESS, 3 * SlowServer.SLOW_MILLIS);
        JsonObject config = new JsonObject().put("port", port);
        return vertx.deployVerticle(new MongoVerticle(), new DeploymentOptions().setConfig(config))
                .compose(deployed -> proxy.ping())
                .compose(answer -> beside(vertx));
    }

    /** Begins what runs beside the pings. */
    Future<?> beside(Vertx vertx) {
        return service.open("db", "find", TAIL, null).onSuccess(handle -> {
            new StreamReader(vertx, handle)
                    .exceptionHandler(failed -> broken = failed)
                    .endHandler(end -> broken = new IllegalStateException("the cursor has ended"))
                    .handler(document -> broken = new IllegalStateException("a document"));
            slow();
        });
    }

    /** @param seen the answer to a ping */
    boolean isBeside(JsonObject seen) {
        return seen.getInteger("slow") == 1 && seen.getInteger("waiting") == 1;
    }

    private void slow() {
        long begun = System.nanoTime();
        patient.command("db", "find", new JsonObject().put("find", SlowServer.SLOW), null)
                .onSuccess(answer -> {
                    if (System.nanoTime() - begun < SlowServer.SLOW_MILLIS * 990_000L) {
                        broken = new IllegalStateException("the slow query was fast");
                    }
                    slow();
                })
                .onFailure(failed -> broken = failed);
    }

    @Override
    public void run(Window window) {
        int[] left = {window.operations()};
        int[] beside = {0};
        window.open(() -> {
            long begun = System.nanoTime();
            service.ping().onComplete(answer -> {
                if (answer.failed() || broken != null) {
                    window.failed(answer.failed() ? answer.cause() : broken);
                    return;
                }
                beside[0] += isBeside(answer.result()) ? 1 : 0;
                if (--left[0] == 0 && beside[0] * 2 < window.operations()) {
                    window.failed(
                            new IllegalStateException("only " + beside[0] + " pings were beside what they should be"));
                } else if (window.isSingle()) {
                    window.ended();
                } else {
                    window.endedSince(begun);
                }
            });
        });
    }
}
