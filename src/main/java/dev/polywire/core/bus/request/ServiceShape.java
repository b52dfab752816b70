package dev.polywire.core.bus.request;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyIgnore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The required form of a message to a service, read once from the service's {@code @ProxyGen} interface (compiled with
 * {@code -parameters}): the header {@code action} names a method, the body has one field per argument.
 */
final class ServiceShape {

    /** @param element the type of a list's elements, null for any other argument */
    private record Argument(
            String name,
            ArgumentType type,
            @org.jspecify.annotations.Nullable ArgumentType element,
            boolean nullable) {}

    private final Map<String, List<Argument>> actions = new TreeMap<>();

    /** @throws IllegalArgumentException for an argument that would break the generated handler */
    ServiceShape(Class<?> service) {
        for (Method method : service.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers()) && !method.isAnnotationPresent(ProxyIgnore.class)) {
                List<Argument> arguments = new ArrayList<>();
                for (Parameter parameter : method.getParameters()) {
                    arguments.add(argument(method, parameter));
                }
                actions.put(method.getName(), arguments);
            }
        }
    }

    Set<String> actions() {
        return actions.keySet();
    }

    /**
     * @return the body as the generated handler reads it: the given one, or a copy if a long came as a decimal string
     * @throws FieldException with the name of the field that is missing, unknown or of a wrong kind
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
        int known = 0;
        for (Argument argument : arguments) {
            Object value = json.getValue(argument.name);
            known += value != null || json.containsKey(argument.name) ? 1 : 0;
            if (value == null) {
                if (!argument.nullable) {
                    throw new FieldException(argument.name, "missing");
                }
                continue;
            }
            Object taken = taken(argument.name, argument.type, value);
            if (argument.element != null) {
                taken = elements(argument.name, argument.element, (JsonArray) taken);
            }
            if (taken != value) {
                // Other consumers may read the sender's own message, so its body must not be changed.
                read = read == json ? new JsonObject(new LinkedHashMap<>(json.getMap())) : read;
                read.put(argument.name, taken);
            }
        }
        if (known < json.size()) {
            throw new FieldException(unknown(json, arguments), "unknown field");
        }
        return read;
    }

    /** The first field, by name, that is no argument. */
    private static String unknown(JsonObject json, List<Argument> arguments) {
        Set<String> fields = new TreeSet<>(json.fieldNames());
        arguments.forEach(argument -> fields.remove(argument.name));
        return fields.iterator().next();
    }

    private static JsonArray elements(String name, ArgumentType type, JsonArray list) {
        JsonArray read = list;
        for (int i = 0; i < list.size(); i++) {
            Object value = list.getValue(i);
            Object taken = taken(name + "[" + i + "]", type, value);
            if (taken != value) {
                read = read == list ? new JsonArray(new ArrayList<>(list.getList())) : read;
                read.set(i, taken);
            }
        }
        return read;
    }

    private static Object taken(String name, ArgumentType type, @org.jspecify.annotations.Nullable Object value) {
        Object taken = type.read(value);
        if (taken == null) {
            throw new FieldException(name, Fields.kind(value) + " (expected: " + type.expected() + ")");
        }
        return taken;
    }

    private static Argument argument(Method method, Parameter parameter) {
        boolean list = parameter.getType() == List.class;
        ArgumentType type = ArgumentType.of(parameter.getType());
        ArgumentType element = list ? element(parameter.getParameterizedType()) : null;
        boolean nullable = parameter.isAnnotationPresent(Nullable.class)
                || parameter.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (type == null || list && element == null) {
            throw new IllegalArgumentException("no rule for arguments like " + parameter + " of " + method);
        }
        if (nullable && (list || parameter.getType().isPrimitive())) {
            throw new IllegalArgumentException("generated handlers cannot leave out " + parameter + " of " + method);
        }
        return new Argument(parameter.getName(), type, element, nullable);
    }

    private static @org.jspecify.annotations.Nullable ArgumentType element(Type list) {
        return list instanceof ParameterizedType of && of.getActualTypeArguments()[0] instanceof Class<?> element
                ? ArgumentType.of(element)
                : null;
    }
}
