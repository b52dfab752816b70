package dev.polywire.framed.service;

import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Pairs;
import dev.polywire.framed.wire.TypedValue.Tagged;
import dev.polywire.framed.wire.TypedValue.Tuple;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plain values as typed JSON. One for each value: it counts the levels. */
final class PlainToJson {

    /**
     * Depth that a peer may send; deeper nesting attacks recursive code. JSON libraries stop at 1,000 levels, and the
     * reader gets a value inside an item, a batch and a frame of a bridge.
     */
    static final int MAX_DEPTH = 990;

    /** JavaScript represents every integer up to this one exactly. */
    private static final long MAX_SAFE_INTEGER = 1L << 53;

    private int depth;

    /** @throws ProtocolException DECODE when it is too deep */
    @Nullable
    Object value(@Nullable Object plain) {
        if (plain == null || plain instanceof String || plain instanceof Boolean) {
            return plain;
        } else if (plain instanceof Number number) {
            return number(number);
        } else if (plain instanceof Buffer bytes) {
            return typed("$bytes", TypedValues.text(bytes.getBytes()));
        } else if (plain instanceof byte[] bytes) {
            return typed("$bytes", TypedValues.text(bytes));
        }
        return container(plain);
    }

    private Object container(Object plain) {
        if (plain instanceof JsonObject object) {
            return map(object.getMap());
        } else if (plain instanceof Map<?, ?> map) {
            return map(map);
        } else if (plain instanceof Pairs dict) {
            return dict(dict.entries());
        } else if (plain instanceof Tuple tuple) {
            return typed("$tuple", tuple.items());
        } else if (plain instanceof Distinct set) {
            return typed("$set", set.items());
        } else if (plain instanceof Set<?> set) {
            return typed("$set", set);
        } else if (plain instanceof JsonArray array) {
            return list(array.getList());
        } else if (plain instanceof Collection<?> list) {
            return list(list);
        } else if (plain instanceof Tagged tagged) {
            enter(2);
            JsonArray pair = new JsonArray().add(value(tagged.tag())).add(value(tagged.value()));
            return leave(2, typed("$tag", pair));
        }
        throw unfit(plain);
    }

    private static Object number(Number number) {
        if (number instanceof Double || number instanceof Float) {
            double real = number.doubleValue();
            return Double.isFinite(real) ? (Object) real : typed("$float", Double.toString(real));
        } else if (number instanceof BigInteger) {
            return typed("$int", number.toString());
        }
        Long integer = TypedValues.int64(number);
        if (integer == null) {
            throw unfit(number);
        }
        return Math.abs(integer) <= MAX_SAFE_INTEGER && integer != Long.MIN_VALUE
                ? integer
                : typed("$int", integer.toString());
    }

    private JsonArray list(Collection<?> items) {
        enter(1);
        JsonArray array = new JsonArray();
        for (Object item : items) {
            array.add(value(item));
        }
        return leave(1, array);
    }

    private JsonObject map(Map<?, ?> map) {
        if (!map.keySet().stream().allMatch(PlainToJson::isPlainName)) {
            return dict(map.entrySet());
        }
        enter(1);
        Map<String, Object> object = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            object.put((String) entry.getKey(), value(entry.getValue()));
        }
        return leave(1, new JsonObject(object));
    }

    private JsonObject dict(Collection<? extends Map.Entry<?, ?>> entries) {
        enter(3);
        JsonArray pairs = new JsonArray();
        for (Map.Entry<?, ?> entry : entries) {
            pairs.add(new JsonArray().add(value(entry.getKey())).add(value(entry.getValue())));
        }
        return leave(3, typed("$dict", pairs));
    }

    private JsonObject typed(String type, Collection<?> items) {
        enter(1);
        return leave(1, typed(type, list(items)));
    }

    private static JsonObject typed(String type, Object value) {
        // The map never has more than one name, so it is not made for sixteen.
        Map<String, Object> object = new LinkedHashMap<>(2);
        object.put(type, value);
        return new JsonObject(object);
    }

    /** Names that begin with {@code $} are reserved. */
    private static boolean isPlainName(@Nullable Object key) {
        return key instanceof String name && !name.startsWith("$");
    }

    private static ProtocolException unfit(Object plain) {
        return ProtocolException.decode(
                "value: of " + plain.getClass().getSimpleName() + " (expected: a plain value from the codec)");
    }

    private void enter(int levels) {
        depth += levels;
        if (depth > MAX_DEPTH) {
            throw ProtocolException.decode("value: deeper than " + MAX_DEPTH + " levels of JSON");
        }
    }

    private <T> T leave(int levels, T value) {
        depth -= levels;
        return value;
    }
}
