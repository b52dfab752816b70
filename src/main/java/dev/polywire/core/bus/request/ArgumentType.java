package dev.polywire.core.bus.request;

import dev.polywire.core.json.TypedValues;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A type that an argument of a service may have, with the JSON that it accepts. */
enum ArgumentType {
    TEXT("a string"),
    FLAG("true or false"),
    INT32("a 32-bit integer"),
    INT64("a 64-bit integer, or one as a decimal string"),
    NUMBER("a number"),
    OBJECT("an object"),
    ARRAY("an array");

    private static final Map<Class<?>, ArgumentType> BY_CLASS = Map.ofEntries(
            Map.entry(String.class, TEXT),
            Map.entry(boolean.class, FLAG),
            Map.entry(Boolean.class, FLAG),
            Map.entry(int.class, INT32),
            Map.entry(Integer.class, INT32),
            Map.entry(long.class, INT64),
            Map.entry(Long.class, INT64),
            Map.entry(double.class, NUMBER),
            Map.entry(Double.class, NUMBER),
            Map.entry(JsonObject.class, OBJECT),
            Map.entry(JsonArray.class, ARRAY),
            Map.entry(List.class, ARRAY));

    private final String expected;

    ArgumentType(String expected) {
        this.expected = expected;
    }

    /** The expected value, as failure texts name it. */
    String expected() {
        return expected;
    }

    /** The type of arguments of this class, or null when there is no rule for it. */
    static @Nullable ArgumentType of(Class<?> argument) {
        return BY_CLASS.get(argument);
    }

    /** The value as the generated handler reads it, or null when {@code json} is of another kind. */
    @Nullable
    Object read(@Nullable Object json) {
        return switch (this) {
            case TEXT -> json instanceof String ? json : null;
            case FLAG -> json instanceof Boolean ? json : null;
            case INT32 -> {
                Long number = json instanceof Number ? TypedValues.int64(json) : null;
                yield number != null && number == number.intValue() ? json : null;
            }
            case INT64 ->
                json instanceof String ? TypedValues.int64(json) : TypedValues.int64(json) == null ? null : json;
            case NUMBER -> json instanceof Number ? json : null;
            case OBJECT -> json instanceof JsonObject ? json : null;
            case ARRAY -> json instanceof JsonArray ? json : null;
        };
    }
}
