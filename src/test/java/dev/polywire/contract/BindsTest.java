package dev.polywire.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The bridge knows what sends items to an address that the caller names: the action {@code bind} by its name, and the address by
 * the name of its argument. No other action has an address.
 */
class BindsTest {

    @Test
    void everyBindNamesItsAddressAndNothingElseDoes() {
        List<String> binding = actions(action -> action.getName().equals("bind"));
        assertEquals(List.of("AmqpService.bind", "EventStoreService.bind", "FramedService.bind"), binding);
        assertEquals(binding, actions(BindsTest::namesAnAddress));
    }

    private static List<String> actions(Predicate<Method> wanted) {
        return Services.all().stream()
                .flatMap(service -> Services.actions(service).stream())
                .filter(wanted)
                .map(action -> action.getDeclaringClass().getSimpleName() + "." + action.getName())
                .toList();
    }

    private static boolean namesAnAddress(Method action) {
        Stream<Parameter> texts = Arrays.stream(action.getParameters()).filter(each -> each.getType() == String.class);
        return texts.anyMatch(each -> each.getName().equals("address"));
    }
}
