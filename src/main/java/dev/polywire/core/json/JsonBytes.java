package dev.polywire.core.json;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The memory of JSON values, by estimate: the characters of names and texts, and {@link #VALUE} for each value. */
public final class JsonBytes {

    /** Of a value beside its text: an empty object has two bytes on the wire and 72 in memory. */
    public static final int VALUE = 128;

    private JsonBytes() {}

    /** @param value of Vert.x's JSON: nested less than 1,000 deep */
    public static long of(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return of(object.getMap());
        } else if (value instanceof JsonArray array) {
            return of(array.getList());
        }
        long bytes = VALUE;
        if (value instanceof CharSequence text) {
            bytes += text.length();
        } else if (value instanceof Buffer buffer) {
            bytes += buffer.length();
        } else if (value instanceof Map<?, ?> members) {
            for (Map.Entry<?, ?> each : members.entrySet()) {
                bytes += String.valueOf(each.getKey()).length() + of(each.getValue());
            }
        } else if (value instanceof Iterable<?> elements) {
            for (Object each : elements) {
                bytes += of(each);
            }
        }
        return bytes;
    }
}
