package dev.polywire.examples.eventstore;

import dev.polywire.core.bus.request.Failure;
import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.eventstore.service.EventStoreService;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.List;
import java.util.function.Consumer;

/** A pony jumps into EventStore: an event is appended, read, and read again by a subscription. As {@code eventstore_ponies.py}. */
public final class Ponies extends VerticleBase {

    private static final String STREAM = "ponies";
    private static final long NO_STREAM = -1;
    private static final long ANY = -2;

    private final Consumer<String> out;

    /** @param out {@code System.out::println}, for one */
    public Ponies(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public Future<?> start() {
        EventStoreService store = EventStoreService.proxy(vertx, "polywire.eventstore");
        return forget(store)
                .compose(forgotten -> store.append(STREAM, ANY, List.of(jump("Derpy Hooves", 10, 13)), null))
                .compose(written -> watch(store, written.getLong("lastEventNumber")));
    }

    private Future<?> watch(EventStoreService store, long number) {
        JsonObject resume = new JsonObject().put("nextEventNumber", number);
        return store.readEvent(STREAM, number, null)
                .onSuccess(this::jumped)
                .compose(read -> store.subscribeToStreamFrom(STREAM, resume, null))
                .map(handle -> new StreamReader(vertx, handle, 1, 1_000).pause())
                .compose(ponies -> next(ponies)
                        .onSuccess(this::seen)
                        .compose(seen -> store.append(STREAM, number, List.of(jump("Berry Punch", 12, 9)), null))
                        .compose(written -> next(ponies))
                        .onSuccess(this::seen)
                        .compose(seen -> ponies.close()))
                .compose(closed -> tooLate(store, number));
    }

    private static Future<JsonObject> next(StreamReader events) {
        Promise<JsonObject> next = Promise.promise();
        events.exceptionHandler(next::tryFail)
                .handler(event -> next.tryComplete((JsonObject) event))
                .fetch(1);
        return next.future();
    }

    private Future<?> tooLate(EventStoreService store, long number) {
        return store.append(STREAM, NO_STREAM, List.of(jump("Derpy Hooves", 10, 13)), null)
                .recover(refused -> {
                    failed((ServiceException) refused, number);
                    return Future.succeededFuture();
                });
    }

    /** So that the program can be run again: a soft delete keeps the numbers, and none of the events. */
    private static Future<?> forget(EventStoreService store) {
        return store.deleteStream(STREAM, ANY, null)
                .recover(cause ->
                        cause instanceof ServiceException failure && failure.failureCode() == Failure.NOT_FOUND.code()
                                ? Future.succeededFuture()
                                : Future.failedFuture(cause));
    }

    private static JsonObject jump(String pony, int height, int distance) {
        JsonObject jump =
                new JsonObject().put("Pony", pony).put("Height", height).put("Distance", distance);
        return new JsonObject().put("eventType", "PonyJumped").put("json", jump);
    }

    private void jumped(JsonObject event) {
        JsonObject jump = event.getJsonObject("json");
        out.accept(event.getString("eventType") + " " + jump.getString("Pony") + " jumped " + jump.getInteger("Height")
                + " high");
    }

    private void seen(JsonObject event) {
        out.accept("seen " + event.getJsonObject("json").getString("Pony"));
    }

    /** Somebody else was faster: the failure says where the stream is now. */
    private void failed(ServiceException failure, long number) {
        JsonObject info = failure.getDebugInfo();
        JsonObject server = info.getJsonObject("server");
        out.accept("failure " + failure.failureCode() + " " + info.getString("name") + " reason: "
                + server.getString("reason"));
        out.accept("events behind the first: " + (server.getLong("currentVersion") - number));
    }
}
