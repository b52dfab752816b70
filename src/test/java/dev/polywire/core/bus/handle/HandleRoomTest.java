package dev.polywire.core.bus.handle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.bus.Connector;
import dev.polywire.core.bus.ConnectorOptions;
import dev.polywire.core.bus.Polywire;
import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.request.ServiceProxies;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.core.json.Fields;
import dev.polywire.testing.Outcome;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Handles of a protocol's own kind, in a connector. */
class HandleRoomTest {

    private final Vertx vertx = Polywire.install(Vertx.vertx());
    private final Context context = vertx.getOrCreateContext();
    private final List<Failure> released = new CopyOnWriteArrayList<>();
    private final Promise<Void> gone = Promise.promise();
    private volatile boolean busy;
    private volatile HandleRoom<Thing> room;
    private volatile Connector connector;

    private final class Thing implements HandleRoom.Held {

        @Override
        public boolean inUse() {
            return busy;
        }

        @Override
        public Future<Void> release(Failure why) {
            released.add(why);
            return gone.future();
        }
    }

    /** Its streams are things. */
    private final class Opener implements StreamService {

        @Override
        public Future<JsonObject> next(String id, long batch, int max, Long waitMillis) {
            room.use(id);
            return Future.succeededFuture(new JsonObject());
        }

        @Override
        public Future<JsonObject> settle(
                String id, JsonArray ack, JsonArray nack, JsonArray reject, JsonObject options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> close(String id) {
            return room.open(() -> Future.succeededFuture(new Thing())).mapEmpty();
        }
    }

    @AfterEach
    void close() {
        gone.tryComplete();
        Outcome.value(vertx.close());
    }

    private void serve(String options) {
        Outcome.on(context, () -> {
            ConnectorOptions read = ConnectorOptions.fromJson(Fields.of(new JsonObject(options)), "test");
            connector = new Connector(vertx, read, "test", "nobody:1");
            room = connector.room("thing", StreamService.class, new Opener());
            return connector.serve(StreamService.class, new Opener());
        });
    }

    private Future<Object> open() {
        return vertx.eventBus()
                .request(
                        "polywire.test",
                        new JsonObject().put("id", "x"),
                        ServiceProxies.options(5_000).addHeader("action", "close"))
                .map(reply -> reply.body());
    }

    @Test
    void aLeaseThatLapsesReleases() {
        serve("{\"leaseMillis\": 100}");
        busy = true;
        Outcome.value(open());
        Outcome.value(vertx.timer(350));
        assertEquals(List.of(), released);
        busy = false;
        await().until(() -> released.equals(List.of(Failure.NOT_FOUND)));
        assertEquals(1, room.lapsed());
        assertEquals(0, room.size());
    }

    @Test
    void thereAreBounds() {
        serve("{\"maxStreams\": 1}");
        Outcome.value(open());
        assertEquals(4429, ((ServiceException) Outcome.failure(open())).failureCode());
    }

    @Test
    void leavingWaitsForWhatIsReleased() {
        serve("{}");
        Outcome.value(open());
        Promise<Void> left = Promise.promise();
        context.runOnContext(now -> connector.leave(Future::succeededFuture).onComplete(left));
        await().until(() -> released.equals(List.of(Failure.SHUTTING_DOWN)));
        assertEquals(false, left.future().isComplete());
        gone.complete();
        Outcome.value(left.future());
    }
}
