package dev.polywire.bench;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.mongodb.service.MongoService;
import dev.polywire.mongodb.service.MongoVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Documents of a cursor by a stream of the connector. */
abstract class FindStream implements Load {

    private final String form;
    private @Nullable Vertx vertx;

    /** As JSON. */
    static class Json extends FindStream {
        Json() {
            super("json");
        }

        @Override
        int documents(Object item) {
            return ((JsonObject) item).getBoolean("rings") ? 1 : 0;
        }
    }

    /** As BSON: from one document to the next. */
    static class Raw extends FindStream {
        Raw() {
            super("raw");
        }

        @Override
        int documents(Object item) {
            Buffer records = (Buffer) item;
            int count = 0;
            for (int at = 0; at < records.length(); at += records.getIntLE(at)) {
                count++;
            }
            return count;
        }
    }

    private FindStream(String form) {
        this.form = form;
    }

    abstract int documents(Object item);

    @Override
    public Future<?> start(Vertx vertx, int port) {
        this.vertx = vertx;
        return vertx.deployVerticle(
                new MongoVerticle(), new DeploymentOptions().setConfig(new JsonObject().put("port", port)));
    }

    @Override
    public void run(Window window) {
        int[] left = {window.operations()};
        open(new JsonObject().put("find", "planets"))
                .onSuccess(reader -> reader.exceptionHandler(window::failed).handler(item -> {
                    int count = Math.min(left[0], documents(item));
                    left[0] -= count;
                    window.ended(count);
                    if (left[0] == 0) {
                        reader.close();
                    }
                }))
                .onFailure(window::failed);
    }

    /** The documents of a find. */
    Future<StreamReader> open(JsonObject find) {
        return MongoService.proxy(vertx, "polywire.mongodb")
                .open("db", "find", find, new JsonObject().put("form", form))
                .map(handle -> new StreamReader(vertx, handle, ItemStream.MAX, StreamService.DEFAULT_WAIT_MILLIS));
    }
}
