package dev.polywire.bridge;

import dev.polywire.core.bus.stream.Batch;
import dev.polywire.core.json.TypedValues;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The body of a service's answer as JSON. */
final class ReplyBody {

    private ReplyBody() {}

    /** @throws RefusedException when it cannot be represented in JSON */
    static @Nullable Object json(@Nullable Object body) {
        if (body == null
                || body instanceof JsonObject
                || body instanceof JsonArray
                || body instanceof String
                || body instanceof Number
                || body instanceof Boolean) {
            return body;
        }
        if (body instanceof Batch batch) {
            return batch.toJson();
        }
        if (body instanceof Buffer bytes) {
            return TypedValues.text(bytes.getBytes());
        }
        throw new RefusedException(Refusal.REPLY_NOT_JSON, "body: neither JSON nor bytes");
    }
}
