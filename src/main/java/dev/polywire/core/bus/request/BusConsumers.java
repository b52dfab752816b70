package dev.polywire.core.bus.request;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The consumers of a bus on this node; a caller waits at its reply address as one of them. The bus has no question for it, and
 * tells nobody but the caller when it fails a request itself. Vert.x 5.1.6 keeps them in a map with a name, which is read
 * here and nowhere else.
 */
public final class BusConsumers {

    private static final String MAP = "handlerMap";

    private BusConsumers() {}

    /** Whether there is a consumer at an address; always true where another Vert.x keeps them elsewhere. From any thread. */
    public static Predicate<String> of(Vertx vertx) {
        EventBus bus = vertx.eventBus();
        for (Class<?> type = bus.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(MAP)) {
                    return read(field, bus);
                }
            }
        }
        return unknown -> true;
    }

    private static Predicate<String> read(Field field, EventBus bus) {
        try {
            field.setAccessible(true);
            return field.get(bus) instanceof Map<?, ?> byAddress ? byAddress::containsKey : unknown -> true;
        } catch (IllegalAccessException | RuntimeException closed) {
            return unknown -> true;
        }
    }
}
