package dev.polywire.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The actions of handles, by their room. The list names the interfaces; the bridge uses no other part of them. */
final class RoomActions {

    private static final String LIST = "rooms.properties";

    private RoomActions() {}

    static Map<String, Set<String>> read() {
        Properties rooms = new Properties();
        Map<String, Set<String>> actions = new HashMap<>();
        try (InputStream list = RoomActions.class.getResourceAsStream(LIST)) {
            rooms.load(Objects.requireNonNull(list, LIST));
            for (String room : rooms.stringPropertyNames()) {
                actions.put(room, actions(rooms.getProperty(room).split("\\s+")));
            }
        } catch (IOException | ClassNotFoundException broken) {
            throw new IllegalStateException(LIST + ": incomplete (expected: as it was built)", broken);
        }
        return actions;
    }

    private static Set<String> actions(String[] interfaces) throws ClassNotFoundException {
        Stream<String> names = Stream.empty();
        for (String each : interfaces) {
            Class<?> room = Class.forName(each, false, RoomActions.class.getClassLoader());
            names = Stream.concat(
                    names,
                    Stream.of(room.getMethods())
                            .filter(method ->
                                    method.getParameterCount() > 0 && method.getParameterTypes()[0] == String.class)
                            .map(Method::getName));
        }
        return names.collect(Collectors.toUnmodifiableSet());
    }
}
