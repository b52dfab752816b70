package dev.polywire.core.bus.request;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import org.jspecify.annotations.Nullable;

/** Answers {@code <address>.raw}: bytes and headers instead of JSON. It may throw, and fail with any exception. */
@FunctionalInterface
public interface RawDoor {

    Future<Answer> answer(Request<Buffer> request);

    /** @param body bytes, or a JSON object; null: the reply has no body */
    record Answer(@Nullable Object body, DeliveryOptions options) {

        public static final Answer NOTHING = new Answer(null);

        public Answer(@Nullable Object body) {
            this(body, new DeliveryOptions());
        }
    }
}
