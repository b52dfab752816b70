package dev.polywire.eventstore.store;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import dev.polywire.eventstore.wire.NewEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How a stream is kept and who may use it. What cannot be understood is as if it were not there, all of it.
 *
 * @param maxCount events that can be read, the newest ones; null: all
 * @param maxAgeSeconds after which an event cannot be read; null: never
 * @param truncateBefore number of the first event that can be read; null: all; {@link #DELETED}: none, the stream is deleted softly
 */
record StreamMetadata(
        @Nullable Long maxCount,
        @Nullable Long maxAgeSeconds,
        @Nullable Long truncateBefore,
        AccessList access) {

    static final long DELETED = Long.MAX_VALUE;
    static final StreamMetadata NONE = new StreamMetadata(null, null, null, AccessList.NONE);
    /** Of a stream of metadata: only the last event counts. */
    static final StreamMetadata OF_METADATA = new StreamMetadata(1L, null, null, AccessList.NONE);

    /** What .NET can hold as a span of time. */
    private static final long MAX_SECONDS = 922_337_203_685L;

    private static final String TRUNCATE_BEFORE = "$tb";
    private static final int MAX_DEPTH = 100;
    /** As objects, more would be much larger than on the wire. */
    private static final int MAX_VALUES = 10_000;

    private static final StrictJson JSON = new StrictJson(MAX_DEPTH, MAX_VALUES);

    /** @param event the last one of the metadata stream */
    static StreamMetadata of(StoredEvent event) {
        return of(event.contentType(), event.data());
    }

    /** The same of an event that is not written yet. */
    static StreamMetadata of(int contentType, Buffer data) {
        JsonObject json = object(contentType, data);
        try {
            return json == null ? NONE : read(json);
        } catch (IllegalArgumentException otherJson) {
            return NONE;
        }
    }

    private static StreamMetadata read(JsonObject json) {
        number(json, "$cacheControl", 1, MAX_SECONDS);
        AccessList access = json.containsKey("$acl") ? AccessList.read(json.getValue("$acl")) : AccessList.NONE;
        return new StreamMetadata(
                number(json, "$maxCount", 1, Long.MAX_VALUE),
                number(json, "$maxAge", 1, MAX_SECONDS),
                number(json, TRUNCATE_BEFORE, 0, Long.MAX_VALUE),
                access);
    }

    private static @Nullable Long number(JsonObject json, String key, long least, long most) {
        if (!json.containsKey(key)) {
            return null;
        }
        Object value = json.getValue(key);
        if (!(value instanceof Integer) && !(value instanceof Long)) {
            throw new IllegalArgumentException(key);
        }
        long number = ((Number) value).longValue();
        if (number < least || number > most) {
            throw new IllegalArgumentException(key);
        }
        return number;
    }

    /** The JSON of an event that says it has some; null: it has not. */
    static @Nullable JsonObject object(int contentType, Buffer data) {
        try {
            return contentType == NewEvent.JSON && JSON.read(data) instanceof JsonObject json ? json : null;
        } catch (FieldException malformed) {
            return null;
        }
    }

    static Buffer deleted() {
        return new JsonObject().put(TRUNCATE_BEFORE, DELETED).toBuffer();
    }

    /** The same metadata with another beginning; null: it is no JSON. */
    static @Nullable Buffer truncatedBefore(int contentType, Buffer data, long number) {
        JsonObject json = object(contentType, data);
        return json == null ? null : json.put(TRUNCATE_BEFORE, number).toBuffer();
    }

    boolean isDeleted() {
        return truncateBefore != null && truncateBefore == DELETED;
    }

    /** The number of the first event that can be read, {@code $maxAge} aside. */
    long minimum(long lastNumber) {
        long minimum = maxCount == null ? 0 : Math.max(0, lastNumber - maxCount + 1);
        return truncateBefore == null ? minimum : Math.max(minimum, truncateBefore);
    }
}
