package dev.polywire.core.json;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a value of the bus takes in memory, by estimate: the texts and names, the bytes of its buffers,
 * and {@link #VALUE_BYTES} for each value in it. Whoever makes the value counts on the way; {@link #of} is for a value that
 * somebody else has made.
 */
public final class JsonWeight {

    /** The memory of a value beside its text: an empty object has two bytes on the wire and 72 in memory. */
    public static final int VALUE_BYTES = 128;

    /** What a value takes once more when the bus copies a message for a receiver in the same JVM: texts are shared. */
    public static final int COPY_BYTES = 32;

    private static final char MAX_LATIN_1 = 255;

    private JsonWeight() {}

    /** The bytes of a value whose text, and the {@code values} in it, were counted. */
    public static long of(long textBytes, long values) {
        return textBytes + VALUE_BYTES * values;
    }

    /** The same for a message that the bus copies for its receiver. */
    public static long ofCopied(long textBytes, long values) {
        return textBytes + (VALUE_BYTES + COPY_BYTES) * values;
    }

    /** The bytes of a JSON value, or of a buffer. */
    public static long of(@Nullable Object value) {
        return of(value, VALUE_BYTES);
    }

    /** The same for the body of a message that the bus copies for its receiver. */
    public static long ofCopied(@Nullable Object value) {
        return value instanceof Buffer bytes ? 2L * bytes.length() : of(value, VALUE_BYTES + COPY_BYTES);
    }

    /** The bytes of the characters of a text: two for each as soon as one is beyond Latin-1. */
    public static long textBytes(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) > MAX_LATIN_1) {
                return 2L * length;
            }
        }
        return length;
    }

    private static long of(@Nullable Object value, int valueBytes) {
        // Classes before interfaces: of those a JVM asks a list, for each number anew.
        if (value instanceof String text) {
            return valueBytes + textBytes(text);
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return valueBytes;
        }
        if (value instanceof JsonObject object) {
            return valueBytes + fields(object.getMap(), valueBytes);
        }
        if (value instanceof JsonArray array) {
            return valueBytes + items(array.getList(), valueBytes);
        }
        if (value instanceof Buffer bytes) {
            return bytes.length();
        }
        if (value instanceof Map<?, ?> map) {
            return valueBytes + fields(map, valueBytes);
        }
        return value instanceof List<?> list ? valueBytes + items(list, valueBytes) : valueBytes;
    }

    /** The bytes of all items together, without their list: of each, since one of them may have more than all others. */
    public static long items(List<?> items) {
        return items(items, VALUE_BYTES);
    }

    private static long items(List<?> items, int valueBytes) {
        long bytes = 0;
        for (Object item : items) {
            bytes += of(item, valueBytes);
        }
        return bytes;
    }

    private static long fields(Map<?, ?> fields, int valueBytes) {
        long bytes = 0;
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            bytes += textBytes(String.valueOf(field.getKey())) + of(field.getValue(), valueBytes);
        }
        return bytes;
    }
}
