package dev.polywire.core.bus;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.core.json.TypedValues;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a message to a service must look like, read once from its {@code @ProxyGen} interface (compiled with
 * {@code -parameters}): the header {@code action} names a method, the body has one field per argument.
 */
final class ServiceShape {

    private record Argument(String name, Class<?> type, boolean nullable) {}

    private final Map<String, List<Argument>> actions = new TreeMap<>();

    ServiceShape(Class<?> service) {
        for (Method method : service.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())) {
                List<Argument> arguments = new ArrayList<>();
                for (Parameter parameter : method.getParameters()) {
                    arguments.add(new Argument(parameter.getName(), parameter.getType(), nullable(parameter)));
                }
                actions.put(method.getName(), arguments);
            }
        }
    }

    Set<String> actions() {
        return actions.keySet();
    }

    /**
     * @return the body as the generated handler reads it: the one given, or a copy where a long came as a decimal string
     * @throws FieldException naming the field that is missing, unknown or not what was expected
     */
    JsonObject read(@org.jspecify.annotations.Nullable String action, @org.jspecify.annotations.Nullable Object body) {
        List<Argument> arguments = action == null ? null : actions.get(action);
        if (arguments == null) {
            throw new FieldException(
                    "action",
                    (action == null ? "missing" : "unknown") + " (expected: one of " + actions.keySet() + ")");
        }
        if (!(body instanceof JsonObject json)) {
            throw new FieldException("body", Fields.kind(body) + " (expected: an object)");
        }
        JsonObject read = json;
        Set<String> unread = new TreeSet<>(json.fieldNames());
        for (Argument argument : arguments) {
            unread.remove(argument.name);
            Object value = json.getValue(argument.name);
            if (value == null) {
                if (!argument.nullable) {
                    throw new FieldException(argument.name, "missing");
                }
            } else if (wide(argument.type) && value instanceof String) {
                read = read == json ? json.copy() : read;
                read.put(argument.name, checked(argument, TypedValues.int64(value), value));
            } else if (!fits(argument.type, value)) {
                throw misfit(argument, value);
            }
        }
        if (!unread.isEmpty()) {
            throw new FieldException(unread.iterator().next(), "unknown field");
        }
        return read;
    }

    private static Long checked(Argument argument, @org.jspecify.annotations.Nullable Long number, Object value) {
        if (number == null) {
            throw misfit(argument, value);
        }
        return number;
    }

    private static FieldException misfit(Argument argument, Object value) {
        return new FieldException(argument.name, Fields.kind(value) + " (expected: " + expected(argument.type) + ")");
    }

    private static boolean nullable(Parameter parameter) {
        return parameter.isAnnotationPresent(Nullable.class)
                || parameter.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static boolean wide(Class<?> type) {
        return type == long.class || type == Long.class;
    }

    private static boolean fits(Class<?> type, Object value) {
        if (type == String.class) {
            return value instanceof String;
        } else if (type == boolean.class || type == Boolean.class) {
            return value instanceof Boolean;
        } else if (type == int.class || type == Integer.class) {
            Long number = value instanceof Number ? TypedValues.int64(value) : null;
            return number != null && number == number.intValue();
        } else if (wide(type)) {
            return TypedValues.int64(value) != null;
        } else if (type == double.class || type == Double.class) {
            return value instanceof Number;
        } else if (type == JsonObject.class) {
            return value instanceof JsonObject;
        } else if (type == JsonArray.class || type == List.class) {
            return value instanceof JsonArray;
        }
        throw new IllegalStateException("no rule for arguments of " + type);
    }

    private static String expected(Class<?> type) {
        if (type == String.class) {
            return "a string";
        } else if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        } else if (type == int.class || type == Integer.class) {
            return "a 32-bit integer";
        } else if (wide(type)) {
            return "a 64-bit integer, or one as a decimal string";
        } else if (type == double.class || type == Double.class) {
            return "a number";
        }
        return type == JsonObject.class ? "an object" : "an array";
    }
}
