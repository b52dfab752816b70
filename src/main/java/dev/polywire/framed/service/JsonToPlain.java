package dev.polywire.framed.service;

import dev.polywire.core.json.Fields;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.json.TypedValues;
import dev.polywire.framed.wire.TypedValue.Distinct;
import dev.polywire.framed.wire.TypedValue.Pairs;
import dev.polywire.framed.wire.TypedValue.Tagged;
import dev.polywire.framed.wire.TypedValue.Tuple;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Typed JSON as plain values, strictly: a caller's mistakes are {@link IllegalArgumentException}s. */
final class JsonToPlain {

    private static final int MAX_DEPTH = 1_000;
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1," + StrictJson.MAX_NUMBER_CHARACTERS + "}");
    private static final String TYPES = "[$int, $float, $bytes, $tuple, $set, $dict, $tag]";

    private int depth;

    @Nullable
    Object value(@Nullable Object json) {
        if (json == null || json instanceof String || json instanceof Boolean) {
            return json;
        } else if (json instanceof Number number) {
            return number(number);
        }
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("deeper than " + MAX_DEPTH + " levels");
        }
        Object plain = container(json);
        depth--;
        return plain;
    }

    private @Nullable Object container(Object json) {
        if (json instanceof JsonArray array) {
            return items(array);
        } else if (json instanceof JsonObject object) {
            return object.fieldNames().stream().anyMatch(name -> name.startsWith("$")) ? typed(object) : map(object);
        }
        throw new IllegalArgumentException(Fields.kind(json));
    }

    private static Number number(Number number) {
        if (number instanceof Float || number instanceof Double) {
            return number.doubleValue();
        }
        Long small = TypedValues.int64(number);
        if (small != null) {
            return small;
        } else if (number instanceof BigInteger) {
            return number;
        }
        throw new IllegalArgumentException(number.getClass().getSimpleName() + " (expected: an integer or a double)");
    }

    private Map<String, @Nullable Object> map(JsonObject object) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, Object> field : object) {
            map.put(field.getKey(), value(field.getValue()));
        }
        return map;
    }

    private List<@Nullable Object> items(JsonArray array) {
        List<@Nullable Object> items = new ArrayList<>(array.size());
        for (Object item : array) {
            items.add(value(item));
        }
        return items;
    }

    private Object typed(JsonObject object) {
        if (object.size() > 1) {
            throw new IllegalArgumentException("a name with $ among " + object.size()
                    + " (expected: alone; a key with $ in front stands in $dict)");
        }
        String type = object.fieldNames().iterator().next();
        Object json = object.getValue(type);
        return switch (type) {
            case "$int" -> integer(json);
            case "$float" -> real(json);
            case "$bytes" -> bytes(json);
            case "$tuple" -> new Tuple(items(array(type, json)));
            case "$set" -> new Distinct(items(array(type, json)));
            case "$dict" -> pairs(array(type, json));
            case "$tag" -> tagged(array(type, json));
            default -> throw new IllegalArgumentException("a type nobody knows (expected: one of " + TYPES + ")");
        };
    }

    private static Number integer(@Nullable Object json) {
        if (json instanceof String digits && INTEGER.matcher(digits).matches()) {
            return number(new BigInteger(digits));
        } else if (json instanceof Number number && !(number instanceof Double) && !(number instanceof Float)) {
            return number(number);
        }
        throw unfit("$int", json, "decimal digits in a string, or an integer");
    }

    private static Double real(@Nullable Object json) {
        if (json instanceof Number number) {
            return number.doubleValue();
        } else if ("NaN".equals(json) || "Infinity".equals(json) || "-Infinity".equals(json)) {
            return Double.valueOf((String) json);
        }
        throw unfit("$float", json, "a number, NaN, Infinity or -Infinity");
    }

    private static Buffer bytes(@Nullable Object json) {
        byte[] bytes = TypedValues.bytes(json);
        if (bytes == null) {
            throw unfit("$bytes", json, "base64");
        }
        return Buffer.buffer(bytes);
    }

    private Pairs pairs(JsonArray json) {
        List<Map.Entry<@Nullable Object, @Nullable Object>> pairs = new ArrayList<>(json.size());
        // With string keys only, readers take it for a plain map, and refuse a duplicate key.
        Set<Object> names = new HashSet<>();
        boolean named = true;
        for (Object each : json) {
            if (!(each instanceof JsonArray pair) || pair.size() != 2) {
                throw unfit("$dict", each, "pairs of key and value");
            }
            List<@Nullable Object> both = items(pair);
            named &= both.get(0) instanceof String;
            if (named && !names.add(both.get(0))) {
                throw unfit("$dict", json, "pairs of key and value, a string as key once");
            }
            pairs.add(new java.util.AbstractMap.SimpleImmutableEntry<>(both.get(0), both.get(1)));
        }
        return new Pairs(pairs);
    }

    private Tagged tagged(JsonArray json) {
        Object number = json.size() == 2 ? json.getValue(0) : null;
        // Beyond 2^53 the tag is a typed value itself.
        Long tag = TypedValues.int64(number instanceof JsonObject typed ? value(typed) : number);
        if (tag == null || tag < 0) {
            throw unfit("$tag", json, "a tag from 0 to 2^63 - 1, and a value");
        }
        return new Tagged(tag, value(json.getValue(1)));
    }

    private static JsonArray array(String type, @Nullable Object json) {
        if (json instanceof JsonArray array) {
            return array;
        }
        throw unfit(type, json, "an array");
    }

    private static IllegalArgumentException unfit(String type, @Nullable Object json, String expected) {
        return new IllegalArgumentException(type + ": " + Fields.kind(json) + " (expected: " + expected + ")");
    }
}
