package dev.polywire.bolt.wire;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the named fields of a message. Absent and null are the same; a wrong type is a DECODE. */
final class Extras {

    private final Map<String, @Nullable Object> fields;

    Extras(Map<String, @Nullable Object> fields) {
        this.fields = fields;
    }

    @Nullable
    String text(String key) {
        return as(String.class, key);
    }

    long integer(String key, long absent) {
        Long value = as(Long.class, key);
        return value == null ? absent : value;
    }

    boolean bool(String key) {
        Boolean value = as(Boolean.class, key);
        return value != null && value;
    }

    @SuppressWarnings("unchecked")
    Map<String, @Nullable Object> map(String key) {
        Map<String, @Nullable Object> value = as(Map.class, key);
        return value == null ? Collections.emptyMap() : value;
    }

    @Nullable
    List<String> texts(String key) {
        List<?> value = as(List.class, key);
        if (value == null) {
            return null;
        }
        return value.stream()
                .map(item -> {
                    if (item instanceof String text) {
                        return text;
                    }
                    throw PackStreamReader.bad(key + ": holds another value (expected: strings)");
                })
                .toList();
    }

    private <T> @Nullable T as(Class<T> type, String key) {
        Object value = fields.get(key);
        if (value != null && !type.isInstance(value)) {
            throw PackStreamReader.bad(
                    key + ": " + value.getClass().getSimpleName() + " (expected: " + type.getSimpleName() + ")");
        }
        return type.cast(value);
    }
}
