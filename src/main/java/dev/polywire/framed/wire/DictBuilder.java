package dev.polywire.framed.wire;

import dev.polywire.framed.wire.TypedValue.Pairs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dictionary that is being read: a map as long as its keys are strings, pairs from the first other key on. */
final class DictBuilder {

    private final Map<String, @Nullable Object> named = new LinkedHashMap<>();
    private @Nullable List<Map.Entry<@Nullable Object, @Nullable Object>> pairs;

    /** @return false when the key is a string that is present already */
    boolean put(@Nullable Object key, @Nullable Object value) {
        if (pairs == null && key instanceof String name) {
            int before = named.size();
            named.put(name, value);
            return named.size() > before;
        }
        if (pairs == null) {
            pairs = new ArrayList<>();
            named.forEach(this::add);
            named.clear();
        }
        add(key, value);
        return true;
    }

    /** The dictionary so far: a {@link Map} or {@link Pairs}. */
    Object value() {
        return pairs == null ? named : new Pairs(pairs);
    }

    private void add(@Nullable Object key, @Nullable Object value) {
        if (pairs != null) {
            pairs.add(new java.util.AbstractMap.SimpleImmutableEntry<>(key, value));
        }
    }
}
