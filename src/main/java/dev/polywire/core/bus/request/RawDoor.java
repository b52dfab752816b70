package dev.polywire.core.bus.request;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import org.jspecify.annotations.Nullable;

/** Answers {@code <address>.raw}: bytes and headers instead of JSON. It may throw, and fail with anything. */
@FunctionalInterface
public interface RawDoor {

    Future<Answer> answer(Request<Buffer> request);

    /** @param body bytes, or a JSON object; null: there is nothing to say */
    record Answer(@Nullable Object body, DeliveryOptions options) {

        public static final Answer NOTHING = new Answer(null);

        public Answer(@Nullable Object body) {
            this(body, new DeliveryOptions());
        }
    }
}
