package dev.polywire.amqp.service;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a JSON value takes in memory, about: its characters, and 128 bytes for each value in it. */
final class HeldBytes {

    private static final int VALUE_BYTES = 128;

    private HeldBytes() {}

    static long of(@Nullable Object value) {
        long bytes = VALUE_BYTES;
        if (value instanceof String text) {
            bytes += text.length();
        } else if (value instanceof JsonObject object) {
            for (Map.Entry<String, Object> each : object.getMap().entrySet()) {
                bytes += of(each.getValue()) + each.getKey().length();
            }
        } else if (value instanceof JsonArray array) {
            for (Object each : array.getList()) {
                bytes += of(each);
            }
        }
        return bytes;
    }
}
