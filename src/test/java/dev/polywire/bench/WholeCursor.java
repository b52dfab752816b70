package dev.polywire.bench;

import dev.polywire.core.bus.stream.StreamReader;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

/** Documents of cursors of a {@link CursorServer} by streams of the connector, each read to its end; as many at a time as are in flight. */
final class WholeCursor {

    private static final JsonObject FIND =
            new JsonObject().put("find", "planets").put("batchSize", ItemStream.MAX);

    private WholeCursor() {}

    /** As JSON; the documents' numbers are looked at. */
    static final class Json extends FindStream.Json {

        @Override
        public Future<?> start(Vertx vertx, int port) {
            return super.start(vertx, port).compose(deployed -> inOrder());
        }

        @Override
        public void run(Window window) {
            WholeCursor.run(this, window);
        }

        private Future<Integer> inOrder() {
            int[] next = {0};
            return toTheEnd(this, item -> {
                        int number = ((JsonObject) item).getInteger("_id");
                        if (number != next[0]++) {
                            throw new IllegalStateException("number " + number + " is behind " + (next[0] - 2));
                        }
                    })
                    .map(end -> complete(next[0]));
        }
    }

    /** As BSON. */
    static final class Raw extends FindStream.Raw {
        @Override
        public void run(Window window) {
            WholeCursor.run(this, window);
        }
    }

    private static void run(FindStream stream, Window window) {
        int each = CursorServer.DOCUMENTS * window.inFlight();
        for (int i = 0; i < window.inFlight(); i++) {
            next(stream, window, window.operations() / each).onFailure(window::failed);
        }
    }

    private static Future<Void> next(FindStream stream, Window window, int left) {
        if (left == 0) {
            return Future.succeededFuture();
        }
        int[] count = {0};
        return toTheEnd(stream, item -> count[0] += stream.documents(item)).compose(end -> {
            window.ended(complete(count[0]));
            return next(stream, window, left - 1);
        });
    }

    private static Future<Void> toTheEnd(FindStream stream, Handler<Object> each) {
        Promise<Void> end = Promise.promise();
        return stream.open(FIND).compose(reader -> {
            read(reader, each, end);
            return end.future();
        });
    }

    private static void read(StreamReader reader, Handler<Object> each, Promise<Void> end) {
        reader.endHandler(end::complete).exceptionHandler(end::tryFail).handler(item -> {
            try {
                each.handle(item);
            } catch (IllegalStateException wrong) {
                end.tryFail(wrong);
            }
        });
    }

    /** @return how many they are */
    private static int complete(int documents) {
        if (documents != CursorServer.DOCUMENTS) {
            throw new IllegalStateException(documents + " documents (expected: " + CursorServer.DOCUMENTS + ")");
        }
        return documents;
    }
}
