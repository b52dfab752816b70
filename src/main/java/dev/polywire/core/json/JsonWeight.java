package dev.polywire.core.json;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a value of the bus takes in memory, by estimate: the characters of its texts and names, the bytes of its buffers,
 * and {@link #VALUE_BYTES} for each value in it. Whoever makes the value counts on the way; {@link #of} is for a value that
 * somebody else has made.
 */
public final class JsonWeight {

    /** The memory of a value beside its text: an empty object has two bytes on the wire and 72 in memory. */
    public static final int VALUE_BYTES = 128;

    private JsonWeight() {}

    /** The bytes of a value whose text, and the {@code values} in it, were counted. */
    public static long of(long textBytes, long values) {
        return textBytes + VALUE_BYTES * values;
    }

    /** The bytes of a JSON value, or of a buffer. */
    public static long of(@Nullable Object value) {
        if (value instanceof Buffer bytes) {
            return bytes.length();
        }
        long bytes = VALUE_BYTES;
        if (value instanceof String text) {
            bytes += text.length();
        } else if (value instanceof JsonObject object) {
            bytes += fields(object.getMap());
        } else if (value instanceof JsonArray array) {
            bytes += items(array.getList());
        } else if (value instanceof Map<?, ?> map) {
            bytes += fields(map);
        } else if (value instanceof List<?> list) {
            bytes += items(list);
        }
        return bytes;
    }

    /** The bytes of all items together, without their list: of each, since one of them may have more than all others. */
    public static long items(List<?> items) {
        long bytes = 0;
        for (Object item : items) {
            bytes += of(item);
        }
        return bytes;
    }

    private static long fields(Map<?, ?> fields) {
        long bytes = 0;
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            bytes += String.valueOf(field.getKey()).length() + of(field.getValue());
        }
        return bytes;
    }
}
