package dev.polywire.bolt.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values and their bytes, on their own. */
final class Packed {

    private Packed() {}

    static ValueDialect dialect(BoltVersion version) {
        return ValueDialect.of(version);
    }

    static PackStreamReader reader(Buffer bytes, BoltVersion version) {
        return new PackStreamReader(bytes, dialect(version), BoltLimits.DEFAULT);
    }

    /** The one value that {@code bytes} are; what passes must be skipped in the same way. */
    static Object read(Buffer bytes, BoltVersion version) {
        PackStreamReader skipping = reader(bytes, version);
        skipping.skip();
        skipping.finish();
        PackStreamReader reading = reader(bytes, version);
        Object value = reading.value();
        reading.finish();
        return value;
    }

    static Buffer write(Object value, ValueDialect dialect) {
        return new PackStreamWriter(dialect, 1 << 30).value(value).take();
    }

    static Buffer write(Object value, BoltVersion version) {
        return write(value, dialect(version));
    }

    /** Key, value, key, value; null is allowed. */
    static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /** {@code first} and as many of {@code each} as it takes. */
    static Buffer repeated(Buffer first, int times, Buffer each) {
        Buffer all = first.copy();
        for (int i = 0; i < times; i++) {
            all.appendBuffer(each);
        }
        return all;
    }

    static List<Object> listOf(int size, Object item) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            items.add(item);
        }
        return items;
    }
}
