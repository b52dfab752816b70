package dev.polywire.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;

/** One {@code next} of a stream, asked as a program in another language asks. */
public final class StreamPeek {

    private StreamPeek() {}

    /** Its first batch. @param handle what {@code open} gave */
    public static Future<JsonObject> next(Vertx vertx, JsonObject handle) {
        JsonObject question = new JsonObject()
                .put("id", handle.getString("id"))
                .put("batch", 1)
                .put("max", 10)
                .put("waitMillis", 10_000);
        return vertx.eventBus()
                .<JsonObject>request(
                        handle.getString("address"), question, new DeliveryOptions().addHeader("action", "next"))
                .map(reply -> reply.body());
    }
}
