package dev.polywire.examples.amqp;

import dev.polywire.core.bus.stream.StreamReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A queue's messages one by one, each when it is asked for. */
final class Reading {

    private final StreamReader messages;

    /** @param handle what {@code consume} gave */
    Reading(Vertx vertx, JsonObject handle) {
        messages = new StreamReader(vertx, handle, 1, 1_000).pause();
    }

    Future<JsonObject> next() {
        Promise<JsonObject> next = Promise.promise();
        messages.exceptionHandler(next::tryFail)
                .handler(message -> next.tryComplete((JsonObject) message))
                .fetch(1);
        return next.future();
    }

    Future<?> ack(JsonObject message) {
        return messages.settle(new JsonObject().put("ack", new JsonArray().add(message.getLong("deliveryTag"))));
    }

    Future<?> close() {
        return messages.close();
    }
}
