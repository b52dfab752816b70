package dev.polywire.contract;

import io.vertx.codegen.annotations.Nullable;
import io.vertx.codegen.annotations.ProxyIgnore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All services of main, found by the proxies that were generated for them, and what they take and give. */
final class Services {

    private static final String PROXY = "VertxEBProxy.class";

    private Services() {}

    static List<Class<?>> all() {
        try {
            Path classes = Path.of(Class.forName("dev.polywire.app.Main")
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(classes)) {
                return files.map(file -> classes.relativize(file).toString())
                        .filter(file -> file.endsWith(PROXY))
                        .map(file -> file.substring(0, file.length() - PROXY.length())
                                .replace('/', '.'))
                        .sorted()
                        .<Class<?>>map(Services::named)
                        .toList();
            }
        } catch (ClassNotFoundException | URISyntaxException gone) {
            throw new IllegalStateException(gone);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static List<Method> actions(Class<?> service) {
        return Arrays.stream(service.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !method.isAnnotationPresent(ProxyIgnore.class))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    /** A request that is well formed, though it may make no sense. */
    static JsonObject body(Method action) {
        JsonObject body = new JsonObject();
        for (Parameter parameter : action.getParameters()) {
            body.put(parameter.getName(), good(parameter.getParameterizedType()));
        }
        return body;
    }

    static boolean isNullable(Parameter parameter) {
        return parameter.isAnnotationPresent(Nullable.class)
                || parameter.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** What is of another type. */
    static Object bad(Parameter parameter) {
        return parameter.getType() == String.class
                ? 7
                : "no " + parameter.getType().getSimpleName();
    }

    /** What an action may answer. */
    static Object answer(Method action) {
        Type of = ((ParameterizedType) action.getGenericReturnType()).getActualTypeArguments()[0];
        return of == Void.class ? null : good(of);
    }

    private static Object good(Type type) {
        if (type == String.class) {
            return "x";
        } else if (type == int.class || type == Integer.class) {
            return 1;
        } else if (type == long.class || type == Long.class) {
            return 1L;
        } else if (type == boolean.class || type == Boolean.class) {
            return true;
        } else if (type == JsonObject.class) {
            return new JsonObject().put("a", 1);
        } else if (type == JsonArray.class) {
            return new JsonArray().add(1);
        } else if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return new JsonArray().add(good(list.getActualTypeArguments()[0]));
        }
        throw new AssertionError(type + ": this test has no value of it");
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException gone) {
            throw new IllegalStateException(gone);
        }
    }
}
