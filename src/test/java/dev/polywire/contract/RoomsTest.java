package dev.polywire.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The bridge knows the room of every connector: a service all of whose actions begin with the id of a handle. */
class RoomsTest {

    private static final String LIST = "/dev/polywire/bridge/rooms.properties";

    @Test
    void theBridgeHasThemAll() throws IOException {
        Properties list = new Properties();
        try (InputStream in = RoomsTest.class.getResourceAsStream(LIST)) {
            list.load(in);
        }
        Set<String> listed = new TreeSet<>();
        list.values().forEach(interfaces -> listed.addAll(Set.of(((String) interfaces).split("\\s+"))));
        Set<String> rooms = new TreeSet<>();
        Services.all().stream().filter(RoomsTest::isRoom).forEach(room -> rooms.add(room.getName()));
        assertEquals(rooms, listed);
    }

    private static boolean isRoom(Class<?> service) {
        return Services.actions(service).stream().allMatch(RoomsTest::isOfHandle);
    }

    private static boolean isOfHandle(Method action) {
        return action.getParameterCount() > 0
                && action.getParameters()[0].getName().equals("id");
    }
}
